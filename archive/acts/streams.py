"""Sound on its way out: a seekable decrypting reader with what HTTP needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.catalogue import Blob
from archive.parts import Archive
from archive.policy import Permit
from transcripts.sound import RATE, Playable, Readable


@dataclass(frozen=True, slots=True)
class SoundStream:
    """``reader`` is seekable and closed by whoever took it; ``length`` in bytes; ``mime`` fixed by our own encoder."""

    reader: Readable
    length: int
    mime: str


def stream(house: Archive, permit: Permit, blob: Blob) -> SoundStream:
    """The blob's sound. Raises Refused, Tampered, KeyGone."""
    return SoundStream(house.vault.open(permit, blob), blob.length, blob.mime)


def playable(house: Archive, permit: Permit, blob: Blob, seconds: float) -> SoundStream:
    """A canonical FLAC with its length told, without which players neither seek nor end. Raises as ``stream``."""
    found = Playable(house.vault.open(permit, blob), round(seconds * RATE))
    return SoundStream(found, found.length, blob.mime)
