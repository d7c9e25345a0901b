"""Sound on its way out: a seekable decrypting reader with what HTTP needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from archive.catalogue import Blob
from archive.parts import Archive
from archive.policy import Permit


@dataclass(frozen=True, slots=True)
class SoundStream:
    """``reader`` is seekable and closed by whoever took it; ``length`` in bytes; ``mime`` fixed by our own encoder."""

    reader: BinaryIO
    length: int
    mime: str


def stream(house: Archive, permit: Permit, blob: Blob) -> SoundStream:
    """The blob's sound. Raises Refused, Tampered, KeyGone."""
    return SoundStream(house.vault.open(permit, blob), blob.length, blob.mime)
