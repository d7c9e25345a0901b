"""Direct identifiers: telephones, e-mail, handles, documents, addresses, written or spoken. Finders like the others.

Deliberately broad: seven digits in a row that are no sum, year or date count as somebody's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from transcripts.names.document import Document
from transcripts.names.lexicon import LANGUAGES, word_lists
from transcripts.names.mention import Label, Mention

_SURENESS = 0.9

_DIGITS = re.compile(r"(?:\+\s?|\(\s?)?\d(?:[\s()\u00a0.\-–]{0,3}\d){6,18}(?!\d)")
_DATE = re.compile(  # also as a recognizer writes it, with spaces
    r"\d{1,2}[. ]\d{1,2}[. ](?:19|20)\d\d|"
    r"\d{1,2}\.\d{1,2}\.(?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d|(?:1[5-9]|20)\d\d\s?[-–]\s?(?:1[5-9]|20)\d\d"
)
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0.]\d{3})+(?:\s?[-–]\s?\d{1,3}(?:[ \u00a0.]\d{3})+)?")
_UNIT = re.compile(
    r"\s?(?:руб|долл|евро|грив|грн|тыс|млн|миллион|челов|people|dollars|rubles|euros|[$€₽%])", re.IGNORECASE
)
_NAMED_DOCUMENT = re.compile(
    r"(?:паспорт\w*|загран\w*|снилс|инн|полис\w*|удостоверени\w*|карт[аы]|документ\w*|серия|номер дела|passport|card"
    r"|visa|number\?|ssn|№|#)\W*(?:[^\W\d]+\W+){0,3}$",
    re.IGNORECASE,
)
_DOCUMENT_SHAPE = re.compile(r"\d\d\s?\d\d\s?\d{6}|\d\d\s?\d{7}|\d{3}-\d{3}-\d{3}[ -]\d\d")

_PATTERNS: tuple[tuple[Label, re.Pattern[str]], ...] = (
    (Label.EMAIL, re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        Label.EMAIL,
        re.compile(
            r"(?:\w+\s(?:точка|крапка|dot|подч[её]ркивание|тире)\s)*[\w.]+\s+(?:собака|собачка|равлик|at)\s+[\w.]+"
            r"(?:\s+(?:точка|крапка|dot)\s+\w+)+",
            re.IGNORECASE,
        ),
    ),
    (Label.HANDLE, re.compile(r"(?<![\w@])@[\w.]{2,}\w|(?:https?://)?(?:t\.me|vk\.com|ok\.ru|instagram\.com|facebook\.com)/[\w./]*\w")),
    (Label.HANDLE, re.compile(r"(?<![\w@.])[a-zA-Z]\w*_\w+(?![\w@])")),
    (Label.DOCUMENT, re.compile(r"(?<!\w)[A-ZА-ЯІЇЄ]{1,2}\s?\d{3}\s?\d{3}(?:\s?\d{3})?(?!\d)")),
    (Label.DOCUMENT, re.compile(r"(?<!\w)[a-z]{1,2} \d{3} \d{3} \d{3}(?!\d)")),
    (Label.DOCUMENT, re.compile(r"№\s?\d[\d\s-]{5,}\d")),
)  # fmt: skip

_STREET = (
    r"(?<!\w)(?:ул\.?|улиц\w+|проспект\w*|просп\.|пр-т|переул\w+|пер\.|бульвар\w*|вулиц\w+|вул\.|провул\w+|набережн\w+"
    r"|шоссе|проезд\w*)"
)


def _alternatives(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


@cache
def _address_patterns() -> tuple[re.Pattern[str], ...]:
    spoken = _alternatives({word for language in LANGUAGES[:2] for word in word_lists(language).numbers})
    number = rf"(?:\d+[а-яa-z]?|{spoken}(?:\s+{spoken})*)(?!\w)"
    flat = rf"(?:,?\s*(?:кв\.|квартир\w+|apt\.?)\s*{number})"
    block = r"(?:,?\s*(?:корп\w*\.?|к\.|стр\.)\s*\d+)?"
    house = rf",?\s*(?:(?:д\.|дом\w*|буд\.|будин\w+)\s*)?{number}"
    return (
        re.compile(rf"{_STREET}\s+(?:[\w.-]+\s*){{1,3}}?{house}{block}{flat}?", re.IGNORECASE),
        re.compile(rf"(?<!\w)[\w-]+(?:\s+[\w-]+)?,?\s+(?:дом\w*\s+|д\.\s*)?{number},?\s*{flat}", re.IGNORECASE),
        re.compile(
            r"(?<!\w)\d{1,5}\s+(?:[A-Z][\w'’]+\s+){1,3}(?:Street|St|Avenue|Ave|Parkway|Place|Road|Rd|Boulevard|Blvd|Lane"
            r"|Drive|Court)\b(?:,?\s*(?:Apt\.?|Apartment|Unit|#)\s*\w+)?(?:,\s*[A-Z][a-z]+)?(?:,\s*[A-Z]{2})?(?:\s+\d{5})?"
        ),
        re.compile(r"(?<!\w)\d{1,5}\s+(?:\w+\s+){1,2}(?:street|avenue|boulevard|lane|parkway)\b"),
    )


def patterned(document: Document) -> Iterator[Mention]:
    """E-mail, handles and documents that their shape betrays."""
    for number, passage in enumerate(document.passages):
        for label, pattern in _PATTERNS:
            for match in pattern.finditer(passage.text):
                yield _mention(number, match.span(), label, match.group())


def addresses(document: Document) -> Iterator[Mention]:
    """Street, house and flat."""
    patterns = _address_patterns()
    for number, passage in enumerate(document.passages):
        for pattern in patterns:
            for match in pattern.finditer(passage.text):
                yield _mention(number, match.span(), Label.ADDRESS, match.group())


def digit_runs(document: Document) -> Iterator[Mention]:
    """Telephones and documents in digits, however they are grouped."""
    for number, passage in enumerate(document.passages):
        for match in _DIGITS.finditer(passage.text):
            named = _NAMED_DOCUMENT.search(passage.text[: match.start()][-60:])
            if named or not _is_sum_or_date(match.group(), passage.text[match.end() :]):
                label = Label.DOCUMENT if named or _DOCUMENT_SHAPE.fullmatch(match.group()) else Label.PHONE
                yield _mention(number, match.span(), label, match.group())


def spoken_numbers(document: Document) -> Iterator[Mention]:
    """Six or more numbers in a row, in words or digits, that are no sum: “восемь девятьсот двенадцать ноль ноль …”."""
    run: list[int] = []
    for at, token in enumerate(document.tokens):
        if token.text in ",-–." and run:
            continue
        if token.text.isdigit() or token.lower in document.words(at).numbers:
            run.append(at)
            continue
        yield from _spoken(document, run, token.lower)
        run = []
    yield from _spoken(document, run, "")


def _spoken(document: Document, run: list[int], after: str) -> Iterator[Mention]:
    """The run as a number, if it is one; a run over two passages gives a mention in each."""
    spelled = sum(not document.tokens[at].text.isdigit() for at in run)
    if len(run) < 6 or not spelled or after in document.words(run[-1]).multipliers:
        return
    for number in sorted({document.tokens[at].passage for at in run}):
        part = [document.tokens[at] for at in run if document.tokens[at].passage == number]
        text = document.passages[number].text[part[0].start : part[-1].end]
        yield _mention(number, (part[0].start, part[-1].end), Label.PHONE, text)


def _is_sum_or_date(digits: str, after: str) -> bool:
    if _DATE.fullmatch(digits) or _UNIT.match(after):
        return True
    return bool(_GROUPED.fullmatch(digits)) and not (digits[0] in "78" and sum(map(str.isdigit, digits)) == 11)


def _mention(number: int, span: tuple[int, int], label: Label, text: str) -> Mention:
    return Mention(number, *span, label, identifier_key(label, text), label.value, _SURENESS)


def identifier_key(label: Label, text: str) -> str:
    """Equal for one identifier however it is grouped or cased."""
    return f"{label}:{''.join(char for char in text.lower() if char.isalnum())}"


IDENTIFIER_FINDERS: tuple[Callable[[Document], Iterable[Mention]], ...] = (
    patterned,
    addresses,
    digit_runs,
    spoken_numbers,
)
