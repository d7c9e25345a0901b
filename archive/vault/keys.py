"""The key hierarchy: the root key in its passphrase slots, what is derived from it, and the wraps of interviews' keys.

Values and files only; who may ask for which key is keeper.py's matter. FORMAT.md has the layout.
"""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from archive.errors import KeyGone, NoArchive, Tampered, WrongPassphrase
from archive.vault.cobblestone import COBBLESTONE
from archive.vault.files import publish
from archive.vault.sealed import HEADER, KEY, WRAPPED_KEY, Header, Tier

LENGTH: Final = 32
"""Bytes of every key."""

_SLOTS: Final = "slots.json"
_SLOTS_FORMAT: Final = "golosa/slots/v1"
_SLOT: Final = b"golosa/slot/v1\0"
_ROOT: Final = b"golosa/root/v1\0"


class Label(StrEnum):
    """Every key that comes from the root key. One use, one label: no key does two things."""

    ROWS = "rows"
    INDEX = "index"
    HANDLE = "handle"
    AUDIT = "audit"
    SESSIONS = "sessions"
    KEK_WORK = "kek-work"
    KEK_RELEASED = "kek-released"


@dataclass(frozen=True, slots=True)
class KdfCost:
    """Argon2id's costs. The default takes 0.7 s and 256 MiB; six diceware words under it outlast any guesser."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 256 * 1024

    def __post_init__(self) -> None:
        # A slot is read from a file: whoever wrote into it must not make us fill the memory or compute for days.
        within = 1 <= self.iterations <= 64 and 1 <= self.lanes <= 64 and self.memory_kib <= 4 << 20
        if not within or self.memory_kib < 8 * self.lanes:
            raise Tampered("costs of a slot out of bounds")

    @property
    def honest(self) -> bool:
        """Whether real content may lie under a passphrase at this cost."""
        return self.memory_kib >= 64 * 1024


def new_key() -> bytes:
    """From the system's random generator."""
    return os.urandom(LENGTH)


def derive(root: bytes, label: Label) -> bytes:
    """The key of that label. The root key is uniformly random, so HKDF's extract step is left out (RFC 5869, 3.3)."""
    return HKDFExpand(hashes.SHA512(), LENGTH, _ROOT + label.encode()).derive(root)


# --- slots -----------------------------------------------------------------------------------------------------------


def write_slots(folder: Path, slots: list[dict[str, Any]]) -> None:
    """Replaces the slots in one step: after a power cut either the old ones open or the new ones."""
    publish(folder / _SLOTS, _canonical({"format": _SLOTS_FORMAT, "slots": slots}), replacing=True)


def has_slots(folder: Path) -> bool:
    return (folder / _SLOTS).exists()


def make_slot(root: bytes, passphrase: str, cost: KdfCost) -> dict[str, Any]:
    """A slot in which the root key opens with ``passphrase``."""
    salt = os.urandom(16)
    kdf = {"name": "argon2id", **asdict(cost), "salt": salt.hex()}
    slot = {"id": os.urandom(16).hex(), "kind": "passphrase", "kdf": kdf}
    sealed = COBBLESTONE.seal(_passphrase_key(passphrase, salt, cost), _SLOT + _canonical(slot), root)
    return {**slot, "sealed": sealed.hex()}


def open_slots(folder: Path, passphrase: str) -> tuple[bytes, KdfCost, int]:
    """The root key, with the cost and number of the slot that opened. Raises WrongPassphrase, NoArchive, Tampered."""
    for number, slot in enumerate(read_slots(folder)):
        opened = _open_slot(slot, passphrase)
        if opened is not None:
            return (*opened, number)
    raise WrongPassphrase


def read_slots(folder: Path) -> list[dict[str, Any]]:
    """Raises NoArchive, Tampered."""
    try:
        found = json.loads((folder / _SLOTS).read_bytes())
    except FileNotFoundError:
        raise NoArchive from None
    except ValueError:
        raise Tampered("slots are not JSON") from None
    if not isinstance(found, dict) or found.get("format") != _SLOTS_FORMAT or not isinstance(found.get("slots"), list):
        raise Tampered("slots of another format")
    return list(found["slots"])


def _open_slot(slot: Any, passphrase: str) -> tuple[bytes, KdfCost] | None:
    try:
        sealed = bytes.fromhex(slot["sealed"])
        kdf = slot["kdf"]
        cost = KdfCost(*(int(kdf[name]) for name in ("iterations", "lanes", "memory_kib")))
        salt = bytes.fromhex(kdf["salt"])
        header = _canonical({name: slot[name] for name in slot if name != "sealed"})
    except (KeyError, TypeError, ValueError):
        raise Tampered("a slot is not whole") from None
    if len(salt) < 16:
        raise Tampered("a slot's salt is short")
    try:
        # A changed slot and a wrong passphrase cannot be told apart, and need not be: neither opens.
        return COBBLESTONE.unseal(_passphrase_key(passphrase, salt, cost), _SLOT + header, sealed), cost
    except Tampered:
        return None


def _passphrase_key(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    # One keyboard writes “é” or “й” as one character, another as two: NFC makes them the same passphrase.
    text = unicodedata.normalize("NFC", passphrase).encode()
    kdf = Argon2id(salt=salt, length=LENGTH, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return kdf.derive(text)


def _canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


# --- wraps of interviews' keys ---------------------------------------------------------------------------------------


def wrap(kek: bytes, tier: Tier, interview: UUID, key: bytes) -> bytes:
    """The file in which an interview's key lies, 136 bytes."""
    header = bytes(Header(tier, interview, magic=WRAPPED_KEY))
    return header + COBBLESTONE.seal(kek, KEY + header, key)


def unwrap(kek: bytes, tier: Tier, interview: UUID, wrapped: bytes) -> bytes:
    """Raises KeyGone for a wrap that was overwritten and not yet removed, Tampered for any other that does not open."""
    header = bytes(Header(tier, interview, magic=WRAPPED_KEY))
    if not wrapped.startswith(WRAPPED_KEY):
        raise KeyGone("its wrap was overwritten")
    if wrapped[:HEADER] != header:
        raise Tampered("the wrap of another key")
    return COBBLESTONE.unseal(kek, KEY + header, wrapped[HEADER:])
