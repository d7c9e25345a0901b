"""Sound on its way out: a seekable decrypting reader with what HTTP needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from archive.catalogue import Blob
from archive.parts import Archive
from archive.policy import Permit
from transcripts.sound import RATE, Playable, Readable


@dataclass(frozen=True, slots=True)
class SoundStream:
    """``reader`` is seekable and closed by whoever took it; ``length`` in bytes; ``mime`` fixed by our own encoder.

    ``blob`` tells whether the same question, asked again, would be answered with the same sound.
    """

    reader: Readable
    length: int
    mime: str
    blob: UUID


def stream(house: Archive, permit: Permit, blob: Blob) -> SoundStream:
    """The blob's sound. Raises Refused, Tampered, KeyGone."""
    return SoundStream(house.vault.open(permit, blob), blob.length, blob.mime, blob.id)


def playable(house: Archive, permit: Permit, blob: Blob, seconds: float) -> SoundStream:
    """A canonical FLAC with its length told, without which players neither seek nor end. Raises as ``stream``."""
    found = Playable(house.vault.open(permit, blob), round(seconds * RATE))
    return SoundStream(found, found.length, blob.mime, blob.id)
