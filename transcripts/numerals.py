"""Numbers said in words: 41 is "сорок один", the 41st "сорок первый", 1941 "тысяча девятьсот сорок первый".

Russian and Ukrainian, cardinals, collective numerals ("двое") and ordinals up to 9,999, by the dictionary forms of
their words. Not here: fractions, "полтора", "оба", a thousand counted in hundreds, English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_RU = (
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать"
    " пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
    "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
    "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
    "тысяча",
)
_RU_ORDINAL = (
    "нулевой первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый одиннадцатый двенадцатый"
    " тринадцатый четырнадцатый пятнадцатый шестнадцатый семнадцатый восемнадцатый девятнадцатый",
    "двадцатый тридцатый сороковой пятидесятый шестидесятый семидесятый восьмидесятый девяностый",
    "сотый двухсотый трехсотый четырехсотый пятисотый шестисотый семисотый восьмисотый девятисотый",
    "тысячный двухтысячный трехтысячный четырехтысячный пятитысячный шеститысячный семитысячный восьмитысячный"
    " девятитысячный",
)
_RU_COLLECTIVE = "двое трое четверо пятеро шестеро семеро восьмеро девятеро десятеро"
_UK = (
    "нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять чотирнадцять"
    " п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять",
    "двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто",
    "сто двісті триста чотириста п'ятсот шістсот сімсот вісімсот дев'ятсот",
    "тисяча",
)
_UK_ORDINAL = (
    "нульовий перший другий третій четвертий п'ятий шостий сьомий восьмий дев'ятий десятий одинадцятий дванадцятий"
    " тринадцятий чотирнадцятий п'ятнадцятий шістнадцятий сімнадцятий вісімнадцятий дев'ятнадцятий",
    "двадцятий тридцятий сороковий п'ятдесятий шістдесятий сімдесятий вісімдесятий дев'яностий",
    "сотий двохсотий трьохсотий чотирьохсотий п'ятисотий шестисотий семисотий восьмисотий дев'ятисотий",
    "тисячний двотисячний тритисячний чотиритисячний п'ятитисячний шеститисячний семитисячний восьмитисячний"
    " дев'ятитисячний",
)
_UK_COLLECTIVE = "двоє троє четверо п'ятеро шестеро семеро восьмеро дев'ятеро десятеро"
LARGEST = 9_999


@dataclass(frozen=True, slots=True)
class _Language:
    """Words by their values; thousands are counted ("две тысячи") but for the ordinals of whole ones."""

    cardinals: dict[int, str]
    collectives: dict[int, str]
    ordinals: dict[int, str]


def _values(ranks: Sequence[str]) -> dict[int, str]:
    small, tens, hundreds, *thousands = (rank.split() for rank in ranks)
    return {
        **dict(enumerate(small)),
        **{10 * count: word for count, word in enumerate(tens, 2)},
        **{100 * count: word for count, word in enumerate(hundreds, 1)},
        **{1_000 * count: word for count, word in enumerate(thousands[0], 1)},
    }


_LANGUAGES = (
    _Language(_values(_RU), dict(enumerate(_RU_COLLECTIVE.split(), 2)), _values(_RU_ORDINAL)),
    _Language(_values(_UK), dict(enumerate(_UK_COLLECTIVE.split(), 2)), _values(_UK_ORDINAL)),
)
_WORTH = {word: value for language in _LANGUAGES for value, word in language.cardinals.items()}
_LAST_WORTH = _WORTH | {
    word: value
    for language in _LANGUAGES
    for value, word in (*language.collectives.items(), *language.ordinals.items())
}
_ORDINALS = frozenset(word for language in _LANGUAGES for word in language.ordinals.values())


def in_words(number: int, ordinal: bool = False) -> list[list[tuple[str, ...]]]:
    """How a number is said, one list for each way: word by word, each as the dictionary forms that may stand there.

    The last word may be a cardinal, a collective or an ordinal one; with ``ordinal`` it is an ordinal.
    """
    if not 0 <= number <= LARGEST:
        return []
    return [way for language in _LANGUAGES for way in _ways(number, language, ordinal)]


def value(words: Sequence[Sequence[str]]) -> int | None:
    """The number that words say, each given by its dictionary forms; None if they say none ("пять шесть")."""
    total, room = 0, LARGEST + 1  # what comes next must be worth less than ``room``
    for place, forms in enumerate(words):
        table = _LAST_WORTH if place == len(words) - 1 else _WORTH
        worths = {table[form] for form in forms if form in table}
        if len(worths) != 1:
            return None
        (worth,) = worths
        if worth == 1_000 and total in range(1, 10):
            total, room = total * 1_000, 1_000
        elif worth < room and (worth or not place):
            total += worth
            room = _room(worth)
        else:
            return None
    return total if words else None


def is_ordinal(words: Sequence[Sequence[str]]) -> bool:
    """Whether the last of the words, each given by its dictionary forms, is an ordinal one."""
    return any(form in _ORDINALS for form in words[-1])


def locative(ordinal: str) -> str:
    """A masculine ordinal as it follows "в": "первый" as "первом", "третій" as "третьому"."""
    stem, end = ordinal[:-2], ordinal[-2:]
    if stem == "трет":
        return "третьем" if end == "ий" else "третьому"
    return stem + ("ом" if end in ("ый", "ой") else "ому")


def _room(worth: int) -> int:
    """After hundreds come tens or less, after tens units, after units and teens only "тысяча"."""
    if worth % 1_000 == 0 and worth:
        return 1_000 if worth == 1_000 else 0
    if worth >= 100:
        return 100
    return 10 if worth >= 20 else 0


def _ways(number: int, language: _Language, ordinal: bool) -> list[list[tuple[str, ...]]]:
    *before, last = _parts(number)
    way = [(language.cardinals[part],) for part in before]
    if last != 1_000 or not before:
        counts = (
            [] if ordinal else [words[last] for words in (language.cardinals, language.collectives) if last in words]
        )
        return [[*way, (*counts, language.ordinals[last])]]
    # "две тысячи", but "двухтысячный".
    ways: list[list[tuple[str, ...]]] = [[(language.ordinals[number],)]]
    return ways if ordinal else [[*way, (language.cardinals[last],)], *ways]


def _parts(number: int) -> list[int]:
    """1941 as 1000, 900, 40, 1; 2003 as 2, 1000, 3."""
    thousands, rest = divmod(number, 1_000)
    parts = [*([thousands] if thousands > 1 else []), *([1_000] if thousands else [])]
    hundreds, rest = divmod(rest, 100)
    parts += [100 * hundreds] if hundreds else []
    if rest >= 20:
        parts += [rest // 10 * 10, *([rest % 10] if rest % 10 else [])]
    elif rest or not parts:
        parts.append(rest)
    return parts
