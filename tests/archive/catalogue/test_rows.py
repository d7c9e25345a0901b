"""What goes in comes out, only for whoever may have it, and nobody's change is lost."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from archive.catalogue import (
    KIND_LAYER,
    Account,
    Blob,
    Catalogue,
    Kind,
    Ledger,
    Paper,
    PaperKind,
    Place,
    RowKey,
    SavedPassage,
    SavedSearch,
)
from archive.catalogue.shapes import from_document, to_document
from archive.consent import Excerpts, Naming, Research, Terms, Voice
from archive.errors import Conflict, IllegalMove, Refused, Tampered, Unknown
from archive.excerpt import Excerpt, ExcerptState
from archive.interview import Event, Interview, Stage, advance
from archive.policy import OPENS, Act, Layer, Permit, Role
from tests.archive.catalogue.catalogue_fakes import (
    FakeSealer,
    Sealing,
    a_blob,
    a_saved_passage,
    an_excerpt,
    an_interview,
    permit,
    stored_interview,
)


def _account(name: str = "Irina") -> Account:
    return Account(uuid4(), Role.INTERVIEWER, name, "$argon2id$…", "ru")


_LIKELY_TERMS = st.builds(
    Terms,
    naming=st.sampled_from(Naming),
    voice_for_research=st.just(Voice.OWN),
    voice_for_public=st.sampled_from(Voice),
    research=st.just(Research.AFTER_DATE),
    research_from=st.dates(),
    excerpts=st.sampled_from(Excerpts),
    embargo_until=st.none() | st.dates(),
)
_JSON = st.dictionaries(st.text(max_size=3), st.none() | st.booleans() | st.integers() | st.text(max_size=5))
_FINITE = st.floats(allow_nan=False, allow_infinity=False)
_VALUES = {
    Interview: st.builds(Interview, terms=_LIKELY_TERMS, seconds=st.none() | _FINITE),
    Excerpt: st.builds(Excerpt, start=_FINITE, end=_FINITE),
    Blob: st.builds(Blob, kind=st.just(Kind.CLIP), layer=st.just(Layer.PUBLIC), note=_JSON),
    Paper: st.builds(Paper, content=_JSON),
    Account: st.builds(Account),
    SavedPassage: st.builds(SavedPassage, start=_FINITE, end=_FINITE),
    SavedSearch: st.builds(SavedSearch),
}


@pytest.mark.parametrize("kind", _VALUES)
@given(data=st.data())
def test_any_value_comes_back_from_its_document(kind: type, data: st.DataObject) -> None:
    """Every field of every kind survives the way through JSON."""
    value = data.draw(_VALUES[kind])
    assert from_document(kind, json.loads(json.dumps(to_document(value)))) == value


def test_an_interview_comes_back_as_it_was_stored(catalogue: Catalogue, interview: Interview) -> None:
    """All its fields, in a later transaction."""
    with catalogue.reading() as ledger:
        assert ledger.interviews.get(interview.id) == interview
    assert interview.version == 1


def test_saving_moves_an_interview_on_and_counts_versions(catalogue: Catalogue, interview: Interview) -> None:
    """The stored version is the returned one."""
    with catalogue.writing() as ledger:
        saved = ledger.interviews.save(advance(interview, Event.TRANSCRIBE))
    with catalogue.reading() as ledger:
        assert ledger.interviews.get(interview.id) == saved == replace(interview, stage=Stage.TRANSCRIBED, version=2)


def test_listings_are_newest_first(catalogue: Catalogue, sealing: Sealing) -> None:
    """``all`` agrees with what was added."""
    made = [stored_interview(catalogue, sealing, stage=stage) for stage in Stage if stage is not Stage.WITHDRAWN]
    with catalogue.reading() as ledger:
        assert ledger.interviews.all() == made[::-1]


def test_an_accession_is_never_given_twice(catalogue: Catalogue) -> None:
    """Numbers go on within a year and start again in the next; a rolled back one was not given."""
    with catalogue.writing() as ledger:
        assert [ledger.interviews.next_accession(2026) for _ in range(2)] == ["2026-0001", "2026-0002"]
        assert ledger.interviews.next_accession(2027) == "2027-0001"
    with pytest.raises(IllegalMove), catalogue.writing() as ledger:
        advance(an_interview(accession=ledger.interviews.next_accession(2026)), Event.RELEASE)
    with catalogue.writing() as ledger:
        assert ledger.interviews.next_accession(2026) == "2026-0003"


@pytest.mark.parametrize("kind", Kind)
def test_a_blob_lies_in_the_layer_of_its_kind_only(kind: Kind) -> None:
    """A recording cannot be entered as released."""
    for layer in Layer:
        if layer is KIND_LAYER[kind]:
            assert Blob(uuid4(), uuid4(), kind, layer, 0, "").layer is layer
        else:
            with pytest.raises(ValueError, match="layer"):
                Blob(uuid4(), uuid4(), kind, layer, 0, "")


def test_blobs_are_found_newest_first(catalogue: Catalogue, interview: Interview, another: Interview) -> None:
    """By interview and kind; ``ids`` knows all."""
    old, new, other = a_blob(interview), a_blob(interview), a_blob(another)
    clip = a_blob(interview, Kind.CLIP, Layer.PUBLIC)
    with catalogue.writing() as ledger:
        for blob in (old, clip, new, other):
            ledger.blobs.add(blob)
    with catalogue.reading() as ledger:
        assert ledger.blobs.of(interview.id) == [new, clip, old]
        assert ledger.blobs.of(interview.id, Kind.RECORDING) == [new, old]
        assert ledger.blobs.newest(interview.id, Kind.RECORDING) == new
        assert ledger.blobs.newest(another.id, Kind.CLIP) is None
        assert ledger.blobs.ids() == {old.id, new.id, other.id, clip.id}
    with catalogue.writing() as ledger:
        ledger.blobs.remove(new.id)
        assert ledger.blobs.newest(interview.id, Kind.RECORDING) == old


def test_papers_open_for_the_right_permit_only(catalogue: Catalogue, interview: Interview, another: Interview) -> None:
    """Every act, and a permit for another interview: refused unless the policy opens the protected layer."""
    paper = Paper.new(interview.id, PaperKind.ROSTER, {"people": [{"forms": ["Лебедева"]}]})
    with catalogue.writing() as ledger:
        stored = ledger.papers.put(permit(interview), paper, 0)
        for act in Act:
            mine, foreign = Permit(act, interview.id), Permit(act, another.id)
            if Layer.PROTECTED in OPENS.get(act, ()):
                assert ledger.papers.get(mine, interview.id, PaperKind.ROSTER) == stored
            else:
                _refuses(ledger, mine, paper)
            _refuses(ledger, foreign, paper)
            _refuses(ledger, Permit(act, None), paper)
    assert "Лебедева" not in repr(stored)


def _refuses(ledger: Ledger, held: Permit, paper: Paper) -> None:
    with pytest.raises(Refused):
        ledger.papers.get(held, paper.interview, paper.kind)
    with pytest.raises(Refused):
        ledger.papers.parts(held, paper.interview, paper.kind)
    with pytest.raises(Refused):
        ledger.papers.put(held, paper, 1)


def test_papers_come_in_parts_in_their_order(catalogue: Catalogue, interview: Interview) -> None:
    """Windows written in any order come back in the order of their numbers, and go together."""
    mine = permit(interview)
    with catalogue.writing() as ledger:
        for part in (2, 0, 1):
            ledger.papers.put(mine, Paper.new(interview.id, PaperKind.WINDOW, {"n": part}, part), 0)
        assert [p.content["n"] for p in ledger.papers.parts(mine, interview.id, PaperKind.WINDOW)] == [0, 1, 2]
        ledger.papers.remove(interview.id, PaperKind.WINDOW)
        assert ledger.papers.parts(mine, interview.id, PaperKind.WINDOW) == []
        assert ledger.papers.get(mine, interview.id, PaperKind.WINDOW, 1) is None


def test_a_paper_is_put_over_the_expected_version_only(catalogue: Catalogue, interview: Interview) -> None:
    """Two reviewers who read the same version: the second is told."""
    mine = permit(interview)
    new = Paper.new(interview.id, PaperKind.DECISIONS, {"a": "conceal"})
    with catalogue.writing() as ledger:
        with pytest.raises(Conflict):
            ledger.papers.put(mine, new, 1)
        first = ledger.papers.put(mine, new, 0)
        second = ledger.papers.put(mine, replace(first, content={"a": "keep"}), first.version)
        for stale in (0, 1, 3):
            with pytest.raises(Conflict):
                ledger.papers.put(mine, replace(first, content={"a": "conceal"}), stale)
        assert ledger.papers.get(mine, interview.id, PaperKind.DECISIONS) == second
    assert (first.version, second.version) == (1, 2)


def _save_interview(ledger: Ledger, sealing: Sealing) -> tuple[Any, Callable[[Any], Any]]:
    new = an_interview()
    sealing.make(new.id)
    return ledger.interviews.add(new), lambda value: ledger.interviews.save(replace(value, title="иначе"))


def _save_excerpt(ledger: Ledger, sealing: Sealing) -> tuple[Any, Callable[[Any], Any]]:
    interview, _ = _save_interview(ledger, sealing)
    added = ledger.excerpts.add(an_excerpt(interview))
    return added, lambda value: ledger.excerpts.save(replace(value, agreed_on=date(2026, 6, 1)))


def _save_account(ledger: Ledger, _sealing: Sealing) -> tuple[Any, Callable[[Any], Any]]:
    return ledger.accounts.add(_account()), lambda value: ledger.accounts.save(replace(value, disabled=True))


@pytest.mark.parametrize("made", [_save_interview, _save_excerpt, _save_account])
def test_a_change_to_what_was_changed_meanwhile_is_a_conflict(
    catalogue: Catalogue, sealing: Sealing, made: Any
) -> None:
    """The second of two saves of one version raises, and the first stays; so does a save of what never was."""
    with catalogue.writing() as ledger:
        value, save = made(ledger, sealing)
        stored = save(value)
        assert stored.version == value.version + 1
        with pytest.raises(Conflict):
            save(value)
        with pytest.raises(Conflict):
            save(replace(stored, version=stored.version + 1))
        assert save(stored).version == stored.version + 1
        if not isinstance(value, Account):
            return
        with pytest.raises(Unknown):
            save(replace(value, id=uuid4(), name="Nobody"))


def test_excerpts_and_their_passages(catalogue: Catalogue, interview: Interview, another: Interview) -> None:
    """Found by interview and state, with the words they show."""
    with catalogue.writing() as ledger:
        first, second = (ledger.excerpts.add(an_excerpt(each)) for each in (interview, another))
        published = ledger.excerpts.save(replace(second, state=ExcerptState.PUBLISHED))
        ledger.excerpts.set_passage(first.id, {"words": ["завод"]})
        ledger.excerpts.set_passage(first.id, {"words": ["завод", "[имя]"]})
        with pytest.raises(Unknown):
            ledger.excerpts.set_passage(uuid4(), {})
    with catalogue.reading() as ledger:
        assert ledger.excerpts.get(first.id) == first
        assert ledger.excerpts.of(interview.id) == [first]
        assert ledger.excerpts.published() == [published]
        assert ledger.excerpts.all() == [published, first]
        assert ledger.excerpts.passage(first.id) == {"words": ["завод", "[имя]"]}
        with pytest.raises(Unknown):
            ledger.excerpts.passage(second.id)
    with catalogue.writing() as ledger:
        ledger.excerpts.clear_passage(first.id)
        with pytest.raises(Unknown):
            ledger.excerpts.passage(first.id)
        assert ledger.verify() == []


class _Witness(FakeSealer):
    """A sealer that tells under which key each table's rows were sealed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, Layer | None, UUID | None]] = set()

    def seal(self, key: RowKey, place: Place, value: Mapping[str, Any]) -> bytes:
        self.seen.add((place.table, *key))
        return super().seal(key, place, value)


def test_every_row_lies_under_the_key_of_its_layer(path: Path) -> None:
    """What is protected under the interview's protected key; what withdrawal must reach never under the archive's."""
    witness = _Witness()
    with contextlib.closing(Catalogue.open(path, witness)) as catalogue, catalogue.writing() as ledger:
        made = ledger.interviews.add(an_interview())
        ledger.excerpts.set_passage(ledger.excerpts.add(an_excerpt(made)).id, {})
        account = ledger.accounts.add(_account())
        ledger.notebook.keep(a_saved_passage(made, account))
        ledger.notebook.keep_search(SavedSearch(uuid4(), account.id, date(2026, 5, 17), "завод"))
        ledger.marks.put("mark", {})
        for kind in PaperKind:
            ledger.papers.put(permit(made), Paper.new(made.id, kind, {}), 0)
        by_table = {(name, Layer.RELEASED) for name in ("interviews", "excerpts", "passages", "saved_passages")}
        assert witness.seen == {
            (table, layer, made.id) for table, layer in by_table | {("papers", Layer.PROTECTED)}
        } | {
            ("accounts", None, None),
            ("marks", None, None),
            ("saved_searches", None, None),
        }
        for kind, layer in KIND_LAYER.items():
            witness.seen.clear()
            ledger.blobs.add(a_blob(made, kind, layer))
            expected = Layer.PROTECTED if layer is Layer.PROTECTED else Layer.RELEASED
            assert witness.seen == {("blobs", expected, made.id)}


def test_a_notebook_is_its_owners(catalogue: Catalogue, interview: Interview, another: Interview) -> None:
    """Newest first, found by account alone; what another person takes out stays; all of it goes with the account."""
    with catalogue.writing() as ledger:
        anna, boris = ledger.accounts.add(_account("Anna")), ledger.accounts.add(_account("Boris"))
        first, second = (ledger.notebook.keep(a_saved_passage(each, anna)) for each in (interview, another))
        search = ledger.notebook.keep_search(SavedSearch(uuid4(), anna.id, date(2026, 5, 17), "завод"))
        ledger.notebook.drop(boris.id, first.id)
        ledger.notebook.drop_search(boris.id, search.id)
    with catalogue.writing() as ledger:
        changed = ledger.notebook.change(replace(first, note="иначе"))
        with pytest.raises(Conflict):
            ledger.notebook.change(replace(first, note="ещё иначе"))
        assert ledger.notebook.of(anna.id) == [second, changed]
        assert ledger.notebook.get(anna.id, first.id) == changed
        assert ledger.notebook.searches_of(anna.id) == [search]
        assert (ledger.notebook.counts(anna.id), ledger.notebook.counts(boris.id)) == ((2, 1), (0, 0))
        assert (ledger.notebook.holds(anna.id, interview.id), ledger.notebook.holds(boris.id, interview.id)) == (
            True,
            False,
        )
        with pytest.raises(Unknown):
            ledger.notebook.get(boris.id, first.id)
        ledger.notebook.burn(anna.id)
        assert ledger.notebook.counts(anna.id) == (0, 0)
        assert ledger.verify() == []
    assert "завод" not in repr((first, search))
    assert "Про" not in repr(first)


def test_accounts_are_found_by_any_casing_of_their_name(catalogue: Catalogue) -> None:
    """``Irina``, `` irina `` and ``IRINA`` are one user; nobody else may take the name."""
    with catalogue.writing() as ledger:
        irina, other = ledger.accounts.add(_account()), ledger.accounts.add(_account("Дмитрий"))
    with catalogue.writing() as ledger, pytest.raises(Conflict):
        ledger.accounts.add(_account("IRINA"))
    with catalogue.reading() as ledger:
        assert [ledger.accounts.by_handle(name) for name in ("Irina", " irina ", "IRINA")] == [irina] * 3
        assert ledger.accounts.by_handle("дмитрий") == other
        assert ledger.accounts.by_handle("irin") is None
        assert ledger.accounts.all() == [irina, other]
    assert "Irina" not in repr(irina)
    assert "argon" not in repr(irina)


def test_what_somebody_did_since_is_found_without_reading_the_log(catalogue: Catalogue) -> None:
    """Of that act, that account and that day alone; by the index."""
    anna, boris, one, other = (uuid4() for _ in range(4))
    with catalogue.writing() as ledger:
        for who, act, subject, day in (
            (anna, "read", one, 16),
            (anna, "read", other, 17),
            (anna, "read", other, 18),
            (anna, "hear", one, 18),
            (anna, "read", None, 18),
            (boris, "read", one, 18),
        ):
            ledger.audit.append(act, who, subject, datetime(2026, 5, day, tzinfo=UTC))
    plans = []

    def explain(_c: object, cursor: Any, statement: str, parameters: Any, _x: object, _many: bool) -> None:
        if "FROM audit" in statement:
            plans.append(str(cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()))

    event.listen(catalogue._reader, "before_cursor_execute", explain)
    with catalogue.reading() as ledger:
        assert ledger.audit.subjects(["read"], anna, datetime(2026, 5, 17, tzinfo=UTC)) == {other}
        assert ledger.audit.subjects(["hear", "read"], anna, datetime(2026, 5, 17, tzinfo=UTC)) == {one, other}
        assert ledger.audit.subjects(["read"], boris, datetime(2026, 5, 17, tzinfo=UTC)) == {one}
    assert len(plans) == 3
    assert all("ix_audit_who_at (who=? AND at>?)" in plan for plan in plans)


def test_a_mark_keeps_what_was_put_last(catalogue: Catalogue) -> None:
    """Names do not touch each other."""
    with catalogue.writing() as ledger:
        ledger.marks.put("index", {"generation": 1})
        ledger.marks.put("other", {})
        ledger.marks.put("index", {"generation": 2, "digest": "ab"})
    with catalogue.reading() as ledger:
        assert ledger.marks.get("index") == {"generation": 2, "digest": "ab"}
        assert ledger.marks.get("other") == {}
        assert ledger.marks.get("nothing") is None


@pytest.mark.parametrize("ask", ["interviews", "blobs", "excerpts", "accounts", "jobs"])
def test_what_is_not_there_is_unknown(catalogue: Catalogue, ask: str) -> None:
    """An id nobody gave."""
    with catalogue.reading() as ledger, pytest.raises(Unknown):
        getattr(ledger, ask).get(uuid4())


def test_a_row_of_an_unknown_interview_is_refused(catalogue: Catalogue, sealing: Sealing) -> None:
    """Nothing hangs in the air: an interview's row comes first."""
    nobody = an_interview()
    sealing.make(nobody.id)
    for act in (
        lambda ledger: ledger.blobs.add(a_blob(nobody)),
        lambda ledger: ledger.jobs.enqueue(nobody.id, "received"),
        lambda ledger: ledger.papers.put(permit(nobody), Paper.new(nobody.id, PaperKind.ROSTER, {}), 0),
    ):
        with catalogue.writing() as ledger, pytest.raises(Unknown):
            act(ledger)


def test_a_document_of_another_shape_is_tampered_and_not_quoted() -> None:
    """Neither the message nor any cause of it holds what was in the document."""
    document = to_document(an_interview()) | {"terms": {"naming": "Лебедева"}}
    with pytest.raises(Tampered) as caught:
        from_document(Interview, document)
    assert "Лебедева" not in f"{caught.value} {caught.value.__cause__!r} {caught.value.__context__!r}"


def test_a_field_added_later_takes_its_default(interview: Interview) -> None:
    """A document sealed by an earlier version still opens."""
    document = to_document(interview)
    del document["redaction"]
    assert from_document(Interview, document) == replace(interview, redaction=0)


def test_identifiers_stay_identifiers() -> None:
    """UUIDs do not come back as text, nor dates as times."""
    value = from_document(Interview, to_document(an_interview()))
    assert type(value.id) is UUID
    assert type(value.day) is date
