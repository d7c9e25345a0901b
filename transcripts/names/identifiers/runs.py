"""What long numbers are: telephones, cards, documents, or nobody's (sums, years, articles of a law, counting).

RULES are asked in order and the first that applies decides. A number in words is judged like one in digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import phonenumbers

from transcripts.names.identifiers import checks
from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.identifiers.spoken import Run
from transcripts.names.lexicon import facts
from transcripts.names.mention import Label

# Where narrators come from and where they have gone; a number without a plus is read as one of these would.
_REGIONS = ("RU", "UA", "BY", "KZ", "GE", "AM", "KG", "UZ", "MD", "AZ", "US", "GB", "IL", "FR", "TR", "PL", "LT", "RS")
_FEWEST = 4  # digits of an identifier that is announced
_LONG = 7  # digits of one that is not

_WORDS = r"\W*(?:[^\W\d]+[^\w.!?]+){0,%d}$"
_LAW = re.compile(
    r"(?<!\w)(?:стать\w+|статт\w+|ст\.?|част\w+|ч\.|пункт\w*|п\.|указ\w*|закон\w*|постановлени\w+|постанов\w*"
    r"|распоряжени\w+"
    r"|приказ\w*|наказ\w*|резолюци\w+|article|section|law|act|order|decree|resolution)"
    r"\s*(?:номер|№|number|no\.?|n)?\s*$"
)
_PHONE = re.compile(
    r"(?<!\w)(?:теле?фон\w*|тел|мобил\w*|моб|сотов\w+|городск\w+|домашн\w+|звон\w+|позвон\w+|перезвон\w+|дозвон\w+"
    r"|набер\w+|набир\w+|набрать|ватсап\w*"
    r"|вотсап\w*|вацап\w*|вайбер\w*|сигнал\w*|телеграм\w*|смс|трубк\w+|дзвон\w+|подзвон\w+|зателефон\w+|стільник\w*"
    r"|мобільн\w+|whatsapp"
    r"|viber|signal|telegram|cell\w*|phone\w*|mobile|call\w*|dial\w*|tel)(?!\w)" + _WORDS % 6
)
_NUMBER = re.compile(r"(?<!\w)(?:номер(?:а|ом|у|ок)?|number)(?!\w)" + _WORDS % 3)
_DOCUMENT = re.compile(
    r"(?<!\w)(?:паспорт\w*|загран\w*|снилс\w*|инн|іпн|рнокпп|иин|іін|огрн\w*|полис\w*|поліс\w*|удостоверени\w*"
    r"|посвідченн\w*"
    r"|свидетельств\w*|свідоцтв\w*|документ\w*|сери[яюией]+|серія|серії|виз[аыу]|віз[аи]|внж|жительств\w*|военник\w*"
    r"|билет\w*"
    r"|квиток|жетон\w*|права|повестк\w+|кусп|водительск\w+|личный номер|податков\w+|ід|айди|айді|ідентифікаційн\w+"
    r"|номер дела|green card|id card|passport|visa|ssn|security"
    r"|license|licence|permit|id|tax|alien|pesel|песель|теудат\w*|jmbg|nie|kimlik|кимлик\w*)(?!\w)" + _WORDS % 5
)
_ACCOUNT = re.compile(
    r"(?<!\w)(?:карт[аыуе]|карточк\w+|карткою|картк\w+|счет\w*|счёт\w*|рахун\w+|account|iban|сбер\w*|тинькоф\w*"
    r"|monobank|реквизит\w*"
    r"|реквізит\w*)(?!\w)" + _WORDS % 5
)
UNIT = re.compile(
    r"\W{0,2}(?:руб|долл|евро|євро|грив|грн|тенге|лари|тыс|тис|млн|млрд|милл?и|мільй|мільярд|проц|відсот|челов|люд"
    r"|осіб|жител"
    r"|лет(?!\w)|год|гг|рок|рік|месяц|місяц|дн(?:ей|я|ів|і)|день|час(?:а|ов|ам|і|у)?(?!\w)|годин|мин|хвил|сек|км"
    r"|кило|кіло"
    r"|метр|га(?!\w)|гект|кг|тонн|грам|штук|раз(?:а|ів)?(?!\w)|голос|подпис|экз|градус|страниц|сторін|душ|рубл|копе"
    r"|центов"
    r"|people|persons|dollars|bucks|rubles|euros|pounds|hryv|percent|years|hours|minutes|miles|meters|metres|tons"
    r"|votes|times"
    r"|soldiers|thousand|million|[$€₽₴£%°])"
)
_CURRENCY = re.compile(r"[$€₽₴£]\s?$")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_YEARS = re.compile(r"(?:(?:1[5-9]|20)\d\d)+")
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0.,]\d{3})+(?:\s?[-–—]\s?\d{1,3}(?:[ \u00a0.,]\d{3})+)?")
_SERIES = re.compile(r"(?:№|(?<!\w)(?P<letters>[^\W\d_]{1,3})[.–-]?(?:\s*номер)?)\s*$", re.IGNORECASE)
_PASSPORT = re.compile(r"\d\d\s?\d\d[\s№-]{0,3}\d{3}\s?\d{3}|\d\d[\s№-]{0,3}\d{7}|\d{3}-\d{3}-\d{3}[ -]\d\d")


@dataclass(frozen=True)
class Case:
    """A run in its surroundings."""

    run: Run
    speech: Speech

    @cached_property
    def digits(self) -> str:
        return self.run.digits

    @cached_property
    def values(self) -> list[int]:
        """The groups as numbers, “ноль ноль” as one."""
        groups = self.run.groups
        repeated = [n for n in range(1, len(groups)) if groups[n].digits == groups[n - 1].digits == "0"]
        # Python reads no number of thousands of digits, and no rule asks for more than these.
        return [int(group.digits[:20]) for n, group in enumerate(groups) if n not in repeated]

    @cached_property
    def written(self) -> str:
        return self.speech.text[self.run.groups[0].start : self.run.end]

    @cached_property
    def before(self) -> str:
        return self.speech.before(self.run.start, 70)

    @cached_property
    def is_announced(self) -> bool:
        """Whether a word for a telephone stands before."""
        return bool(_PHONE.search(self.before))

    @cached_property
    def is_numbered(self) -> bool:
        """Whether “номер” stands before, of which there are many."""
        return bool(_NUMBER.search(self.before))

    @cached_property
    def is_called(self) -> bool:
        """Whether a word for any such number stands before."""
        return self.is_announced or bool(_DOCUMENT.search(self.before) or _ACCOUNT.search(self.before))

    @cached_property
    def is_measured(self) -> bool:
        """Whether the words around say that something is counted."""
        return bool(UNIT.match(self.speech.after(self.run.end)) or _CURRENCY.search(self.before))


def long_numbers(speech: Speech) -> Iterator[Find]:
    """Every run that is somebody's number."""
    for run in speech.runs:
        if sum(len(group.digits) for group in run.groups) < _FEWEST:
            continue
        case = Case(run, speech)
        label, sureness = next(((label, sure) for rule, label, sure in RULES if rule(case)), (None, 0.0))
        if label is not None:
            start = _series(speech, run.start) if label is Label.DOCUMENT else run.start
            yield Find(start, run.end, label, sureness=sureness)


def _series(speech: Speech, at: int) -> int:
    """Where the letters before the number of a document begin, written or by their names."""
    start = at
    while found := _SERIES.search(speech.text[max(0, start - 16) : start]):
        if at - start > 12 or not _is_series(found["letters"] or ""):
            break
        start -= len(found.group())
    return start


def _is_series(letters: str) -> bool:
    """Whether a few letters are no word: “эм”, “ВАА”, but not “is” or “ИНН”."""
    if len(letters) > 2 and not letters.isupper():
        return False
    return len(letters) < 2 or not (facts(letters, "ru").zipf > 5 or _DOCUMENT.match(letters.lower()))


def is_law(case: Case) -> bool:
    """“статья 207.3”, “указ № 647”."""
    return bool(_LAW.search(case.before[-40:]))


def is_card(case: Case) -> bool:
    """15 to 19 digits with the right last one."""
    return 15 <= len(case.digits) <= 19 and checks.luhn(case.digits) and not _GROUPED.fullmatch(case.written)


def is_account(case: Case) -> bool:
    """A Russian account has 20 digits; shorter ones are announced."""
    shaped = len(case.digits) == 20 and case.digits[0] in "234" and not case.run.said
    return shaped or (len(case.digits) >= 8 and not case.is_measured and bool(_ACCOUNT.search(case.before)))


def is_international(case: Case) -> bool:
    """“+7 …”, said or written."""
    return case.run.plus and 8 <= len(case.digits) <= 22 and not case.is_measured


def is_named_document(case: Case) -> bool:
    """A passport or the like stands before it."""
    if case.is_measured or (len(case.digits) == 4 and _YEAR.fullmatch(case.digits)):
        return False
    if case.run.thousands and len(case.digits) < 6:
        return False
    named = _DOCUMENT.search(case.before)
    return bool(named) and (len(case.digits) > _FEWEST or not case.run.said or "серия" in case.before)


def is_shaped_document(case: Case) -> bool:
    """A Russian passport or pension number by its groups."""
    return bool(_PASSPORT.fullmatch(case.written)) and len(case.run.groups) > 1


def is_valid_telephone(case: Case) -> bool:
    """Ten digits or more that some numbering plan knows."""
    if not 10 <= len(case.digits) <= 13 or case.run.thousands or _GROUPED.fullmatch(case.written):
        return False
    return is_telephone(case.digits)


def is_sum(case: Case) -> bool:
    """Money, people, distances; thousands grouped or said."""
    return (
        case.is_measured
        or case.run.thousands
        or bool(_GROUPED.fullmatch(case.written) and not (case.is_announced and len(case.digits) >= _LONG))
    )


def is_list_of_times(case: Case) -> bool:
    """Years, a timetable, counting; called a telephone or a document they are none."""
    years = bool(_YEARS.fullmatch(case.digits)) or all(_YEAR.fullmatch(group.digits) for group in case.run.groups)
    steps = {later - earlier for earlier, later in pairwise(case.values)}
    counting = len(case.values) > 3 and len(steps) == 1 and steps != {0}
    return not case.is_called and (years or counting or _is_timetable(case.values))


def is_count(case: Case) -> bool:
    """Numbers that only grow."""
    rising = len(case.values) > 2 and all(earlier < later for earlier, later in pairwise(case.values))
    return rising and not case.is_announced and "-" not in case.written


def is_announced_telephone(case: Case) -> bool:
    """Five digits are a telephone in a village."""
    return len(case.digits) >= (5 if case.is_announced else _LONG if case.is_numbered else 99)


def is_checked_document(case: Case) -> bool:
    """SNILS, INN, РНОКПП, PESEL, ИИН by their check digits."""
    proofs = {10: (checks.inn, checks.rnokpp), 11: (checks.snils, checks.pesel), 12: (checks.inn, checks.iin)}
    return any(proof(case.digits) for proof in proofs.get(len(case.digits), ()))


def is_long(case: Case) -> bool:
    """Seven digits that nothing explains; in words in four groups or with a nought, because people list numbers."""
    if not case.run.said:
        return len(case.digits) >= _LONG
    groups = case.run.groups
    nought = any(group.digits.startswith("0") for group in groups)
    return len(case.digits) >= _LONG and (nought or (len(groups) > 3 and len(case.digits) > _LONG))


RULES: tuple[tuple[Callable[[Case], bool], Label | None, float], ...] = (
    (is_law, None, 0),
    (is_list_of_times, None, 0),
    (is_card, Label.ACCOUNT, 0.9),
    (is_international, Label.PHONE, 0.9),
    (is_named_document, Label.DOCUMENT, 0.9),
    (is_account, Label.ACCOUNT, 0.9),
    (is_shaped_document, Label.DOCUMENT, 0.9),
    (is_valid_telephone, Label.PHONE, 0.9),
    (is_sum, None, 0),
    (is_count, None, 0),
    (is_announced_telephone, Label.PHONE, 0.9),
    (is_checked_document, Label.DOCUMENT, 0.9),
    (is_long, Label.PHONE, 0.5),
)


@lru_cache(maxsize=4096)
def is_telephone(digits: str) -> bool:
    """Whether the digits, country code or not, are a number that could be called."""
    return any(_is_valid(digits, region) for region in _REGIONS) or _is_valid("+" + digits.removeprefix("00"), None)


def _is_valid(digits: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, region))
    except phonenumbers.NumberParseException:
        return False


def _is_timetable(groups: list[int]) -> bool:
    hours, minutes = groups[::2], groups[1::2]
    pairs = len(groups) > 3 and len(hours) == len(minutes)
    return pairs and max(hours) < 25 and all(minute < 60 and minute % 5 == 0 for minute in minutes)
