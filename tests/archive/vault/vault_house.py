"""A vault in a folder, with keys at a test's cost, and the moves that most tests make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from archive.policy import Act, Layer, Permit
from archive.vault import BlobFacts, FolderStore, KdfCost, KeysInProcess, MemoryStore, Vault

CHEAP = KdfCost(iterations=1, lanes=1, memory_kib=64)


@dataclass(frozen=True)
class Stored:
    """A blob as its row in the catalogue would describe it."""

    id: UUID
    interview: UUID
    layer: Layer
    length: int

    @classmethod
    def of(cls, facts: BlobFacts, interview: UUID) -> Stored:
        return cls(facts.id, interview, facts.layer, facts.length)


class House:
    """A vault in a folder, with the moves that most tests make."""

    def __init__(self, home: Path, *, store: FolderStore | MemoryStore | None = None) -> None:
        self.home = home
        if not (home / "keys" / "slots.json").exists():
            KeysInProcess.create(home / "keys", "words", CHEAP)
        self.keeper = KeysInProcess.unlock(home / "keys", "words")
        self.store = store or FolderStore(home / "store")
        self.vault = Vault(self.keeper, self.store, home / "spool")

    def interview(self) -> UUID:
        made = uuid4()
        self.keeper.make_interview_keys(made)
        return made

    def put(self, interview: UUID, content: bytes, layer: Layer = Layer.PROTECTED) -> Stored:
        with self.vault.write(permit(interview), interview, layer) as writer:
            writer.write(content)
        return Stored.of(writer.blob, interview)

    def get(self, blob: Stored) -> bytes:
        with self.vault.open(permit(blob.interview), blob) as reader:
            return reader.read()


def permit(interview: UUID | None, act: Act = Act.PROCESS) -> Permit:
    return Permit(act, interview)
