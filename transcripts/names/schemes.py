"""Latin letters read as Cyrillic ones, in each way that Russian and Ukrainian names are written.

For looking names up and for keys, not for eyes. One table for each way of writing; of what stands in it the longest is
replaced first. Lower case throughout.
"""

from __future__ import annotations

import re
import unicodedata

_HAS_LATIN = re.compile("[^\\W\\d_а-яёіїєґ]")
_MARKED = str.maketrans("čćšśżžźłëï", "ччшшжжзлеи")
_SINGLE = str.maketrans(dict(zip("abcdefghijklmnopqrstuvwyz", "абсдефгхийклмнопкрстуввиз", strict=True)) | {"x": "кс"})
_VOWELS = "ya я ia я ja я yu ю iu ю ju ю ye е je е yo е jo е "
# What betrays a way of writing, and its table.
_WAYS = (
    # German: Schtscherbakow, Michajlow, Jelzin
    ("(?:sch|[oe]wa?$|dsch)", "schtsch щ tsch ч dsch дж sch ш sh ж ch х ck к tz ц ss с x кс z ц j й " + _VOWELS),
    # Scholarly: Ščerbakov, Čechov
    ("[čšžć]|c[oe]va?$|[^aeiou]j[aeou]", "šč щ kh х ch х x х c ц j й " + _VOWELS),
    # Polish: Szczerbakow, Czernienko
    ("(?:sz|cz|ł|ż)", "szcz щ sz ш cz ч rz р ch х c ц j й " + _VOWELS),
    # French: Chtcherbakov, Iouriev, Pouchkine
    ("(?:ou|chtch|ine$)", "chtch щ tch ч iou ю ou у kh х ch ш ts ц j ж gu г qu к x кс ia я ya я yo е "),
    # English, as in passports and newspapers; “tsch” and “tch” as people abroad keep them
    (
        "",
        "shch щ tsch ч sch ш tch ч kh х zh ж ch ч sh ш ts ц tz ц ph ф ck к ay ай aya ая aye ае ayo ае ayu аю x кс "
        + _VOWELS,
    ),
)


_Scheme = tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]


def _compiled(table: str) -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = table.split()
    found = dict(zip(pairs[::2], pairs[1::2], strict=True))
    return re.compile("|".join(sorted(found, key=len, reverse=True))), found


_SCHEMES: tuple[_Scheme, ...] = tuple((re.compile(sign), *_compiled(table)) for sign, table in _WAYS)
_USUAL = ((re.compile("скии$"), "ский"), (re.compile("(?<=[ое])фф$"), "в"), (re.compile("(?<=..)ине$"), "ин"))
_ALIKE = (
    *((letter, "") for letter in "ьъ'’ʼ`-‑"),
    *((letter, "и") for letter in "йыії"),
    *((letter, "е") for letter in "эєё"),
    ("ґ", "г"), ("щ", "ш"), ("з", "с"), ("я", "иа"), ("ю", "иу"), ("ие", "е"), ("ио", "е"),
    *((hushed + "о", hushed + "е") for hushed in "чшжц"),
    *((letter * 2, letter) for letter in "абвгдежиклмнопрстуфхцчш"),
)  # fmt: skip


def cyrillic(word: str) -> str:
    """Lower-case Latin letters as Cyrillic ones, in the way they seem to be written; Cyrillic stays."""
    return _read(word, *_ways(word)[0][1:]) if _HAS_LATIN.search(word) else word


def readings(word: str) -> tuple[str, ...]:
    """What lower-case Latin letters may stand for, the likeliest way first; none twice."""
    return tuple(dict.fromkeys(_read(word, pattern, letters) for _, pattern, letters in _ways(word)))


def fold(letters: str) -> str:
    """Cyrillic letters without what transliteration loses: soft signs, й and ы, ё, doubled letters. Works on lines."""
    for written, plain in _ALIKE:
        letters = letters.replace(written, plain)
    return letters


def _ways(word: str) -> list[_Scheme]:
    return sorted(_SCHEMES, key=lambda scheme: 1 if not scheme[0].pattern else 0 if scheme[0].search(word) else 2)


def _read(word: str, pattern: re.Pattern[str], letters: dict[str, str]) -> str:
    read = pattern.sub(lambda found: letters[found.group()], word).translate(_MARKED)
    for ending, usual in _USUAL:
        read = ending.sub(usual, read.translate(_SINGLE))
    return _plain(read)


def _plain(read: str) -> str:
    """The letters without the marks of other alphabets."""
    if read.isascii() or not any(char > "ґ" or "\x80" <= char < "\u0400" for char in read):
        return read
    bare = (char if "Ѐ" <= char <= "ґ" else unicodedata.normalize("NFKD", char)[0] for char in read)
    return "".join(bare).translate(_SINGLE)
