"""One-time codes of an authenticator app (TOTP, RFC 6238: six digits, SHA-1, 30 s) and recovery codes on paper."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_STEP = 30  # seconds
_DIGITS = 6
_SECRET_BYTES = 20
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"  # none that looks like another
_RECOVERY_CODES, _RECOVERY_LETTERS = 10, 12


def new_secret() -> str:
    """160 random bits in base32, as authenticator apps take them."""
    return base64.b32encode(os.urandom(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether it is one that ``new_secret`` could have made."""
    try:
        return len(base64.b32decode(text)) == _SECRET_BYTES
    except ValueError:
        return False


def address(secret: str, account: str, archive: str) -> str:
    """The ``otpauth:`` address that an app reads from a picture."""
    return _totp(secret).get_provisioning_uri(account, archive)


def time_step(secret: str, code: str, now: datetime, used: int) -> int | None:
    """The time-step whose code this is: now, one before or one after, and later than ``used``; None if it is no code.

    Whoever asks must store the step as used. Spaces are stripped first: “123 456” is not another code than “123456”.
    """
    digits = "".join(code.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    current = int(now.timestamp()) // _STEP
    right = [step for step in (current - 1, current, current + 1) if _is_code(secret, digits, step)]
    return next((step for step in right if step > used), None)


def recovery_codes() -> tuple[str, ...]:
    """Ten codes of 58 bits each, to be written down."""
    codes = ("".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LETTERS)) for _ in range(_RECOVERY_CODES))
    return tuple(f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes)


def plain(recovery_code: str) -> str:
    """A recovery code as it is compared, however it was typed."""
    return "".join(letter for letter in recovery_code.lower() if letter.isalnum())


def code_at(secret: str, moment: datetime) -> str:
    """The code that the app shows then."""
    return _totp(secret).generate(int(moment.timestamp())).decode()


def _is_code(secret: str, digits: str, step: int) -> bool:
    try:
        return hmac.compare_digest(_totp(secret).generate(step * _STEP), digits.encode())
    except InvalidToken:
        return False


def _totp(secret: str) -> TOTP:
    # Apps know SHA-1 alone, and HMAC does not lean on what is broken in it.
    return TOTP(base64.b32decode(secret), _DIGITS, SHA1(), _STEP)  # noqa: S303
