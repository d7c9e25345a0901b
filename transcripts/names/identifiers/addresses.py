"""Street and house, or house and flat, written or said: “ул. Садовая, д. 181”, “на садовой семь квартира три”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transcripts.names.identifiers.cues import ENGLISH_STREET, FLAT, LIVING, LONG_STREET, STREET, VILLAGE
from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.identifiers.spoken import months
from transcripts.names.lexicon import facts
from transcripts.names.mention import Label

# Words that cannot be the name of a street: what follows one in a story.
_NO_NAME = (
    r"(?:в|во|на|и|с|со|у|к|по|за|до|от|из|о|об|там|где|что|как|был[аои]?|стоял\w*|жил[аи]?|живу|это|уже|около"
    r"|примерно|і|й|з|та|що|де|близько"
    r"|in|on|and|of|the|a|to|at|was|is|дом\w{0,2}|д|буд\w*|кв|квартир\w+|номер)"
)
_WORD = rf"(?!{_NO_NAME}(?!\w))[^\W\d_][\w’'ʼ-]*\.?"
_NAME = rf"(?:(?:\d+(?:-?[^\W\d_]{{1,3}})?\s+)?{_WORD}(?:\s+{_WORD}){{0,2}}?)"
_LETTER = r"(?:-?[а-гa-dґ](?!\w)|\s[абг](?!\w)|\s?(?:к|корп|с|стр)\.?\s?\d+)?"
_SLASH = rf"(?:\s?(?:/|дробь|дріб|slash|-)\s?\d+{_LETTER})?"
_NUMBER = rf"(?:номер\s+|№\s?)?(?!8{{4}})\d+{_LETTER}{_SLASH}(?!\w)"
_HOUSE = r"(?:д\.?|дом\w{0,2}|домик|буд\.?|будин\w+|house)"
_FLAT = rf"(?:[\s,.;]{{0,4}}(?:и\s+)?{FLAT}\.?\s*{_NUMBER})"
_BLOCK = (
    r"(?:[\s,.;]{0,4}(?:(?:корп(?:ус\w*)?|литер\w*|блок\w*)\.?\s*(?:\d+|[а-яa-z])(?!\w)|(?:к\.?|стр\.?|строени\w+"
    r"|подъезд\w*|під[’'ʼ]?їзд\w*"
    r"|этаж\w*|поверх\w*|entrance|floor)\s*(?!8{4})\d+(?!\w)))"
)
_BEHIND = (
    rf"(?:(?P<sure>[\s,]+{_HOUSE}\s*)|(?P<comma>\s?,\s?)|[^\S\n]+)(?P<house>{_NUMBER})(?P<inside>(?:{_BLOCK}|{_FLAT})*)"
)
_STREET_FIRST = re.compile(rf"(?<!\w){STREET}\.?[\s,]+(?:имени\s+|ім\.?\s+|им\.\s+)?{_NAME}{_BEHIND}")
_NAME_FIRST = re.compile(rf"(?<!\w)(?:{_WORD}\s+)?(?:\d+-?[^\W\d_]{{1,3}}\s+)?{_WORD}\s+{STREET}\.?{_BEHIND}")
_IN_VILLAGE = re.compile(rf"(?<!\w){VILLAGE}\.?\s+{_NAME}[\s,]+{_HOUSE}\s*{_NUMBER}(?:{_BLOCK}|{_FLAT})*")
# No street, but a flat: the words before the house are the street.
_HOUSE_AND_FLAT = re.compile(rf"(?<!\w)(?:{_WORD}\s*,?\s+)?(?:{_HOUSE}\s*)?{_NUMBER}{_BLOCK}*{_FLAT}")
# Neither street nor flat, but somebody lives there and two numbers follow: “живу на Гагарина пятнадцать тридцать”.
_LIVED_IN = re.compile(
    rf"(?<!\w){LIVING}[\s,:—–-]+(?:(?:я|мы|он|она|они|тогда|теперь|сейчас|там|по|на|у|нас|ми|тоді)[\s:]+){{0,4}}"
    rf"(?P<address>(?P<name>{_WORD})[\s,]+(?P<house>\d+{_LETTER})(?:\s?[-–/,]\s?|\s)\d+(?![\w-]))"
)
_TOWN_BEFORE = re.compile(
    r"(?:(?<!\d)\d{6}[\s,]+)(?:[^\W\d_][\w. -]{0,40},\s*)?$"
    rf"|(?<!\w)(?:г\.|город|м\.|місто|квартал|{VILLAGE})\s*[\w-]+[\s,]+$|(?<!\w)(?:квартал"
    rf"|(?P<adjective>[^\W\d_]{{4,}}))\s$"
)
_NO_ENGLISH = (
    r"(?:in|on|at|of|the|a|an|to|and|or|from|by|with|for|people|men|women|guys|kids|cars|years?|days?|miles?|one|way"
    r"|lane|this|that|our|their"
    r"|my|his|her|its|your|per|hours?|minutes?|blocks?|houses?|was|were|is|are|more|other|different|big|small|long"
    r"|little|over|times|square|meters?)"
)
_ENGLISH_WORD = rf"(?!{_NO_ENGLISH}(?!\w))[^\W\d_][\w'’-]*\.?"
_TOWN = r"(?:\s?,\s?|\s)[^\W\d_]+(?:\s[^\W\d_]+)?"
_ENGLISH = re.compile(
    rf"(?<![\w.,])(?<!\d )(?P<house>(?:9{{3,}}\s)?(?!8{{4}})\d+[a-d]?)\s+(?:(?:{_ENGLISH_WORD}|\d+(?:st|nd|rd|th)"
    rf"|8{{4,}})\s+){{1,3}}?{ENGLISH_STREET}(?!\w)\.?"
    rf"(?P<inside>[\s,]+(?:apt|apartment|unit|flat|suite|number|room|#)\.?\s*#?\s*[\w-]+(?:\s[b-h](?!\w))?)?"
    rf"(?P<town>(?:{_TOWN}){{1,2}}?(?:(?:\s?,?\s[a-z]{{2}})?\s?,?\s(?!99999)\d{{5}}(?!\d)"
    rf"|\s?,?\s[a-z]{{1,2}}\d{{1,2}}[a-z]?\s?\d[a-z]{{2}}(?!\w)|\s?,\s[a-z]{{2}}(?!\w)))?"
)
_APARTMENT_FIRST = re.compile(
    rf"(?<!\w)(?:apartment|apt\.?|flat|unit)\s+\w*\d\w*[\s,]+(?:at\s+"
    rf"|in\s+)?\d+\s+(?:{_ENGLISH_WORD}\s+){{1,3}}?{ENGLISH_STREET}(?!\w)"
)
_LONG_STREET = re.compile(
    rf"(?<!\w){LONG_STREET}\s*,?\s*\d+[a-d]?(?!\w)|(?<!\w)\d+,?\s+(?:bis\s+)?(?:rue|(?:avenue|boulevard"
    rf"|place)(?=\s+d[eu]s?\s))\s+(?:de\s+la\s+|d[eu]s?\s+)?[^\W\d_][\w'’-]+"
)
_SURE = (
    (_IN_VILLAGE, "village"),
    (_HOUSE_AND_FLAT, "flat"),
    (_APARTMENT_FIRST, "flat"),
    (_LONG_STREET, "long street"),
)
_TOWN_AFTER = re.compile(r",\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)?(?=[,.;]|$)")
_NEXT_WORD = re.compile(r"\s?(?P<dash>[-–—]?)\s?(?P<word>[^\W\d_]+)")
_LIVING = re.compile(r"(?<!\w)(?:live|lives|lived|living|at|address|address is|moved to|house)\W+(?:\w+\W+)?$")
_THOUSANDS = re.compile("тысяч|тисяч|миллион|мільйон|тыщ")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def addresses(speech: Speech) -> Iterator[Find]:
    """Places that a person could be found at."""
    for pattern, cue in _SURE:
        for match in speech.search(pattern, speech.figures, cue):
            yield Find(_start(speech, match.start()), match.end(), Label.ADDRESS)
    for pattern in (_STREET_FIRST, _NAME_FIRST):
        for match in speech.search(pattern, speech.figures, "street"):
            if match["sure"] or match["inside"] or _is_house(speech, match):
                yield Find(_start(speech, match.start()), match.end(), Label.ADDRESS)
    for match in speech.search(_LIVED_IN, speech.figures, "living"):
        if _is_street(match["name"]) and _ends_there(speech, match.end()):
            yield Find(*match.span("address"), Label.ADDRESS)
    yield from _english(speech)


def _is_street(name: str) -> bool:
    """Whether a word could be the name of a street: “Садовая”, “Гагарина”."""
    known = facts(name, "ru")
    return known.adjective or known.surname


def _ends_there(speech: Speech, at: int) -> bool:
    """Whether a number counts nothing: “пять шесть лет”, “две или три недели”, “двадцать тысяч”."""
    after = _NEXT_WORD.match(speech.figures, at)
    return after is None or (facts(after["word"], "ru").function and after["word"] not in ("или", "чи"))


def _english(speech: Speech) -> Iterator[Find]:
    """House first."""
    for match in speech.search(_ENGLISH, speech.figures, "english street"):
        if match["inside"] or match["town"] or _is_english_house(speech, match):
            town = _TOWN_AFTER.match(speech.text, match.end())
            yield Find(match.start(), town.end() if town else match.end(), Label.ADDRESS)


def _start(speech: Speech, at: int) -> int:
    """Where an address begins: the code, the town or village and the first half of the street's name belong to it."""
    before = _TOWN_BEFORE.search(speech.before(at))
    if before is None or (before["adjective"] and not facts(before["adjective"], "ru").adjective):
        return at
    return at - len(before.group())


def _is_house(speech: Speech, match: re.Match[str]) -> bool:
    """Not so where the number belongs to the word after it: “на улице Мира три человека”, “2 марта”, “1917 год”."""
    house = speech.text[match.start("house") : match.end("house")]
    if _YEAR.fullmatch(house) or _THOUSANDS.search(house):
        return False
    after = _NEXT_WORD.match(speech.figures, match.end("house"))
    name = re.findall(r"[^\W\d_]{3,}", speech.lower[match.start() : match.start("house")])
    if not match["comma"] and any(facts(word, "ru").function for word in name):
        return False
    if after is None:
        return True
    word = after["word"]
    if after["dash"] or re.fullmatch(months(), word):
        return False
    known = facts(word, "ru")
    return (
        bool(match["comma"] and after.group()[0] in "\n,.")
        or known.function
        or known.lemma in ("", word)
        or len(word) < 2
    )


def _is_english_house(speech: Speech, match: re.Match[str]) -> bool:
    """A number in words, or one like a year, needs somebody who lives there: “two narrow streets”, “2006 court”."""
    house = speech.text[match.start("house") : match.end("house")]
    sure = house[0].isdigit() and not _YEAR.fullmatch(house)
    return sure or bool(_LIVING.search(speech.before(match.start("house"), 30)))
