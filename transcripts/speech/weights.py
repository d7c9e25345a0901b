"""The outline of CTranslate2's ``model.bin``, read without loading it: is it one, and is it all there?

After its serializer, version 5 and 6: u32 version; name (u16 length, bytes, final zero); u32 revision; u32 count; per
variable: name, u8 rank, u32 per dimension, u8 type, u32 bytes, data; u32 count of aliases, two names each.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

_VERSIONS = (5, 6)
_SPECIFICATION = "WhisperSpec"
_MOST_VARIABLES = 100_000
_MOST_DIMENSIONS = 8


class BrokenWeights(Exception):
    """Not a model.bin of Whisper's, or not all of it."""


def shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of every variable in a ``model.bin``. Raises BrokenWeights, OSError."""
    with path.open("rb") as file:
        if _number(file, "<I") not in _VERSIONS or _name(file) != _SPECIFICATION:
            raise BrokenWeights("model.bin is of another kind or version")
        _number(file, "<I")
        found = {}
        for _ in range(_at_most(_number(file, "<I"), _MOST_VARIABLES)):
            name = _name(file)
            found[name] = tuple(_number(file, "<I") for _ in range(_at_most(_number(file, "<B"), _MOST_DIMENSIONS)))
            _number(file, "<B")
            file.seek(_number(file, "<I"), os.SEEK_CUR)
        for _ in range(2 * _at_most(_number(file, "<I"), _MOST_VARIABLES)):
            _name(file)
        if file.tell() != path.stat().st_size:
            raise BrokenWeights("model.bin is longer or shorter than it says")
        return found


def _number(file: BinaryIO, form: str) -> int:
    data = file.read(struct.calcsize(form))
    try:
        return int(struct.unpack(form, data)[0])
    except struct.error as cause:
        raise BrokenWeights("model.bin is cut off") from cause


def _name(file: BinaryIO) -> str:
    length = _number(file, "<H")
    data = file.read(length)
    if len(data) != length:
        raise BrokenWeights("model.bin is cut off")
    return data.rstrip(b"\0").decode("ascii", "replace")


def _at_most(count: int, limit: int) -> int:
    if count > limit:
        raise BrokenWeights("model.bin makes no sense")
    return count
