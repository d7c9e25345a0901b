"""Direct identifiers, written or said: telephones, e-mail, handles, documents, accounts, addresses, days of birth.

One file for each kind, one list (KINDS) and one loop. Deliberately broad where people are at risk: a long number that
is no sum, date, article of a law or count is somebody's. ``identifiers`` is a finder like those of names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from transcripts.names.document import Document
from transcripts.names.identifiers.accounts import accounts
from transcripts.names.identifiers.addresses import addresses
from transcripts.names.identifiers.births import births
from transcripts.names.identifiers.documents import documents
from transcripts.names.identifiers.emails import emails
from transcripts.names.identifiers.handles import handles
from transcripts.names.identifiers.listed import identifier_key, listed
from transcripts.names.identifiers.runs import long_numbers
from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.mention import Mention, Passage

__all__ = ["IDENTIFIER_FINDERS", "identified", "identifier_key", "identifiers"]

KINDS: tuple[Callable[[Speech], Iterable[Find]], ...] = (
    emails,
    handles,
    long_numbers,
    documents,
    accounts,
    addresses,
    births,
    listed,
)


def identifiers(document: Document) -> Iterator[Mention]:
    """The identifiers of a document."""
    yield from identified(document.passages, document.protected)


def identified(passages: Sequence[Passage], protected: Sequence[str] = ()) -> Iterator[Mention]:
    """Every identifier; one that is cut by the end of a turn gives a mention in each."""
    speech = Speech(passages, protected)
    for kind in KINDS:
        for find in kind(speech):
            why = find.why or find.label.value
            key = find.key or identifier_key(find.label, speech.text[find.start : find.end])
            for place in speech.split(find):
                yield Mention(*place, find.label, key, why, find.sureness)


IDENTIFIER_FINDERS: tuple[Callable[[Document], Iterable[Mention]], ...] = (identifiers,)
