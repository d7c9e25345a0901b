"""Cobblestone-256 as the vault uses it: whole small values, streams, and random access. FORMAT.md has the layout.

Sealing, and opening small values, is the library's work. Opening single chunks is ours, because the library cannot:
drop ``Message`` when it can.
"""

from __future__ import annotations

import hmac
from typing import Final, Protocol

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from archive.errors import Tampered

CHUNK: Final = 16384
"""Bytes of plaintext in every chunk but the last, which is shorter."""

_TAG: Final = 16
_SEALED_CHUNK: Final = CHUNK + _TAG
_SALT: Final = 24
_PREFIX: Final = _SALT + 32  # salt, commitment
_INFO: Final = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"
_HASH: Final = hashes.SHA512()
_RUN: Final = 8  # chunks read from the source at once: 128 KiB, which the allocator keeps at hand


class Source(Protocol):
    """Stored bytes, readable at any place by several threads at once."""

    @property
    def length(self) -> int: ...

    def pread(self, size: int, offset: int) -> bytes:
        """The bytes there, fewer only at the end."""
        ...

    def close(self) -> None: ...


class Encryptor(Protocol):
    """A stream on its way into storage: ``update`` any number of times, ``finalize`` once."""

    def update(self, data: bytes | bytearray | memoryview, /) -> bytes: ...

    def finalize(self) -> bytes: ...


class Opened(Protocol):
    """Plaintext by place. Nothing is handed out that was not authenticated."""

    @property
    def length(self) -> int: ...

    def read_at(self, offset: int, size: int) -> bytes: ...


class Cipher(Protocol):
    """How content is sealed. There is one for use, and ``null.py`` for the test of the disk scan."""

    @property
    def suite(self) -> int: ...

    def encryptor(self, key: bytes, context: bytes) -> Encryptor: ...

    def opened(self, source: Source, key: bytes, context: bytes, start: int) -> Opened:
        """The message that lies in ``source`` from ``start`` to its end. Raises Tampered."""
        ...

    def seal(self, key: bytes, context: bytes, plaintext: bytes) -> bytes: ...

    def unseal(self, key: bytes, context: bytes, sealed: bytes) -> bytes:
        """Raises Tampered."""
        ...


class Cobblestone:
    """The cipher. It has no state; a key is 32 uniformly random bytes, never a passphrase."""

    suite: Final = 1

    def encryptor(self, key: bytes, context: bytes) -> Encryptor:
        """A new message. The library draws its salt, and with it key and nonces: none is ours to repeat."""
        return Cobblestone256Encryptor(key, context)

    def opened(self, source: Source, key: bytes, context: bytes, start: int) -> Message:
        """Random access to a stored message. Raises Tampered."""
        return Message(source, key, context, start)

    def seal(self, key: bytes, context: bytes, plaintext: bytes) -> bytes:
        """A whole message."""
        encryptor = Cobblestone256Encryptor(key, context)
        return encryptor.update(plaintext) + encryptor.finalize()

    def unseal(self, key: bytes, context: bytes, sealed: bytes) -> bytes:
        """A whole message's plaintext. Raises Tampered."""
        decryptor = Cobblestone256Decryptor(key, context)
        try:
            # update() hands out chunks before the end is proved. They must not leave this line: only when finalize()
            # has returned is it known that nothing was cut off.
            return decryptor.update(sealed) + decryptor.finalize()
        except InvalidTag:
            raise Tampered("a sealed value does not open") from None


COBBLESTONE: Final = Cobblestone()


class Message:
    """Random access to one stored message. Safe for several threads; it does not own its source."""

    __slots__ = ("_aead", "_full", "_last", "_nonce", "_source", "_start", "length")

    length: int
    """Bytes of plaintext, proved by the last chunk."""

    def __init__(self, source: Source, key: bytes, context: bytes, start: int = 0) -> None:
        prefix = source.pread(_PREFIX, start)
        if len(prefix) != _PREFIX:
            raise Tampered("cut before the first chunk")
        aes_key, self._nonce, commitment = _derived(key, prefix[:_SALT], context)
        # AES-GCM alone lets one ciphertext open under two keys. The commitment forbids it and is the first thing
        # checked; in constant time, although whoever can time it holds no key to learn about.
        if not hmac.compare_digest(commitment, prefix[_SALT:]):
            raise Tampered("another key or another place")
        self._aead = AESGCM(aes_key)
        self._source, self._start = source, start + _PREFIX
        self._full, self._last = divmod(source.length - self._start, _SEALED_CHUNK)
        # A message never ends with a full chunk: a remainder below a tag's length means that it was cut there.
        if self._last < _TAG:
            raise Tampered("cut between chunks")
        self.length = self._full * CHUNK + self._last - _TAG
        # The size of a file proves nothing. The last chunk opens only with the nonce of its own number, so opening
        # it proves where the message ends, before anybody relies on ``length``.
        self._opened_chunks(self._full, self._full + 1)

    def read_at(self, offset: int, size: int) -> bytes:
        """``size`` bytes of plaintext from ``offset``, fewer at the end. Raises Tampered."""
        end = min(offset + size, self.length)
        if offset < 0 or offset >= end:
            return b""
        first, past = offset // CHUNK, (end - 1) // CHUNK + 1
        chunks: list[bytes] = []
        for run in range(first, past, _RUN):
            chunks += self._opened_chunks(run, min(run + _RUN, past))
        chunks[-1] = chunks[-1][: end - (past - 1) * CHUNK]
        chunks[0] = chunks[0][offset - first * CHUNK :]
        return b"".join(chunks)

    def _opened_chunks(self, first: int, past: int) -> list[bytes]:
        """The plaintext of chunks ``first`` to ``past - 1``."""
        size = (min(past, self._full) - first) * _SEALED_CHUNK + (self._last if past > self._full else 0)
        sealed = memoryview(self._source.pread(size, self._start + first * _SEALED_CHUNK))
        if len(sealed) != size:
            raise Tampered("cut while open")
        base = int.from_bytes(self._nonce, "big")
        chunks = []
        for step in range(past - first):
            # The one nonce that this code computes, and for opening only: nothing is ever sealed here.
            nonce = (base ^ (first + step)).to_bytes(12, "big")
            chunk = sealed[step * _SEALED_CHUNK : (step + 1) * _SEALED_CHUNK]
            try:
                chunks.append(self._aead.decrypt(nonce, chunk, None))
            except InvalidTag:
                raise Tampered(f"chunk {first + step} does not open") from None
        return chunks


def _derived(key: bytes, salt: bytes, context: bytes) -> tuple[bytes, bytes, bytes]:
    """AES key, base nonce and commitment of a message."""
    if len(key) != 32:  # HKDF takes any length, and a wrong one would open what nothing else opens
        raise Tampered("a key is 32 bytes")
    made = HKDFExpand(_HASH, 32 + 12 + 32, _INFO + salt + context).derive(key)
    return made[:32], made[32:44], made[44:]
