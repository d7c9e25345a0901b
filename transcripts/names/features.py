"""What the learned finder is told of each token: features by name, of value 1 unless said. No rule, no threshold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from transcripts.names.document import Document, Token
from transcripts.names.lexicon import NO_WORD, Facts
from transcripts.names.mention import Mention
from transcripts.names.ner import SEEN, Reading

Row = Mapping[str, float]

_FREQUENT = 4.3  # Zipf: words this frequent are features themselves, as what stands beside a name
_NAMED = ("first", "surname", "patronymic", "title", "public_title", "name_word", "memorial", "place", "ordinary")
_OWN = (
    *_NAMED,
    *("known", "listed", "surname_like", "likely_surname", "likely_patronymic", "likely_place"),
    *("function", "everyday", "adjective", "latin"),
)
_STEPS = (-3, -2, -1, 1, 2, 3)
_JOINED = frozenset(
    {*("known", "unknown", "listed", "surname_like", "surname", "likely_surname", "likely_place", "place")}
    | {*("ordinary", "everyday", "function", "first", "latin", "adjective", "plur", "anim")}
)


class Features:
    """The rows of a document, one for each token. ``found``: what the other finders say."""

    def __init__(self, document: Document, found: Iterable[Mention]) -> None:
        self._document = document
        self._said: dict[tuple[int, int], list[str]] = defaultdict(list)  # in order: sets would train another model
        for one in found:
            self._said[one.passage, one.start].append(one.why)
        self._pool = _Pool(document, self._said)
        # What is said of a word in one place is said of it in all like it: most of a text is the same words.
        self._alone: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._beside: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._last: dict[_Figures, tuple[Reading, list[dict[str, float]]]] = {}

    def rows(self, tokens: range) -> list[Row]:
        """The features of the tokens, which are of one language and case regime."""
        return [self._row(at) for at in tokens]

    def _row(self, at: int) -> Row:
        token = self._document.tokens[at]
        row = dict.fromkeys(self._own(at), 1.0)
        for steps in _STEPS:
            row.update(dict.fromkeys(self._neighbour(at, steps), 1.0))
        if token.facts is not NO_WORD:
            row.update(dict.fromkeys(self._said.get((token.passage, token.start), ()), 1.0))
            row.update(dict.fromkeys(self._pool.says(at), 1.0))
        for steps in (-1, 1):
            if 0 <= at + steps < len(self._document.tokens):
                other = self._document.tokens[at + steps]
                for why in self._said.get((other.passage, other.start), ()):
                    row[f"{steps}:{why}"] = 1.0
        for names, readings in zip(_READINGS, self._document.readings, strict=True):
            if at in readings:
                reading, n = readings[at]
                row.update(self._read(names, reading)[n])
        return row

    def _read(self, names: _Figures, reading: Reading) -> list[dict[str, float]]:
        """The features of the piece a token stands in; the last piece is kept, tokens are asked for in order."""
        last = self._last.get(names)
        if last is None or last[0] is not reading:
            last = self._last[names] = (reading, names.rows(reading))
        return last[1]

    def _own(self, at: int) -> tuple[str, ...]:
        """What is known of the word, alone, as it is written and as it is led."""
        document, token = self._document, self._document.tokens[at]
        written = _written(token, document.starts_sentence(at)) if token.facts is not NO_WORD else ()
        joined = tuple(_joined(document, at)) if token.facts is not NO_WORD else ()
        key = (token.lower, token.facts.keys, written, joined)
        found = self._alone.get(key)
        if found is None:
            own = tuple(_look(token.lower, token.facts))
            shared = [name for name in own if name in _JOINED or name[:3] == "in="]
            kinds = [
                name for name in own if name in _JOINED or name[:4] == "zipf" or name[:3] == "top" or "by-use" in name
            ]
            where = written[0].removeprefix("cap") if written and written[0] != "low" else ""
            found = self._alone[key] = (
                *own,
                *written,
                *(f"{where}|{name}" for name in kinds if where),
                *joined,
                *(f"{kind}|{name}" for kind in joined if kind[:6] != "agrees" for name in shared),
            )
        return found

    def _neighbour(self, at: int, steps: int) -> tuple[str, ...]:
        """What stands so many tokens further."""
        if not 0 <= at + steps < len(self._document.tokens):
            return (f"{steps}:edge",)
        token = self._document.tokens[at + steps]
        key = (steps, token.lower, token.cased and token.capital, token.facts.keys, token.tag)
        found = self._beside.get(key)
        if found is None:
            names = [name for name in _class(token) if abs(steps) < 3 or name[:2] != "w="]
            tag = [f"tag={token.tag}"] if abs(steps) == 1 else []
            found = self._beside[key] = tuple(f"{steps}:{name}" for name in (*names, *tag))
        return found


class _Figures:
    """A reading as features."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._seen = [f"{prefix}seen{n}" for n in range(SEEN)]

    def rows(self, reading: Reading) -> list[dict[str, float]]:
        """For each word of a piece what the network sees in it, how likely it is a person, and those beside it."""
        prefix = self._prefix
        likely = reading.person.tolist()
        rough = [f"{int(begins * 3.99)},{int(goes_on * 3.99)}" for begins, goes_on in likely]
        rows = []
        for n, (seen, (begins, goes_on)) in enumerate(zip(reading.seen.tolist(), likely, strict=True)):
            row = dict(zip(self._seen, seen, strict=True))
            row[f"{prefix}person"] = begins + goes_on
            row[f"{prefix}begins={int(begins * 4.99)}"] = 1.0
            row[f"{prefix}goes-on={int(goes_on * 4.99)}"] = 1.0
            row[f"{prefix}tag={reading.tags[n]}"] = 1.0
            for steps in (-2, -1, 1, 2):
                if 0 <= n + steps < len(rough):
                    row[f"{steps}:{prefix}person={rough[n + steps]}"] = 1.0
            rows.append(row)
        return rows


_READINGS = (_Figures(""), _Figures("again:"))


def _written(token: Token, starts: bool) -> tuple[str, ...]:
    """How the word is written; in lower-case text it says nothing."""
    if not token.cased:
        return ()
    if not token.capital:
        return ("low",)
    return ("capstart" if starts else "capmid", *(("upper",) if len(token.text) > 1 and token.text.isupper() else ()))


def _joined(document: Document, at: int) -> Iterator[str]:
    """Whether it stands beside a first name or after a title, and in its case."""
    before = document.facts(at - 1)
    kinds = []
    if before.first or before.likely_patronymic:
        kinds.append("after-name")
    if document.facts(at + 1).first:
        kinds.append("before-name")
    if before.title or before.public_title or before.name_word:
        kinds.append("after-title")
    if before.memorial:
        kinds.append("after-memorial")
    if kinds and document.facts(at).cases & before.cases:
        yield f"agrees|{kinds[0]}"
    yield from kinds


class _Pool:
    """What the other places where a name of the same key stands say of it."""

    def __init__(self, document: Document, said: Mapping[tuple[int, int], list[str]]) -> None:
        self._document = document
        self._count: Counter[str] = Counter()
        self._near: Counter[str] = Counter()
        self._person: Counter[str] = Counter()
        self._found: Counter[str] = Counter()
        self._small: Counter[str] = Counter()
        for at in document.names:
            token = document.tokens[at]
            key = token.facts.keys[0]
            self._count[key] += 1
            self._near[key] += self._stands_with_name(at)
            self._person[key] += token.tag == "PER"
            self._found[key] += bool(said.get((token.passage, token.start)))
            self._small[key] += not token.capital

    def says(self, at: int) -> Iterable[str]:
        token = self._document.tokens[at]
        if token.facts.keys[:1] == () or token.facts.keys[0] not in self._count:
            return
        key = token.facts.keys[0]
        ordinary = "ordinary" if token.facts.everyday else "odd"
        yield f"count={min(3, self._count[key])}"
        yield f"persons={int(2.99 * self._person[key] / self._count[key])}"
        if self._near[key]:
            yield f"near={min(2, self._near[key])}|{ordinary}"
        if self._found[key]:
            yield f"found={int(2.99 * self._found[key] / self._count[key])}|{min(3, self._found[key])}|{ordinary}"
        if token.cased and self._small[key]:
            yield "also-small"

    def _stands_with_name(self, at: int) -> bool:
        document = self._document
        return any(
            document.is_first_name(n) or document.facts(n).likely_patronymic
            for n in (at - 1, at + 1)
            if 0 <= n < len(document.tokens)
        )


def _look(lower: str, known: Facts) -> Iterable[str]:
    """What is known of a word, wherever it stands."""
    if known is NO_WORD:
        return ("sign", f"w={lower if not lower.isdigit() else '0'}")
    return (
        "word",
        f"zipf={int(known.zipf * 1.5)}",
        f"length={_length(lower)}",
        *(name for name in _OWN if getattr(known, name)),
        *(() if known.known else ("unknown",)),
        *known.marks,
        *(f"in={case}" for case in sorted(filter(None, known.cases))),
        *(f"ends={lower[-n:]}" for n in (2, 3, 4) if len(lower) > n),
        *(("hyphen",) if "-" in lower else ()),
    )


def _length(word: str) -> int:
    """Letters, in steps beyond eight: names longer than fourteen are rare."""
    return min(len(word), 8) if len(word) < 10 else min(18, len(word) // 2 * 2)


def _class(token: Token) -> Iterable[str]:
    """What a word is to its neighbours."""
    known = token.facts
    capital = token.cased and token.capital
    word = token.lower if known.zipf >= _FREQUENT or known is NO_WORD else "*"
    return (
        f"w={'0' if word.isdigit() else word}",
        *(name for name in _NAMED if getattr(known, name)),
        *(mark for mark in known.marks if mark[:4] == "pos=" or mark[:5] == "kind="),
        *(("cap",) if capital else ()),
        *(("initial",) if capital and len(word) == 1 else ()),
    )
