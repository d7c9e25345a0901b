"""Archives for tests of the pages: real parts, but nobody listens and nobody's models are loaded.

The words come from the bundled demo interview, the names from a short list; everything after that (review, masking,
verification, index) is the archive's own work.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from archive import parts, worker
from archive.acts import access, accounts, changes, review
from archive.acts.translating import Render
from archive.catalogue import Paper, PaperKind
from archive.collection import MAIN
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import OPERATOR, Act, Principal, Role
from archive.settings import load
from archive.web import make_app, serve
from tests import make
from transcripts.names import Label, Mention, Passage, group
from transcripts.shipped import shipped
from transcripts.speech import Heard, HeardWord
from transcripts.words import Segment, Transcript, Word

PASSWORD = "four plain words here"
SECONDS = 30.0
ArchiveWith = Callable[..., tuple[Archive, list[UUID]]]
"""A fixture: ``Pattern.copied`` into a folder that is there."""
_NAMES = {"лебедев": r"Лебедев\w*", "путин": r"Путин\w*", "сергеевна": r"Сергеевн\w*"}


class ListedNames:
    """Finds the few names of the demo, and whatever is protected, by their beginnings."""

    def find(self, passages: Sequence[Passage], protected: Sequence[str] = ()) -> list[Mention]:
        """As ``Detector.find``."""
        looked_for = {**{word.lower()[:6]: re.escape(word[:6]) + r"\w*" for word in protected if word}, **_NAMES}
        found = []
        for number, passage in enumerate(passages):
            for key, pattern in looked_for.items():
                label = Label.PATRONYMIC if key == "сергеевна" else Label.SURNAME
                why = "public-figure" if key == "путин" else "protected" if key not in _NAMES else "tagged-surname"
                places = [match.span() for match in re.finditer(pattern, passage.text)]
                taken = [(one.start, one.end) for one in found if one.passage == number]
                found += [
                    Mention(number, start, end, label, key, why, 0.6)
                    for start, end in places
                    if not any(start < other[1] and other[0] < end for other in taken)
                ]
        return sorted(found, key=lambda one: one.place)


class HearsLittle:
    """A recognizer that catches one word of every window, and no name."""

    name = "hard of hearing"
    window_seconds = 29.6
    knows = None

    def recognize(self, *_: Any) -> list[Heard]:
        """The same word each time."""
        return [Heard((HeardWord(" да", 0.0, 0.2, 0.5),), "ru")]


@dataclass
class Rooms:
    """An archive with somebody of each role, one interview in review (the interviewer's) and one released."""

    house: Archive
    who: dict[Role, Principal]
    in_review: UUID
    released: UUID

    @cached_property
    def app(self) -> Flask:
        """The pages: one app for all visitors, since each app reads all templates anew."""
        return make_app(self.house)

    def client(self, role: Role | None = None) -> Any:
        """A browser without scripts, signed in."""
        from tests.browsing import Browser

        for limiter in self.app.extensions["limiter"]:
            limiter.reset()  # what others got wrong is not counted against this one
        browser = Browser(self.house, self.app)
        return browser.signed_in(role) if role else browser


def archive_with_rooms(home: Path, **tables: dict[str, object]) -> Rooms:
    """The archive, in about ten seconds."""
    house = cheap(make.archive_in(home, **tables))
    people = (Role.INTERVIEWER, Role.ARCHIVIST, Role.HISTORIAN, Role.ADMIN)
    who = {role: Principal(role, _account(house, role.value, role)) for role in people}
    who[Role.HISTORIAN] = reading(house, who[Role.ARCHIVIST], who[Role.HISTORIAN])
    interviewer = who[Role.INTERVIEWER]
    done, waiting = in_review(house, interviewer, title="Чемодан Лебедевой"), in_review(house, interviewer)
    for id in (done, waiting):
        translated(house, interviewer, id)
    make.approved(house, done, interviewer)
    worker.work(house)
    return Rooms(house, who, waiting, done)


def copied(rooms: Rooms, home: Path) -> Rooms:
    """The same archive in another folder, for a test that changes it; the first one must be closed."""
    shutil.copytree(rooms.house.settings.home, home)
    return replace(rooms, house=cheap(parts.unlock(load(home), make.PASSPHRASE)))


@dataclass(frozen=True)
class Pattern:
    """An archive that is closed, to be copied: two interviews are released, one is in review."""

    home: Path
    ids: dict[Stage, list[UUID]]

    def copied(self, home: Path, *stages: Stage) -> tuple[Archive, list[UUID]]:
        """A cheap archive of one's own, and an interview of it at each of these stages."""
        shutil.copytree(self.home, home)
        left = {stage: list(ids) for stage, ids in self.ids.items()}
        return cheap(parts.unlock(load(home), make.PASSPHRASE)), [left[stage].pop() for stage in stages]


def pattern(home: Path) -> Pattern:
    """The archive that is copied; it takes a second or two."""
    house = cheap(make.archive_in(home))
    first, second, waiting = (in_review(house, make.INTERVIEWER) for _ in range(3))
    for id in (first, second):
        make.approved(house, id)
    worker.work(house)
    house.close()
    return Pattern(home, {Stage.RELEASED: [first, second], Stage.IN_REVIEW: [waiting]})


def reading(house: Archive, archivist: Principal, reader: Principal, collection: UUID = MAIN) -> Principal:
    """The reader, granted the collection for a year, with accepted terms."""
    assert reader.account is not None
    made = access.grant(house, archivist, reader.account, collection, house.today() + timedelta(days=365))
    access.accept_terms(house, reader, made.id)
    with house.catalogue.reading() as ledger:
        return replace(reader, grants=ledger.grants.of(reader.account))


def fresh_reader(rooms: Rooms) -> Any:
    """A historian whom nobody else uses, signed in; may read the main collection."""
    name = f"reader {uuid4().hex}"
    reading(
        rooms.house, rooms.who[Role.ARCHIVIST], Principal(Role.HISTORIAN, _account(rooms.house, name, Role.HISTORIAN))
    )
    browser = rooms.client()
    assert browser.post("/sign-in", on="/sign-in", name=name, password=PASSWORD).status_code == 303
    return browser


def in_review(house: Archive, who: Principal, **form: object) -> UUID:
    """Half a minute of Irina, in review, with the words that she says there."""
    id = make.received(house, who, make.recording(stop=SECONDS), **form)
    worker.work(house)
    heard = spoken()
    passages = [Passage(segment.text, segment.language) for segment in heard.segments]
    put(
        house,
        who,
        id,
        {
            PaperKind.REVIEWED: heard.as_json(),
            PaperKind.ROSTER: group(ListedNames().find(passages, ["Лебедева"]), passages).as_json(),
        },
    )
    return id


def translated(house: Archive, who: Principal, id: UUID, language: str = "en") -> None:
    """The greeting and the name of an interview in review, in another language."""
    texts = {"2": "Hello Irina, thank you for agreeing to talk.", "5": "My name is Irina Sergeevna Lebedeva."}
    render = Render(language, {turn: (text, "") for turn, text in texts.items()})
    changes.make(house, who, id, render, review.read(house, who, id).version)


def put(house: Archive, who: Principal, id: UUID, papers: dict[PaperKind, Any]) -> None:
    """Writes papers of an interview in review as they are given."""
    with house.catalogue.writing() as ledger:
        permit = house.require(Act.DECIDE, who, ledger.interviews.get(id))
        for kind, content in papers.items():
            old = ledger.papers.get(permit, id, kind)
            ledger.papers.put(permit, Paper.new(id, kind, content), old.version if old else 0)


def spoken() -> Transcript:
    """What Irina says in the first half minute."""
    turns = json.loads(shipped("demo/irina.json").read_text(encoding="utf-8"))
    return Transcript(
        "spoken",
        tuple(
            Segment(tuple(Word(word["w"], word["start"], word["end"]) for word in turn["words"]), "ru", turn["speaker"])
            for turn in turns
            if turn["end"] < SECONDS
        ),
        SECONDS,
        "person",
    )


def cheap(house: Archive) -> Archive:
    """With a recognizer and finders that cost nothing."""
    house.load_detector = ListedNames  # type: ignore[assignment]
    house.load_recognizer = HearsLittle  # type: ignore[assignment]
    return house


def _account(house: Archive, name: str, role: Role) -> UUID:
    return accounts.accept(house, accounts.invite(house, OPERATOR, role), (name, PASSWORD), "en").id


def serve_rooms(home: Path, port: int = 0) -> None:
    """Serves an archive made by ``archive_with_rooms``, by default on a free port; prints the address when ready."""
    house = cheap(parts.unlock(load(home), make.PASSPHRASE))
    serve(house, port, lambda address: print(address, flush=True))


if __name__ == "__main__":
    serve_rooms(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
