"""E-mail addresses, written or said: “тулупов точка эс собака мейл точка ру”, “olga underscore p at gmail dot com”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from transcripts.names.identifiers.cues import AT, DOT
from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.lexicon import CYRILLIC
from transcripts.names.mention import Label

# What is said for the signs inside an address.
SIGN = (
    rf"(?:{DOT}|нижн\w+\s+подч[её]ркивани\w+|подч[её]ркивани\w+|нижн\w+\s+ч[её]рточк\w+|нижн\w+\s+тире"
    rf"|нижн\w+\s+підкресленн\w+"
    r"|підкресленн\w+|андерскор\w*|underscore|тире|дефис|дефіс|минус|мінус|dash|hyphen|minus)"
)
_AT = re.compile(rf"[\[(]\s?(?:at|собака)\s?[\])]|(?<!\w){AT}(?!\w)|@")
_WORD_AT = frozenset(("at", "эт", "ет"))
_DOT = rf"(?:{DOT}|[\[(]\s?dot\s?[\])])"
_PAUSE = r"(?:[\s,….–—-]{0,6}(?:(?:э+м*|м{2,}|ну|эм|ем|uh+|um+|так|потом|далі|then)(?!\w))?[\s,….–—-]{0,6})"
_ENDINGS = (
    r"(?:ру|ком|нет|орг|юа|бай|кз|рф|уа|ми|мэ|мі|де|инфо|айо|com|ru|net|org|ua|by|kz|me|de|ge|am|il|info|eu|io|edu"
    r"|gov|uk|us|fr|pl"
    r"|lt|lv|ee|rs|cz|ch|es|it|tr|cy|fi|md|az|kg|uz|su)"
)
_PROVIDERS = (
    r"(?:gmail|g\s?mail|гмейл|гмэйл|гмаил|джимейл|джимэйл|джи\s?мейл|жмейл|mail|мейл|мэйл|маил|майл|яндекс|yandex|ya"
    r"|рамблер|rambler|протон"
    r"\s?мейл|протонмейл|протонмэйл|протон|proton\s?mail|protonmail|proton|yahoo|яху|hotmail|хотмейл|outlook|аутлук"
    r"|icloud|айклауд|айклоуд"
    r"|укр\s?нет|ukr|list|лист|bk|inbox|инбокс|tutanota|тутанота|gmx|aol|live|riseup|me|i|ай)"
)
_WRITTEN = r"[\s,…]{0,4}[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,6}(?!\w)"
_NEAR = (
    rf"{_PAUSE}{_PROVIDERS}[\s,.]+{_ENDINGS}(?!\w)"
    rf"|{_PAUSE}(?:[\w-]+\s+)?[\w-]+(?:{_PAUSE}{_DOT}{_PAUSE}[\w-]+){{0,3}}{_PAUSE}{_DOT}{_PAUSE}{_ENDINGS}(?!\w)"
)
_LETTER = r"(?:эй|би|си|ди|эф|джи|эйч|ай|джей|кей|эл|эм|эн|оу|пи|ар|эс|ти|ю|ви|вэ|бэ|гэ|дэ|ка|пэ|тэ|эр|зэт|икс|и)"
_DOMAIN = re.compile(
    rf"{_WRITTEN}|{_NEAR}"
    rf"|{_PAUSE}(?:[\w-]+\s+){{0,2}}?[\w-]+(?:{_PAUSE}{_DOT}{_PAUSE}\w[\w-]{{1,6}}(?!\w)){{1,4}}(?:\s{_LETTER}(?!\w)){{0,2}}"
)
_DOMAIN_AFTER_AT = re.compile(rf"[\s,…]{{0,4}}{_PROVIDERS}\.[a-z]{{2,3}}(?!\w)|{_NEAR}")
_TOKEN = re.compile(rf"(?<!\w){SIGN}(?!\w)|[^\W_]+(?:[_+.-]+[^\W_]+)*[._+-]*|_+|\S")
_IS_SIGN = re.compile(SIGN)
_ANNOUNCING = frozenset(
    """
    значит так ну вот короче well so okay почта почту почте почты почтой мейл имейл емейл имэйл email e-mail mail
    мыло мыле ящик ящика адрес адреса адресу электронка электронку электронке электронная электронной пишите
    напишите пиши напиши шлите на это такой такая такое мой моя моё будет запишите записывайте отправьте отправь
    скинь скиньте есть он она вот пошта пошту пошті скринька адреси пишіть запишіть надсилайте це моя address is
    it's it’s its s to me at write reach was my here it the у меня неё нее него нас них нам мне ему ей ім неї нього
    мене
    """.split()  # noqa: SIM905
)
_ANNOUNCED = re.compile(r"(?<!\w)(?:e?-?mail|address|почт|имейл|емейл|мыл|пошт|адрес|write|reach)")
_PAUSES = frozenset(",.…-–")
_WRITTEN_WHOLE = re.compile(r"[\w.+-]*[\w+]@[\w-]+(?:\.[\w-]+)+")
_WIDTH = 140
_MOST_WORDS = 3  # before the first sign, if an announcing word stands before them


def emails(speech: Speech) -> Iterator[Find]:
    """Every sign or word for “at” with a domain behind it, and what stands before."""
    for match in speech.search(_WRITTEN_WHOLE, speech.lower, "at"):
        yield Find(*match.span(), Label.EMAIL)
    for match in speech.search(_AT, speech.lower, "at", (2, 9)):
        before = speech.figures[max(0, match.start() - _WIDTH) : match.start()]
        sure = match.group() not in _WORD_AT or _ANNOUNCED.search(before)
        domain = (_DOMAIN if sure else _DOMAIN_AFTER_AT).match(speech.figures, match.end(), match.end() + _WIDTH)
        written = match.group() == "@" and not (before[-1:].isspace() and speech.lower[match.end()].isspace())
        if domain is not None and not written and (length := _length(before)):
            yield Find(match.start() - length, domain.end(), Label.EMAIL)


def _length(before: str) -> int:
    """How many code points at the end of a text belong to an address that goes on after it; 0 if none can."""
    tokens = list(_TOKEN.finditer(before))
    words = [token.group() for token in tokens]
    if not words or words[-1] in _ANNOUNCING:
        return 0
    first = _joined(words, bool(CYRILLIC.search(before)))
    if first < len(words):
        first = _announced(words, first, whole=len(before) < _WIDTH)
    return len(before) - tokens[first].start() if first < len(tokens) else 0


def _joined(words: Sequence[str], mixed: bool) -> int:
    """Where the words begin that surely belong to the address: signs join them, or they are spelled."""
    first, joined = len(words), True
    for n in range(len(words) - 1, -1, -1):
        if words[n] in _PAUSES:
            continue
        before = next((word for word in reversed(words[:n]) if word not in _PAUSES), "")
        is_sign = bool(_IS_SIGN.fullmatch(words[n]))
        if not is_sign and not joined and not _IS_SIGN.fullmatch(before) and not _is_spelled(words[n], mixed):
            break
        if not is_sign and not (words[n][0].isalnum() or words[n][0] == "_"):
            break
        first, joined = n, is_sign
    return first


def _announced(words: Sequence[str], first: int, *, whole: bool) -> int:
    """Where the address begins if what announces it, or the beginning, is at most a few words before ``first``."""
    start, taken = first, 0
    for n in range(first - 1, -1, -1):
        if words[n] in _PAUSES:
            continue
        if words[n] in _ANNOUNCING or not words[n][0].isalnum():
            return start
        start, taken = n, taken + 1
        if taken > _MOST_WORDS:
            return first
    return start if whole else first


def _is_spelled(token: str, mixed: bool) -> bool:
    """A number, a letter, or Latin letters among Cyrillic ones; no word that announces."""
    return token not in _ANNOUNCING and (token[-1].isdigit() or len(token) < 2 or (mixed and token.isascii()))
