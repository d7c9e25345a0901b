"""How a passage is cited: four forms, and what hostile titles do to them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from archive.acts.citations import FORMS, Citation, bibtex, chicago, gost, place, ris

CITED = Citation(
    archive="Голоса",
    accession="2026-0042",
    redaction=2,
    language="ru",
    address="https://archive.example/interviews/1?v=2#t=754.00,791.20",
    seen_on=date(2026, 11, 26),
    title="Чемодан",
    narrator="Ирина",
    collection="Первая волна",
    recorded_on=date(2026, 5, 13),
    place=place(754.0, 791.2),
)


def test_chicago() -> None:
    """Narrator, title, number, day, version, place, collection, archive, access, address."""
    assert chicago(CITED) == (
        "Ирина. “Чемодан.” Interview 2026-0042, recorded May 13, 2026. Pseudonymised version 2, 12:34–13:11. "
        "Первая волна, Голоса. Accessed November 26, 2026. https://archive.example/interviews/1?v=2#t=754.00,791.20."
    )


def test_gost() -> None:
    """As an electronic resource."""
    assert gost(CITED) == (
        "Ирина. Чемодан : интервью № 2026-0042 от 13.05.2026 (псевдонимизировано, ред. 2) // Голоса : "
        "[архив устной истории]. Первая волна. 12:34–13:11. "
        "URL: https://archive.example/interviews/1?v=2#t=754.00,791.20 (дата обращения: 26.11.2026)."
    )


def test_what_is_not_known_is_left_out() -> None:
    """No narrator, no title, no day, no collection, the whole interview: still sentences."""
    bare = replace(
        CITED, title="", narrator="", collection="", recorded_on=None, place="", address="https://a.example/1"
    )
    assert chicago(bare) == (
        "Interview 2026-0042. Pseudonymised version 2. Голоса. Accessed November 26, 2026. https://a.example/1."
    )
    assert gost(bare) == (
        "Интервью № 2026-0042 (псевдонимизировано, ред. 2) // Голоса : [архив устной истории]. "
        "URL: https://a.example/1 (дата обращения: 26.11.2026)."
    )
    assert "author" not in bibtex(bare)
    assert "AU  -" not in ris(bare)


def test_bibtex_and_ris_hold_the_same() -> None:
    """Each fact under its field."""
    entry, record = bibtex(CITED), ris(CITED)
    assert entry.startswith("@misc{golosa-2026-0042-v2-12-34-13-11,\n")
    for line in (
        "  author = {{Ирина}},",
        "  title = {Чемодан},",
        "  date = {2026-05-13},",
        "  urldate = {2026-11-26},",
    ):
        assert line in entry
    assert f"  url = {{{CITED.address}}}," in entry
    assert "version 2, 12:34--13:11, Первая волна, Голоса" in entry
    assert record.startswith("TY  - PCOMM\r\nAU  - Ирина\r\nTI  - Чемодан\r\n")
    assert record.endswith("ER  - \r\n")
    for line in ("DA  - 2026/05/13/", "M1  - 2026-0042", "ET  - 2", "SE  - 12:34–13:11", "Y2  - 2026/11/26/"):
        assert f"\r\n{line}\r\n" in record


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_title_breaks_out_of_its_field(title: str, narrator: str, note: str) -> None:
    """Braces stay even, a record keeps its lines, whatever somebody typed into a title or a note."""
    cited = replace(CITED, title=title, narrator=narrator)
    entry = bibtex(cited, note)
    given = bool(note.split()) - (not narrator.split())
    assert entry.count("\n") == bibtex(CITED).count("\n") + given
    depth = [entry[:end].count("{") - entry[:end].count("}") for end in range(1, len(entry))]
    assert min(depth[5:]) > 0, "BibTeX counts every brace, whatever stands before it"
    assert entry.count("{") == entry.count("}")
    tags = re.findall(r"^(..)  - ", ris(cited, note), re.MULTILINE)
    assert len(tags) == len(set(tags)) + bool(note.split())
    assert tags[-1] == "ER"
    assert all(FORMS[name](cited) for name in FORMS)
