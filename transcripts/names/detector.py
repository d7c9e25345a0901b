"""All finders over one document, in one loop each, and what is left when their findings are put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from transcripts.names.document import Document
from transcripts.names.figures import PublicFigures, well_known
from transcripts.names.finders import FINDERS
from transcripts.names.identifiers import IDENTIFIER_FINDERS
from transcripts.names.learned import Learned, learned, shipped_models, weighed
from transcripts.names.mention import IDENTIFIERS, Label, Mention, Passage
from transcripts.names.plain import Plain, plain
from transcripts.names.protected import protected_names
from transcripts.names.spread import GUESSES, PARTS


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Sureness above which a name is proposed for concealment, and above which a person is asked."""

    conceal_above: float = 0.2
    ask_above: float = 0.05


class Detector:
    """Finds every mention of a name and every direct identifier. ``figures`` None: public figures are like anybody."""

    def __init__(
        self, figures: PublicFigures | None, thresholds: Thresholds = Thresholds(), models: Learned | None = None
    ) -> None:
        self.thresholds = thresholds
        self._figures = figures
        self._learned = models or shipped_models()

    def find(self, passages: Sequence[Passage], protected: Sequence[str] = ()) -> list[Mention]:
        """All mentions in order, none overlapping. Those with why="public-figure" are to be kept.

        ``protected`` is the narrator's list: names, or identifiers, found in every form and spelling; surer than all.
        """
        read = [plain(passage.text) for passage in passages]
        plainly = [replace(passage, text=one.text) for passage, one in zip(passages, read, strict=True)]
        return [_placed(one, read[one.passage]) for one in self.judge(Document(plainly, protected))]

    def judge(self, document: Document) -> list[Mention]:
        """All mentions in a document whose text is plain, as ``find`` tells them."""
        by_rule = evidence(document)
        likely = self._learned.likely(document, by_rule)
        found = [*weighed(document, likely, [*by_rule, *well_known(document)]), *learned(document, likely, by_rule)]
        found += list(chain.from_iterable(find(document) for find in IDENTIFIER_FINDERS))
        guesses = chain.from_iterable(spread(document, found) for spread in GUESSES)
        found += list(weighed(document, likely, guesses))
        found += list(chain.from_iterable(spread(document, found) for spread in PARTS))
        listed = list(protected_names(document))
        sure = [one for one in united([*found, *listed]) if one.sureness > self.thresholds.ask_above]
        settled = _one_key_each(document, sure)
        return settled if self._figures is None else self._figures.kept(document, settled)


def _placed(mention: Mention, read: Plain) -> Mention:
    """The mention where it stands in the text as it was written, with invisible characters and stress marks."""
    start, end = read.span(mention.start, mention.end)
    return mention if (start, end) == (mention.start, mention.end) else replace(mention, start=start, end=end)


def evidence(document: Document) -> list[Mention]:
    """What the finders by rule say, from which the learned one goes on."""
    return list(chain.from_iterable(find(document) for find in FINDERS))


def united(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions in order; those that overlap become one that covers them all and is called what the surest is."""
    whole: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: one.place):
        last = whole[-1] if whole else None
        if last is None or last.passage != mention.passage or mention.start >= last.end:
            whole.append(mention)
            continue
        surest = max(last, mention, key=lambda one: (one.label in IDENTIFIERS, one.sureness))
        whole[-1] = replace(surest, start=last.start, end=max(last.end, mention.end))
    return whole


def _one_key_each(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions with one key per name: a form of several names is of the one that other mentions name.

    “Морозов” is of Морозов or of the family Мороз; where only Зоя Мороз is named otherwise, it is hers.
    """
    forms = {(token.passage, token.start, token.end): token.facts.keys for token in document.tokens}
    own = [forms.get((one.passage, one.start, one.end), ()) for one in mentions]
    clear = Counter(keys[0] for one, keys in zip(mentions, own, strict=True) if one.key in keys and len(keys) == 1)
    return [
        replace(one, key=max(keys, key=lambda key: clear[key]))
        if one.label is Label.SURNAME and one.key in keys
        else one
        for one, keys in zip(mentions, own, strict=True)
    ]
