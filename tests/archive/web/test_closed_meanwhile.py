"""A withdrawal between the policy's yes and the opening: the visitor is refused, and nobody is told of damage."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from archive import worker
from archive.acts import approval, consents, excerpts, withdraw
from archive.catalogue import database
from archive.consent import Voice
from archive.errors import Tampered
from archive.parts import Archive
from archive.policy import Role
from archive.vault.keeper import KeysInProcess
from archive.vault.store import FolderStore
from tests import make
from tests.browsing import Browser, text_of
from tests.rooms import Rooms, fresh_reader, in_review

pytestmark = pytest.mark.slow
READER = (
    "/interviews/{id}", "/interviews/{id}/sound", "/interviews/{id}/peaks", "/interviews/{id}/cite?from=19&to=28.9",
    "/interviews/{id}/passages", "/interviews/{id}/excerpts",
)  # fmt: skip
FORMS = {
    "passages": {"from": "19.00", "to": "28.90"},
    "excerpts": {"start": "0:19", "end": "0:28.9", "voice": "own"},
}


def released(rooms: Rooms) -> UUID:
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER])
    make.approved(rooms.house, id, rooms.who[Role.INTERVIEWER])
    worker.work(rooms.house)
    return id


def asked(browser: Browser, path: str, token: str) -> Any:
    """A page, or the form that belongs to its address."""
    form = FORMS.get(path.rpartition("/")[2])
    return browser.get(path) if form is None else browser.post(path, csrf_token=token, **form)


def when_opening(monkeypatch: pytest.MonkeyPatch, what: tuple[type, str], act: Callable[[], None]) -> list[bool]:
    """``act`` happens once, at the moment a key is asked for or a file is opened; whether it has."""
    owner, name = what
    real, done = getattr(owner, name), list[bool]()

    def meanwhile(self: Any, interview: UUID, *rest: Any) -> Any:
        if not done:
            done.append(True)
            act()
        return real(self, interview, *rest)

    monkeypatch.setattr(owner, name, meanwhile)
    return done


MOMENTS = [(KeysInProcess, "released_key"), (FolderStore, "open")]


@pytest.mark.parametrize("moment", MOMENTS, ids=["its key is asked for", "its file is opened"])
@pytest.mark.parametrize("path", READER)
def test_what_is_withdrawn_while_it_opens_is_not_there(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, path: str, moment: tuple[type, str]
) -> None:
    """The same page as for what never was, and neither a key nor a damaged file is spoken of."""
    id, browser = released(rooms), fresh_reader(rooms)
    path, token = path.format(id=id), browser.token("/search")
    archivist = rooms.who[Role.ARCHIVIST]
    # The reader stands still in the midst of a transaction, and the withdrawal would wait for its end.
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
    done = when_opening(monkeypatch, moment, lambda: _withdraw(rooms.house, archivist, id))
    answer = asked(browser, path, token)
    assert done
    assert answer.status_code == 404
    assert answer.data == browser.get("/nothing-of-that-name").data


def _withdraw(house: Archive, archivist: Any, id: UUID) -> None:
    withdraw.withdraw(house, archivist, id)


def test_so_it_is_for_the_reviewer_and_the_narrator(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """The protected layer's key goes, too; the narrator's page closes what it showed."""
    house, archivist = rooms.house, rooms.who[Role.ARCHIVIST]
    waiting, told = in_review(house, rooms.who[Role.INTERVIEWER]), released(rooms)
    reviewer, narrator = rooms.client(Role.INTERVIEWER), rooms.client()
    narrator.post("/narrator", on="/narrator", code=consents.issue_receipt(house, archivist, told))
    with monkeypatch.context() as patch:
        assert reviewer.get(f"/interviews/{waiting}/original").status_code == 206
        when_opening(patch, (FolderStore, "open"), lambda: _withdraw(house, archivist, waiting))
        assert reviewer.get(f"/interviews/{waiting}/original").status_code == 404
    with monkeypatch.context() as patch:
        assert narrator.get("/narrator/sound").status_code == 206
        when_opening(patch, (FolderStore, "open"), lambda: _withdraw(house, archivist, told))
        assert narrator.get("/narrator/sound").status_code == 404


def test_a_public_sound_that_is_taken_back_while_it_opens_is_gone(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither damage nor another page than a moment later."""
    house, who = rooms.house, rooms.who[Role.INTERVIEWER]
    made = excerpts.propose(house, who, released(rooms), excerpts.Wish(19.0, 28.0, Voice.OWN))
    excerpts.record_agreement(house, who, made.id, house.today())
    excerpts.publish(house, rooms.who[Role.ARCHIVIST], made.id)
    when_opening(
        monkeypatch, (FolderStore, "open"), lambda: excerpts.take_back(house, rooms.who[Role.ARCHIVIST], made.id)
    )
    path = f"/excerpts/{made.id}/sound"
    first, later = rooms.client().get(path), rooms.client().get(path)
    assert first.status_code in {404, 410}
    assert (first.status_code, first.data) == (later.status_code, later.data)


def test_what_is_damaged_is_still_called_so(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is really missing is asked for twice, and then said to be damaged."""
    id, tries = released(rooms), 0

    def missing(_self: Any, interview: UUID, _blob: UUID) -> Any:
        nonlocal tries
        tries += 1
        raise FileNotFoundError

    browser = fresh_reader(rooms)
    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "open", missing)
        answer = browser.get(f"/interviews/{id}")
    assert answer.status_code == 500
    assert Tampered.says.partition(".")[0] in text_of(answer)
    assert tries == 2


def test_readers_who_race_a_withdrawal_are_shown_it_or_refused(rooms: Rooms) -> None:
    """Four of them ask for everything, at random, while it is reopened and withdrawn: 200 and 206, 404 or 410."""
    house, archivist, seed = rooms.house, rooms.who[Role.ARCHIVIST], random.randrange(1 << 30)
    ids = [released(rooms) for _ in range(3)]
    browsers = [fresh_reader(rooms) for _ in range(4)]
    over, wrong = threading.Event(), list[tuple[str, int, str]]()
    answered = [0] * len(browsers)

    def read(number: int) -> None:
        chance, browser = random.Random(seed + number), browsers[number]
        token = browser.token("/search")
        while not over.is_set():
            path = chance.choice(READER).format(id=chance.choice(ids))
            answer = asked(browser, path, token)
            answered[number] += 1
            if answer.status_code not in {200, 206, 303, 404, 410, 429}:
                wrong.append((path, answer.status_code, text_of(answer)))

    readers = [threading.Thread(target=read, args=(number,)) for number in range(len(browsers))]
    for one in readers:
        one.start()
    for number, id in enumerate(ids):
        over.wait(0.5)
        if number:
            approval.reopen(house, archivist, id)
        withdraw.withdraw(house, archivist, id)
    over.set()
    for one in readers:
        one.join()
    assert wrong == [], f"seed {seed}"
    assert min(answered) > 5
