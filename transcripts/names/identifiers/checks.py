"""Check digits of cards, accounts and state numbers: few have them right by chance. Digits in, yes or no out."""

from __future__ import annotations

from datetime import date


def luhn(digits: str) -> bool:
    """Bank cards: ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * (2 if n % 2 else 1) for n, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def iban(text: str) -> bool:
    """ISO 13616: the first four characters moved to the end, letters as 10 to 35, modulo 97 is 1."""
    moved = text[4:] + text[:4]
    return moved.isalnum() and moved.isascii() and int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def snils(digits: str) -> bool:
    """Russian pension number, 11 digits."""
    rest = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True)) % 101 % 100
    return rest == int(digits[9:])


def inn(digits: str) -> bool:
    """Russian tax number, 10 digits for a firm and 12 for a person."""
    if len(digits) == 10:
        return _weighed(digits[:9], (2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[9])
    eleventh = _weighed(digits[:10], (7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    twelfth = _weighed(digits[:11], (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    return [eleventh, twelfth] == [int(digits[10]), int(digits[11])]


def rnokpp(digits: str) -> bool:
    """Ukrainian tax number, 10 digits."""
    weights = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
    return _weighed(digits[:9], weights) == int(digits[9])


def pesel(digits: str) -> bool:
    """Polish number, 11 digits: day of birth first."""
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 10
    return (10 - rest) % 10 == int(digits[10]) and _is_day(digits[4:6], str(int(digits[2:4]) % 20))


def iin(digits: str) -> bool:
    """Kazakh number, 12 digits: day of birth first."""
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(1, 12), strict=False)) % 11
    if rest == 10:
        weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
        rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return rest == int(digits[11]) and _is_day(digits[4:6], digits[2:4])


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 % 10


def _is_day(day: str, month: str) -> bool:
    try:
        date(2000, int(month), int(day))
    except ValueError:
        return False
    return True
