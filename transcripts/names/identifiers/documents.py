"""Documents with letters in them, car plates, numbers of cases. Numbers of digits alone are in runs.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transcripts.names.identifiers.runs import UNIT
from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.mention import Label

# Letters that Cyrillic and Latin plates share.
_BOTH = "авекмнорстухabekmhopctyx"
_UNITS = r"(?!\s?(?:км|кв|кг|см|мм|мл|га|тыс|руб|млн|грн|км2))"
_ANNOUNCED = (
    r"(?<!\w)(?:паспорт\w*|загран\w*|удостоверени\w*|посвідченн\w*|свидетельств\w*|свідоцтв\w*|военник\w*|билет\w*"
    r"|квиток|жетон\w*"
    r"|личный номер|серия|серії|серія|виз[аыу]|внж|жительств\w*|прав[а]?|passport|card|visa|license|licence|permit"
    r"|alien|nie"
    r"|karta|ausweis\w*|id number|document)(?!\w)[\s,:—–-]*(?:[^\W\d]{2,}[\s,:—–-]+){0,4}?(?:№\s*)?"
)
_DOCUMENTS = (
    # By shape alone, with capitals: military ID, foreign and Ukrainian passports; green card.
    re.compile(r"(?<!\w)[A-ZА-ЯІЇЄ]{2}\s?№?\s?\d{3}\s?\d{3}\d?(?!\d)"),
    re.compile(r"(?<!\w)[A-Z]\s?№?\s?\d{3}\s?\d{3}(?:\s?\d{3})?(?!\d)"),
)
_DOCUMENTS_LOWER = (
    re.compile(r"(?<!\w)[a-z]{1,2} \d{3} \d{3} \d{3}(?!\d)"),
    re.compile(r"(?<!\w)(?:[a-z]{2}|[а-яіїє]{2})\d{6,7}(?!\d)"),
    re.compile(r"(?<!\w)\d{7}[a-z]\d{3}[a-z]{2}\d(?!\w)"),  # personal number of Belarus
    re.compile(r"(?<!\w)[ivxіх]{1,5}\s?-\s?[а-яіїє]{2}\s*(?:№|номер)?\s*\d{6}(?!\d)"),  # certificate of birth
    re.compile(
        rf"{_ANNOUNCED}(?P<it>(?=[a-zа-яіїє\d-]*\d[a-zа-яіїє\d-]*\d[a-zа-яіїє\d-]*\d)(?=[\d-]*[a-zа-яіїє])[a-zа-яіїє\d-]{{6,}})"
    ),
    re.compile(r"№\s?\d[\d\s-]{5,}\d"),
)
_PLATES = (
    re.compile(rf"(?<!\w)[{_BOTH}]\d{{3}}[{_BOTH}]{{2}}(?:\s?\d{{2,3}}(?!\d))?(?:\s?(?:rus|рус|регион\w*))?(?!\w)"),
    re.compile(rf"(?<!\w)[{_BOTH}]\s\d{{3}}\s{_UNITS}[{_BOTH}]{{2}}\s\d{{2,3}}(?:\s(?:rus|рус|регион\w*))?(?!\w)"),
    re.compile(rf"(?<!\w)[{_BOTH}і]{{2}}\d{{4}}[{_BOTH}і]{{2}}(?!\w)"),
    re.compile(rf"(?<!\w)\d{{4}}\s?[{_BOTH}і]{{2}}-[1-8](?!\w)"),
    re.compile(
        r"(?<!\w)(?:гос\.?\s?номер\w*|госзнак\w*|номер(?:ной знак|ний знак|а|ом|ами)?\s+(?:машин\w+|авто\w*)"
        r"|номерной знак|номерний знак"
        r"|(?:машин\w+|авто\w*|жигул\w+|лад[аыу]|ваз\w*|микроавтобус\w*|бус)(?:\s[^\W\d]+){0,2}\s(?:с|з|под"
        r"|із)?\s?номер\w+|plates?|licen[sc]e plates?)"
        r"(?!\w)[\s,:—–-]*(?:[^\W\d]{4,}[\s,:—–-]+|был\w?\s|is\s|was\s){0,2}?"
        r"(?P<it>(?:[^\W\d_]{1,3}[\s,-]{0,2}){0,3}\d+(?:[\s,-]{0,2}[^\W\d_]{1,3}(?!\w)){0,3}(?:[\s,-]{0,2}\d+(?!\w))?(?:\s(?:rus|рус|регион\w*))?)"
    ),
)
_PLATES_CAPITAL = (
    re.compile(r"(?<!\w)[АВЕІКМНОРСТХABEIKMHOPCTX]{2}\s\d{4}\s[АВЕІКМНОРСТХABEIKMHOPCTX]{2}(?!\w)"),
    re.compile(r"(?<!\w)[A-Z]{2}-\d{3}-[A-Z]{2}(?!\w)"),
)
_CASES = (
    re.compile(
        r"(?<!\w)(?:дел[оауе]м?|справ[аиуі]|производств\w*|провадженн\w*|протокол\w*|материал\w*|case|file|камер[аеуы])"
        r"(?:\s+(?:уголовн|административн|гражданск|кримінальн|criminal)\w*)?\s*(?:номер|№|number|no\.?|n)\s*:?\s*"
        r"(?P<it>[\dа-яіїєa-z]{0,4}\d+[а-яіїєa-z]{0,2}(?:(?:-[a-z]{2})?(?:[:.]|\s?(?:[-/–]|дробь|тире|дефис|slash"
        r"|dash)\s?)"
        r"[\dа-яіїєa-z]*\d[\dа-яіїєa-z]*)+|\d{5,})"
    ),
)


def documents(speech: Speech) -> Iterator[Find]:
    """Documents, plates and cases."""
    near, far = (12, 30), (70, 30)  # code points around a number: by shape alone, or with what announces it
    places = (
        (_DOCUMENTS, speech.text, near, Label.DOCUMENT),
        (_DOCUMENTS_LOWER[:-2], speech.lower, near, Label.DOCUMENT),
        (_DOCUMENTS_LOWER[-2:], speech.lower, far, Label.DOCUMENT),
        (_CASES, speech.figures, far, Label.DOCUMENT),
        (_PLATES[:-1], speech.lower, near, Label.PLATE),
        (_PLATES[-1:], speech.figures, far, Label.PLATE),
        (_PLATES_CAPITAL, speech.text, near, Label.PLATE),
    )
    for patterns, text, width, label in places:
        for pattern in patterns:
            for match in speech.search(pattern, text, "number", width):
                span = match.span("it" if "it" in pattern.groupindex else 0)
                if not UNIT.match(speech.after(span[1])):
                    yield Find(*span, label)
