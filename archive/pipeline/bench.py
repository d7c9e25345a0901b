"""What a step works on: it opens what the interview has and seals what the step makes, and knows nothing of stages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from archive.catalogue import KIND_LAYER, Blob, Kind, Paper, PaperKind
from archive.consent import Consent
from archive.errors import Unknown
from archive.interview import Interview
from archive.parts import Archive
from archive.policy import Permit
from archive.vault import BlobWriter, SealedReader
from transcripts.words import Transcript


@dataclass
class Bench:
    """One run of one step. ``made`` and ``interview`` are written by the runner when the step has ended well."""

    house: Archive
    interview: Interview
    permit: Permit
    progress: Callable[[float], None]
    made: list[Blob] = field(default_factory=list)

    @contextmanager
    def open(self, kind: Kind) -> Iterator[SealedReader]:
        """The newest blob of that kind, decrypting as it is read. Raises Unknown, Tampered, KeyGone."""
        with self.house.vault.open(self.permit, self.blob(kind)) as reader:
            yield reader

    def blob(self, kind: Kind) -> Blob:
        """The newest blob of that kind. Raises Unknown."""
        for made in reversed(self.made):
            if made.kind is kind:
                return made
        with self.house.catalogue.reading() as ledger:
            found = ledger.blobs.newest(self.interview.id, kind)
        if found is None:
            raise Unknown
        return found

    @contextmanager
    def make(self, kind: Kind, mime: str = "application/octet-stream") -> Iterator[BlobWriter]:
        """A file to write a new blob of that kind into; it counts only if the step ends well."""
        with self.house.vault.write(self.permit, self.interview.id, KIND_LAYER[kind]) as writer:
            yield writer
        # Which release it belongs to: a row of an older one that comes to light again must not pass for the current.
        note = {"redaction": self.interview.redaction + 1}
        self.made.append(Blob.of(writer.blob, self.interview.id, kind, mime, note))

    def make_json(self, kind: Kind, value: Mapping[str, Any]) -> None:
        """A new blob holding JSON."""
        with self.make(kind, "application/json") as out:
            out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def transcript(self, kind: Kind) -> Transcript:
        """The newest transcript of that kind."""
        return Transcript.from_json(self.house.vault.open_json(self.permit, self.blob(kind)))

    def paper(self, kind: PaperKind) -> Mapping[str, Any]:
        """The content of a paper. Raises Unknown."""
        with self.house.catalogue.reading() as ledger:
            found = ledger.papers.get(self.permit, self.interview.id, kind)
        if found is None:
            raise Unknown
        return found.content

    def note(self, kind: PaperKind, content: Mapping[str, Any]) -> None:
        """Writes a paper at once, whatever becomes of the step; the same content written twice does no harm."""
        with self.house.catalogue.writing() as ledger:
            old = ledger.papers.get(self.permit, self.interview.id, kind)
            version = old.version if old else 0
            ledger.papers.put(self.permit, Paper.new(self.interview.id, kind, content), version)

    def learn(self, **facts: Any) -> None:
        """Changes what the released layer knows of the interview, when the step has ended well."""
        self.interview = replace(self.interview, **facts)

    @property
    def consent(self) -> Consent:
        """What the narrator agreed to, with the protected list."""
        return Consent.from_json(self.paper(PaperKind.CONSENT))


@dataclass
class Windows:
    """The recognizer's checkpoints: one sealed paper per window, committed before the next one is begun."""

    bench: Bench

    def done(self, plan: str) -> dict[int, Mapping[str, Any]]:
        """Records of this very plan, by window; those of another plan are dropped."""
        bench = self.bench
        with bench.house.catalogue.writing() as ledger:
            papers = ledger.papers.parts(bench.permit, bench.interview.id, PaperKind.WINDOW)
            if any(paper.content["plan"] != plan for paper in papers):
                ledger.papers.remove(bench.interview.id, PaperKind.WINDOW)
                return {}
        return {paper.part: paper.content["record"] for paper in papers}

    def add(self, plan: str, index: int, record: Mapping[str, Any]) -> None:
        """Keeps one window's result for good."""
        bench = self.bench
        content = {"plan": plan, "record": record}
        with bench.house.catalogue.writing() as ledger:
            old = ledger.papers.get(bench.permit, bench.interview.id, PaperKind.WINDOW, index)
            paper = Paper.new(bench.interview.id, PaperKind.WINDOW, content, part=index)
            ledger.papers.put(bench.permit, paper, old.version if old else 0)
