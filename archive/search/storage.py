"""Whoosh's idea of a folder, over sealed files: nothing it writes is ever plain on a disk.

Whoosh unpickles the table of contents. That is safe here, and only here, because every byte was authenticated before
Whoosh sees it (SealedFiles): who can forge one holds the key.
"""

from __future__ import annotations

import io
from typing import Any, cast

from whoosh.filedb.filestore import RamStorage, Storage
from whoosh.filedb.structfile import StructFile

from archive.search.ports import Draft, SealedFiles


class SealedStorage(Storage):
    """A folder of sealed files, as Whoosh's writer uses it for its table of contents; ``files`` are for the codec.

    Locking is the engine's business, not Whoosh's.
    """

    supports_mmap = False

    def __init__(self, files: SealedFiles) -> None:
        self.files = files

    def __repr__(self) -> str:
        return "SealedStorage()"

    def create_file(self, name: str, **_: Any) -> StructFile:
        return _structured(self.files.create(name), name)

    def open_file(self, name: str, **_: Any) -> StructFile:
        file = self.files.open(name)
        try:
            return _structured(io.BytesIO(file.read_at(0, file.length)), name)
        finally:
            file.close()

    def list(self) -> list[str]:
        return self.files.names()

    def delete_file(self, name: str) -> None:
        self.files.delete(name)

    def rename_file(self, frm: str, to: str, safe: bool = False) -> None:
        if safe and self.files.exists(to):
            raise NameError("the file is there already")
        self.files.rename(frm, to)

    def temp_storage(self, name: str | None = None) -> Storage:
        return RamStorage()  # stays empty: what Whoosh would sort there goes through the codec's scratch files


def _structured(stream: Draft | io.BytesIO, name: str) -> StructFile:
    file = StructFile(cast(Any, stream), name=name)
    file.is_real = False  # no file descriptor: Whoosh must not map it into memory
    return file
