"""Translations on the pages, without scripts: typed, laid beside, previewed, read."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from uuid import UUID

import pytest

from archive import worker
from archive.acts import approval, changes, consents, review
from archive.acts.editing import Describe, Join, Reword
from archive.acts.translating import Render
from archive.catalogue import PaperKind
from archive.policy import Role
from tests import make
from tests.browsing import Browser, text_of
from tests.rooms import Rooms, in_review, put, translated


@pytest.fixture
def interview(rooms: Rooms) -> UUID:
    """An interview in review, of which two turns are in English."""
    id = in_review(rooms.house, rooms.who[Role.INTERVIEWER], title="Перевод")
    translated(rooms.house, rooms.who[Role.INTERVIEWER], id)
    return id


def fields(page: str) -> dict[str, str]:
    """What stands in the form of a page of a translation."""
    hidden = dict(re.findall(r'<input type="hidden" name="((?:of|was)-[^"]+|version|into|page)" value="([^"]*)"', page))
    return {**hidden, **dict(re.findall(r'name="(text-[^"]+)"[^>]*>([^<]*)</textarea>', page))}


def typed(browser: Browser, id: UUID, **texts: str) -> tuple[int, str]:
    """Types on the first page of the English translation."""
    page = f"/interviews/{id}/translations?into=en"
    sent = {**fields(browser.get(page).text), **texts}
    answer = browser.post(f"/interviews/{id}/translations/text", on=page, **sent)
    return answer.status_code, text_of(answer)


def rendered(rooms: Rooms, id: UUID) -> list[str | None]:
    """The English translation as others would read it."""
    found = approval.preview(rooms.house, rooms.who[Role.INTERVIEWER], id).translations
    return [part.text if part else None for part in found[0].rendered.translation.segments] if found else []


def test_what_is_typed_stands_there_and_what_was_not_touched_makes_no_change(rooms: Rooms, interview: UUID) -> None:
    """Only fields that differ from what they showed are sent on; none is none."""
    browser = rooms.client(Role.INTERVIEWER)
    who = rooms.who[Role.INTERVIEWER]
    before = review.read(rooms.house, who, interview).version
    assert typed(browser, interview)[0] == 303
    assert review.read(rooms.house, who, interview).version == before
    assert typed(browser, interview, **{"text-0": " Today is\n14 May. ", "text-2": ""})[0] == 303
    assert review.read(rooms.house, who, interview).version == before + 1
    assert rendered(rooms, interview)[:3] == ["Today is 14 May.", None, None]


def test_two_who_type_in_one_field_see_both(rooms: Rooms, interview: UUID) -> None:
    """The later one is told, and what they typed stands in the field."""
    page = f"/interviews/{interview}/translations?into=en"
    mine, theirs = rooms.client(Role.INTERVIEWER), rooms.client(Role.ARCHIVIST)
    sent = fields(mine.get(page).text)
    assert typed(theirs, interview, **{"text-0": "Theirs."})[0] == 303
    answer = mine.post(f"/interviews/{interview}/translations/text", on=page, **{**sent, "text-0": "Mine."})
    assert answer.status_code == 409
    assert fields(answer.text)["text-0"] == "Mine."
    assert "Somebody else wrote meanwhile: Theirs." in text_of(answer)
    assert rendered(rooms, interview)[0] == "Theirs."


def test_a_turn_that_was_changed_asks_whether_its_translation_is_right_still(rooms: Rooms, interview: UUID) -> None:
    """Until it is said to be, nobody reads it; the preview says where."""
    browser, who = rooms.client(Role.INTERVIEWER), rooms.who[Role.INTERVIEWER]
    on = review.read(rooms.house, who, interview).version
    changes.make(rooms.house, who, interview, Reword("2", "Здравствуйте, Ирина, спасибо."), on)
    assert rendered(rooms, interview)[2] is None
    assert "These turns were changed since they were translated" in text_of(
        browser.get(f"/interviews/{interview}/preview")
    )
    assert "1 turn was changed since" in text_of(browser.get(f"/interviews/{interview}/translations"))
    assert typed(browser, interview, **{"right-2": "yes"})[0] == 303
    assert rendered(rooms, interview)[2] == "Hello Irina, thank you for agreeing to talk."


def test_a_file_is_laid_beside_and_taken_away(rooms: Rooms, interview: UUID) -> None:
    """In place of what stood there; one that is none is told beside the form, in the reader's language."""
    browser, page = rooms.client(Role.INTERVIEWER), f"/interviews/{interview}/translations"
    version = fields(browser.get(page).text)["version"]
    file = (io.BytesIO(b"WEBVTT\n\n00:00.000 --> 00:03.000\n<v I>Today is May 14.\n"), "имя.vtt")
    sent = {"into": "en", "version": version, "file": file}
    assert browser.post(f"{page}/file", on=page, **sent).status_code == 303
    assert rendered(rooms, interview) == ["Today is May 14.", *[None] * 7]
    for content, status in ((b"none", 400), (b"", 400)):
        sent = {"into": "en", "version": str(int(version) + 1), "file": (io.BytesIO(content), "имя.vtt")}
        answer = browser.post(f"{page}/file", on=page, **sent)
        assert answer.status_code == status
        assert "This is no WebVTT, SRT or JSON file with times, in UTF-8." in text_of(answer)
    assert browser.post(f"{page}/none", on=page, into="en", version=str(int(version) + 1)).status_code == 303
    assert "Take away" not in text_of(browser.get(page))
    assert rendered(rooms, interview) == []


@pytest.mark.parametrize("into", ["de", "ru", "en" * 999, "\x00"])
def test_other_languages_are_a_clear_answer(rooms: Rooms, interview: UUID, into: str) -> None:
    """Names are found in three, and the interview has its own."""
    browser, page = rooms.client(Role.INTERVIEWER), f"/interviews/{interview}/translations"
    assert browser.client.get(page, query_string={"into": into}).status_code == 400
    sent = {"into": into, "version": "0", "file": (io.BytesIO(b"WEBVTT\n\n00:00.000 --> 00:03.000\na\n"), "a.vtt")}
    assert browser.post(f"{page}/file", on=page, **sent).status_code in {400, 409}
    assert browser.client.get(page, query_string={"into": "en", "page": "9" * 30}).status_code == 200


def test_readers_and_the_narrator_see_it_side_by_side(rooms: Rooms, interview: UUID) -> None:
    """With the names concealed in both; without it for whoever does not ask; a language nobody wrote is none."""
    owner = rooms.who[Role.INTERVIEWER]
    make.approved(rooms.house, interview, owner)
    worker.work(rooms.house)
    reader = rooms.client(Role.HISTORIAN)
    told = text_of(reader.get(f"/interviews/{interview}?beside=en"))
    assert "My name is Irina" in told
    assert "Lebedev" not in told
    assert "Меня зовут Ирина" in told
    for other in ("", "?beside=uk", "?beside=%00", "?beside=en&beside=uk"):
        page = reader.get(f"/interviews/{interview}{other}")
        assert page.status_code == 200
        assert ("My name is" in page.text) is ("beside=en" in other)
    assert "beside=en" in reader.get(f"/interviews/{interview}?_anchor=x&_external=1&_scheme=javascript").text
    assert "javascript" not in reader.get(f"/interviews/{interview}?_anchor=x&_external=1&_scheme=javascript").text

    narrator = rooms.client()
    code = consents.issue_receipt(rooms.house, owner, interview)
    assert narrator.post("/narrator", on="/narrator", code=code).status_code == 303
    assert "My name is Irina" in text_of(narrator.get("/narrator/page?beside=en"))
    assert "My name is Irina" not in text_of(narrator.get("/narrator/page"))


def test_who_is_named_in_the_translation_alone_is_decided_about_in_the_preview(rooms: Rooms, interview: UUID) -> None:
    """A public figure stays unless somebody conceals them; both are the reviewer's to say, and can be undone."""
    browser, who = rooms.client(Role.INTERVIEWER), rooms.who[Role.INTERVIEWER]
    on = review.read(rooms.house, who, interview).version
    changes.make(rooms.house, who, interview, Render("en", {"3": ("Hello, Путин.", "")}), on)
    page = f"/interviews/{interview}/preview"
    for decision, expected in (("conceal", "Hello, [name-"), ("keep", "Hello, Путин.")):
        shown = browser.get(page).text
        sent = re.search(
            rf'action="([^"]+/people)".*?name="person" value="([^"]+)".*?value="{decision}"', shown, re.DOTALL
        )
        assert sent is not None
        version = str(review.read(rooms.house, who, interview).version)
        answer = browser.post(sent[1], on=page, person=sent[2], decision=decision, version=version)
        assert answer.status_code == 303
        assert str(rendered(rooms, interview)[3]).startswith(expected)
    answer = browser.post(f"/interviews/{interview}/translations/people", on=page, person="x", version=version)
    assert answer.status_code in {400, 409}


def test_what_others_wrote_in_other_turns_is_not_taken_back(rooms: Rooms, interview: UUID) -> None:
    """A page answers for the turns that were sent alone; what it shows of the others stays what was seen there."""
    page = f"/interviews/{interview}/translations?into=en"
    mine, theirs = rooms.client(Role.INTERVIEWER), rooms.client(Role.ARCHIVIST)
    seen = fields(mine.get(page).text)
    assert typed(theirs, interview, **{"text-7": "Theirs."})[0] == 303
    for n, text in enumerate(("Mine.", "Mine, too.")):
        sent = {**seen, f"text-{n}": text, "csrf_token": mine.token(page)}
        answer = mine.client.post(
            f"/interviews/{interview}/translations/text", data=sent, headers={"Accept": "application/json"}
        )
        told = answer.get_json()
        assert set(told["rows"]) == {str(n)}
        seen |= {"version": str(told["version"]), f"was-{n}": told["rows"][str(n)]["was"], f"text-{n}": text}
    assert rendered(rooms, interview)[7] == "Theirs."


def test_what_is_typed_for_a_turn_that_is_gone_is_shown_and_not_swallowed(rooms: Rooms, interview: UUID) -> None:
    """Whoever joined it meanwhile took the field away, not the words."""
    page, who = f"/interviews/{interview}/translations?into=en", rooms.who[Role.INTERVIEWER]
    browser = rooms.client(Role.INTERVIEWER)
    sent = fields(browser.get(page).text)
    changes.make(rooms.house, who, interview, Join("7"), review.read(rooms.house, who, interview).version)
    answer = browser.post(f"/interviews/{interview}/translations/text", on=page, **{**sent, "text-7": "Lost words."})
    assert answer.status_code in {400, 409}
    assert "Lost words." in text_of(answer)


@pytest.mark.parametrize(
    "file",
    [
        b'{"segments": []}',
        b'{"id":"t","parent":null,"made_by":"x","seconds":1,"notes":{},"segments":[]}',
        *(
            b'{"id":"t","parent":null,"made_by":"x","seconds":%s,"notes":{},"segments":[{"speaker":null,"language":"en",'
            b'"withheld":[],"words":%s}]}' % pair
            for pair in (
                (b"1", b'[["a\\ud800",0,1,1]]'),
                (b"1", b"[[1,0,1,1]]"),
                (b"1", b"[[null,0,1,1]]"),
                (b"1" + b"0" * 400, b'[["a",0,1,1]]'),
                (b"1", b'"' + b"[" * 200_000 + b'"'),
                (b"1", b'[["a",NaN,Infinity,1]]'),
            )
        ),
        b"WEBVTT\n\n00:00.000 --> 00:03.000\n&#" + b"9" * 5000 + b";\n",
        b"WEBVTT\n\n00:00.000 --> 00:03.000\n" + b"a" * 30_000 + b"\n",
        b"WEBVTT\n\n" + b"00:00.000 --> 00:03.000\na\n\n" * 15_001,
    ],
    ids=range(11),
)
def test_a_file_made_to_break_things_is_one_sentence(rooms: Rooms, interview: UUID, file: bytes) -> None:
    """At once, and nothing of it is kept."""
    browser, page = rooms.client(Role.INTERVIEWER), f"/interviews/{interview}/translations"
    before = review.read(rooms.house, rooms.who[Role.INTERVIEWER], interview).version
    sent = {"into": "en", "version": str(before), "file": (io.BytesIO(file), "a")}
    answer = browser.post(f"{page}/file", on=page, **sent)
    assert answer.status_code == 400
    assert "in UTF-8" in text_of(answer)
    assert review.read(rooms.house, rooms.who[Role.INTERVIEWER], interview).version == before


def test_a_name_in_the_title_stops_nobody_from_looking(rooms: Rooms, interview: UUID) -> None:
    """The preview says so, with the way to the title; it cannot be approved."""
    browser, who = rooms.client(Role.INTERVIEWER), rooms.who[Role.INTERVIEWER]
    found = review.read(rooms.house, who, interview)
    key = next(one.key for one in found.roster.people if any("лебедев" in form for form in one.forms))
    titled = Describe(replace(found.description, title="Дочь Лебедевой, Соколовой"), 2026)
    on = changes.make(rooms.house, who, interview, titled, found.version)
    clash = {"choices": {key: {"decision": "conceal", "cover": "Лебедева"}}, "extra": []}
    put(rooms.house, who, interview, {PaperKind.DECISIONS: clash})
    shown = browser.get(f"/interviews/{interview}/preview")
    assert (shown.status_code, on) == (200, found.version + 1)
    assert "would still stand in the title" in text_of(shown)
    assert re.search(r'<button class="button act" disabled>', shown.text)
