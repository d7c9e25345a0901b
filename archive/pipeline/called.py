"""How others may call the narrator: what the choice of naming allows, and nothing that the text conceals."""

from __future__ import annotations

from collections.abc import Mapping

from archive.consent import Consent, Naming
from transcripts.errors import NameInTitle
from transcripts.names import Choice, Roster
from transcripts.pseudonyms import conceal_text


def called(consent: Consent, language: str, roster: Roster, choices: Mapping[str, Choice]) -> str:
    """Full name, first name or cover name; "" for none, and wherever a name would tell who is concealed."""
    own = consent.narrator.split()
    if consent.terms.naming is Naming.COVER_NAME:
        return _cover(own, roster, choices)
    allowed = {Naming.FULL_NAME: (own, own[:1]), Naming.FIRST_NAME: (own[:1],)}.get(consent.terms.naming, ())
    for words in allowed:
        if _tells_nobody(" ".join(words), language, roster, choices):
            return " ".join(words)
    return ""


def _tells_nobody(name: str, language: str, roster: Roster, choices: Mapping[str, Choice]) -> bool:
    """Whether nobody who is concealed is called so: the finders are not asked, it is the narrator's to say."""
    try:
        return conceal_text(name, language, lambda _: [], roster, choices) == name
    except NameInTitle:
        return False


def _cover(own: list[str], roster: Roster, choices: Mapping[str, Choice]) -> str:
    """The one cover name that the narrator goes by in the text; "" if there is none, or nobody knows which."""
    real = {word.casefold() for word in own}
    theirs = [one for one in roster.people if one.relation == "narrator"] or [
        one for one in roster.people if one.protected and real.intersection(one.forms)
    ]
    covers = {choices[one.key].cover for one in theirs if one.key in choices and one.is_concealed(choices)} - {""}
    cover = covers.pop() if len(covers) == 1 else ""
    return "" if real.intersection(cover.casefold().split()) else cover
