"""Who holds the root key. In the process itself for now; another process can take this protocol over later."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import NoReturn, Protocol
from uuid import UUID

from archive.errors import ArchiveExists, KeyGone
from archive.vault import keys
from archive.vault.files import Journal, make_folder, part_of, publish, shred
from archive.vault.keys import KdfCost, Label
from archive.vault.sealed import Tier

_WRAPS = {Tier.PROTECTED: ("open", ".ok", Label.KEK_WORK), Tier.RELEASED: ("released", ".rk", Label.KEK_RELEASED)}
"""Folder, ending and wrapping key of an interview's two keys."""

_SPOOL_WRAP = ("spool", ".sk", Label.KEK_WORK)
"""The same of an upload's key."""


class Keeper(Protocol):
    """Hands out keys by purpose. It never hands out the root key."""

    @property
    def honest(self) -> bool:
        """Whether the keys were made at a cost fit for real content; tests make them cheaper."""
        ...

    def rows_key(self) -> bytes: ...

    def index_key(self) -> bytes: ...

    def handle_key(self) -> bytes: ...

    def audit_key(self) -> bytes: ...

    def sessions_key(self) -> bytes: ...

    def make_interview_keys(self, interview: UUID) -> None:
        """Two new random keys; both are on the disk, wrapped, when this returns. Raises FileExistsError, OutOfSpace."""
        ...

    def protected_key(self, interview: UUID) -> bytes:
        """Opens its recording, raw transcript, names. Raises KeyGone, Tampered."""
        ...

    def released_key(self, interview: UUID) -> bytes:
        """Opens what was released of it. Raises KeyGone, Tampered."""
        ...

    def destroy(self, interview: UUID) -> None:
        """Both keys are gone from this machine's files when this returns; safe to repeat. Cannot be undone."""
        ...

    def make_spool_key(self, upload: UUID) -> bytes:
        """A new random key; it is on the disk, wrapped, when this returns. Raises FileExistsError, OutOfSpace."""
        ...

    def spool_key(self, upload: UUID) -> bytes:
        """Opens what has arrived of an upload. Raises KeyGone, Tampered."""
        ...

    def destroy_spool_key(self, upload: UUID) -> None:
        """As ``destroy``, of an upload's key."""
        ...

    def sweep(self, known: Collection[UUID]) -> int:
        """Destroys the keys that killed processes made for interviews and uploads not among ``known``; of how many."""
        ...


class KeysInProcess:
    """What is derived from the root key lies in this process's memory, the interviews' keys lie wrapped in files.

    An unwrapped key is kept only beside the mark of its file, and used only while that very file still lies there: a
    key that another process destroyed is gone here with the next question.
    """

    def __init__(self, folder: Path, root: bytes, cost: KdfCost) -> None:
        self._folder = folder
        self._derived = {label: keys.derive(root, label) for label in Label}
        self._kept: dict[str, tuple[tuple[int, int], bytes]] = {}
        self._journal = Journal(folder)
        self.honest = cost.honest

    @classmethod
    def create(cls, folder: Path, passphrase: str, cost: KdfCost | None = None) -> KeysInProcess:
        """A new root key under ``passphrase``. Raises ArchiveExists: a root key is never replaced."""
        if keys.has_slots(folder):
            raise ArchiveExists
        for sub in (folder, *(folder / name for name, _, _ in _WRAPS.values())):
            make_folder(sub)
        root, cost = keys.new_key(), cost or KdfCost()
        keys.write_slots(folder, [keys.make_slot(root, passphrase, cost)])
        return cls(folder, root, cost)

    @classmethod
    def unlock(cls, folder: Path, passphrase: str) -> KeysInProcess:
        """Raises NoArchive, WrongPassphrase, Tampered."""
        root, cost, _ = keys.open_slots(folder, passphrase)
        return cls(folder, root, cost)

    @staticmethod
    def change_passphrase(folder: Path, old: str, new: str, cost: KdfCost | None = None) -> None:
        """``new`` opens what ``old`` opened, and ``old`` nothing any more. Raises as ``unlock``.

        The root key stays: who has a copy of the old slots and the old passphrase still opens what they opened.
        """
        root, had, number = keys.open_slots(folder, old)
        slots = keys.read_slots(folder)
        slots[number] = keys.make_slot(root, new, cost or had)
        keys.write_slots(folder, slots)

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled")

    def rows_key(self) -> bytes:
        return self._derived[Label.ROWS]

    def index_key(self) -> bytes:
        return self._derived[Label.INDEX]

    def handle_key(self) -> bytes:
        return self._derived[Label.HANDLE]

    def audit_key(self) -> bytes:
        return self._derived[Label.AUDIT]

    def sessions_key(self) -> bytes:
        return self._derived[Label.SESSIONS]

    def make_interview_keys(self, interview: UUID) -> None:
        self._journal.note(str(interview))
        for tier, (_, _, kek) in _WRAPS.items():
            wrapped = keys.wrap(self._derived[kek], tier, interview, keys.new_key())
            publish(self._path(tier, interview), wrapped, replacing=False)

    def make_spool_key(self, upload: UUID) -> bytes:
        self._journal.note(str(upload))
        make_folder(self._folder / _SPOOL_WRAP[0])
        key = keys.new_key()
        wrapped = keys.wrap(self._derived[_SPOOL_WRAP[2]], Tier.SPOOL, upload, key)
        publish(self._path(Tier.SPOOL, upload), wrapped, replacing=False)
        return key

    def spool_key(self, upload: UUID) -> bytes:
        return self._open(Tier.SPOOL, upload)

    def destroy_spool_key(self, upload: UUID) -> None:
        self._destroy(Tier.SPOOL, upload)

    def protected_key(self, interview: UUID) -> bytes:
        return self._open(Tier.PROTECTED, interview)

    def released_key(self, interview: UUID) -> bytes:
        return self._open(Tier.RELEASED, interview)

    def destroy(self, interview: UUID) -> None:
        for tier in _WRAPS:
            self._destroy(tier, interview)

    def sweep(self, known: Collection[UUID]) -> int:
        with self._journal.abandoned() as lines:
            unknown = {UUID(line) for line in lines if len(line) == 36} - set(known)
            for id in unknown:
                self.destroy(id)
                self.destroy_spool_key(id)
        return len(unknown)

    def _destroy(self, tier: Tier, id: UUID) -> None:
        path = self._path(tier, id)
        self._kept.pop(str(path), None)
        shred(path)
        shred(part_of(path))  # a kill while the key was made may have left its wrap here

    def _path(self, tier: Tier, interview: UUID) -> Path:
        folder, ending, _ = _place(tier)
        return self._folder / folder / f"{interview}{ending}"

    def _open(self, tier: Tier, interview: UUID) -> bytes:
        folder, ending, kek = _place(tier)
        path = f"{self._folder}/{folder}/{interview}{ending}"  # asked for every row: Path would be the slowest part
        try:
            found = os.stat(path)
            mark = found.st_ino, found.st_mtime_ns
            kept = self._kept.get(path)
            if kept is not None and kept[0] == mark:
                return kept[1]
            wrapped = Path(path).read_bytes()
        except FileNotFoundError:
            self._kept.pop(path, None)
            raise KeyGone from None
        key = keys.unwrap(self._derived[kek], tier, interview, wrapped)
        self._kept[path] = mark, key
        return key


def _place(tier: Tier) -> tuple[str, str, Label]:
    return _SPOOL_WRAP if tier is Tier.SPOOL else _WRAPS[tier]
