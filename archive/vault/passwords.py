"""Passwords of accounts: Argon2id in PHC form. Not the passphrase of the archive, which lives in keys.py."""

from __future__ import annotations

import os
import threading
from functools import cache

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from archive.vault.keys import KdfCost

COST = KdfCost(iterations=3, lanes=1, memory_kib=64 * 1024)

_LENGTH = 32
_AT_ONCE = threading.BoundedSemaphore(2)  # 64 MiB each: a burst of sign-ins must not fill the memory


def hashed(password: str, cost: KdfCost) -> str:
    """A PHC string for storing; it names its cost."""
    with _AT_ONCE:
        return _kdf(os.urandom(16), cost).derive_phc_encoded(password.encode())


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one; for no account at all it takes as long and says no."""
    with _AT_ONCE:
        try:
            Argon2id.verify_phc_encoded(password.encode(), stored or _nobody())
        except InvalidKey:
            return False
    return stored is not None


@cache
def _nobody() -> str:
    """The hash a stranger's password is compared with, so that an unknown user name takes as long as a known one."""
    return _kdf(os.urandom(16), COST).derive_phc_encoded(os.urandom(_LENGTH))


def slow_digest(secret: str, salt: bytes) -> str:
    """A digest in hex (64 digits) that takes as long as a password's: for a short secret that is found by its digest.

    ``salt`` (16 bytes or more) is the archive's own secret, so that whoever has the disk cannot even begin to guess.
    """
    with _AT_ONCE:
        return _kdf(salt, COST).derive(secret.encode()).hex()


def _kdf(salt: bytes, cost: KdfCost) -> Argon2id:
    iterations, lanes, memory = cost.iterations, cost.lanes, cost.memory_kib
    return Argon2id(salt=salt, length=_LENGTH, iterations=iterations, lanes=lanes, memory_cost=memory)
