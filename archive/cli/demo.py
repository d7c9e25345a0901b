"""``golosa demo``: a throw-away archive, filled before your eyes by the same code that fills a real one.

Nothing is preloaded. Two bundled recordings go through intake, recognition, names, review, masking, verification and
the index; only the reviewer's keys are pressed here, each as the archive proposes it.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from archive import parts, worker
from archive.acts import access, accounts, answers, approval, excerpts, intake, research, review, worklist
from archive.catalogue import Job
from archive.cli.archive import read_consent
from archive.cli.reading import as_object, as_text
from archive.cli.serving import Processes
from archive.collection import MAIN
from archive.consent import Voice
from archive.i18n import preferred
from archive.interview import Stage
from archive.parts import Archive
from archive.policy import OPERATOR, Principal, Role
from archive.settings import load
from archive.vault.hardening import harden
from transcripts.formats.clock import timecode
from transcripts.names import Choice, Decision
from transcripts.shipped import shipped

_INTERVIEWS = ("irina", "dmitry")
_QUERY = "граница"
_EXCERPT = "чемодан"
_SETTINGS = """\
[speech]
model = "demo"

[web]
second_factor_for = []  # nobody's phone is at hand for a throw-away archive; a real one leaves this out
"""
_ROLES = (Role.INTERVIEWER, Role.ARCHIVIST, Role.HISTORIAN, Role.ADMIN)
_STAGES = {
    Stage.RECEIVED: "listening",
    Stage.TRANSCRIBED: "looking for names",
    Stage.APPROVED: "masking the sound",
    Stage.MASKED: "listening again for concealed names",
    Stage.VERIFIED: "indexing",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demo account."""

    role: Role
    name: str
    password: str
    who: Principal


@click.command()
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="Keep the demo archive in this folder.")
@click.option("--port", type=int, help="Instead of 8000.")
@click.option("--no-serve", is_flag=True, help="Do the work, print the result, end.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def demo(home: Path | None, port: int | None, no_serve: bool, as_json: bool) -> None:
    """Make a throw-away archive from two interviews, and serve it.

    The recordings are bundled, and really go through the whole archive. Bundled too is a speech model that knows only
    their synthetic voices; people’s speech needs one of Whisper’s (“golosa model fetch small”).
    """
    console = Console(stderr=True)
    place = home or Path(tempfile.mkdtemp(prefix="golosa-demo-"))
    passphrase = "-".join(secrets.token_hex(3) for _ in range(6))
    house = _made(place, passphrase)
    try:
        signed = [_account(house, role) for role in _ROLES]
        interviewer, archivist, historian = (one.who for one in signed[:3])
        _granted(house, archivist, historian)
        ids = [_received(house, interviewer, name) for name in _INTERVIEWS]
        _with_bars(house, ids, console)
        concealed = {id: _reviewed(house, interviewer, id) for id in ids}
        _with_bars(house, ids, console)
        told = _told(house, archivist, ids, concealed)
        hits = as_text(answers.search(house, archivist, _QUERY))
    finally:
        house.close()
    told |= {"home": str(place), "passphrase": passphrase, "sign_ins": {one.name: one.password for one in signed}}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _as_text(told, hits))
    if not no_serve:
        address = f"http://127.0.0.1:{port or 8000}"
        console.print(f"\nServed at [bold]{address}[/bold]. Ctrl-C ends it.", highlight=False)
        Processes(place, passphrase, port).run()


def _made(place: Path, passphrase: str) -> Archive:
    harden()
    place.mkdir(parents=True, exist_ok=True)
    parts.make(load(place), passphrase)
    (place / "golosa.toml").write_text(_SETTINGS, encoding="utf-8")
    return parts.unlock(load(place), passphrase)


def _account(house: Archive, role: Role) -> SignIn:
    name, password, language = role.value, secrets.token_urlsafe(9), preferred(os.environ)
    account = accounts.accept(house, accounts.invite(house, OPERATOR, role), (name, password), language)
    return SignIn(role, name, password, Principal(role, account.id))


def _granted(house: Archive, archivist: Principal, historian: Principal) -> None:
    """A year's access to the interviews, with the terms accepted: what two people do in a real archive."""
    assert historian.account is not None
    made = access.grant(house, archivist, historian.account, MAIN, house.today() + timedelta(days=365))
    access.accept_terms(house, historian, made.id)


def _received(house: Archive, who: Principal, name: str) -> UUID:
    form = read_consent(shipped(f"demo/{name}.toml"))
    with shipped(f"demo/{name}.opus").open("rb") as source:
        return intake.receive(house, who, source, replace(form, file_name=f"{form.consent.narrator}.opus")).interview.id


def _reviewed(house: Archive, who: Principal, id: UUID) -> list[dict[str, Any]]:
    """Every proposal taken as it is made; what was concealed, for the reader of the demo."""
    current = review.read(house, who, id)
    choices = {
        person.key: Choice(
            Decision.CONCEAL if person.is_concealed(current.roster.proposed()) else Decision.PUBLIC_FIGURE
        )
        for person in current.roster.people
    }
    version = review.decide(house, who, id, choices, current.version)
    approval.approve(house, who, id, version)
    return [
        {"number": person.number, "label": person.label, "forms": list(person.forms), "mentions": len(person.mentions)}
        for person in current.roster.people
        if choices[person.key].decision is Decision.CONCEAL
    ]


def _told(
    house: Archive, who: Principal, ids: list[UUID], concealed: dict[UUID, list[dict[str, Any]]]
) -> dict[str, Any]:
    rows = [worklist.one(house, who, id) for id in ids]
    interviews = []
    for row in rows:
        facts = {"id": row.interview.accession, "stage": row.interview.stage, "seconds": row.interview.seconds}
        if row.interview.stage is Stage.RELEASED:
            facts["words"] = research.read(house, who, row.interview.id).transcript.word_count
        else:
            facts["problem"] = row.job.code if row.job else None
        people = concealed[row.interview.id]
        interviews.append({**facts, "concealed": sum(person["mentions"] for person in people), "people": people})
    found = answers.search(house, who, _QUERY)
    return {
        "interviews": interviews,
        "search": {"query": _QUERY, **as_object(found)},
        "excerpt": _published(house, who),
    }


def _published(house: Archive, who: Principal) -> dict[str, Any] | None:
    """One passage on its way to the public: proposed, agreed to by the narrator, published."""
    found = answers.search(house, who, _EXCERPT)
    if not found.results:
        return None
    result, passage = found.results[0], found.results[0].found[0]
    wish = excerpts.Wish(passage.start, passage.end, Voice.OWN, title="Один чемодан")
    made = excerpts.propose(house, who, result.interview.id, wish)
    excerpts.record_agreement(house, who, made.id, house.today())
    excerpts.publish(house, who, made.id)
    shown = excerpts.shown(house, made.id)
    return {
        "id": str(made.id),
        "interview": shown.accession,
        "seconds": shown.seconds,
        "text": " ".join(segment.text for segment in shown.segments),
    }


def _with_bars(house: Archive, ids: list[UUID], console: Console) -> None:
    """Runs the worker beside progress bars that read the catalogue, as the web's list does."""
    fault: list[BaseException] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=False) as progress:
        bars: dict[UUID, Any] = {}

        def begun(job: Job) -> None:
            with house.catalogue.reading() as ledger:
                interview = ledger.interviews.get(job.interview)
            label = f"{interview.accession}  {_STAGES.get(interview.stage, interview.stage)}"
            bars[job.id] = progress.add_task(label, total=1.0)

        thread = threading.Thread(target=_noting_faults(lambda: worker.work(house, begun), fault))
        thread.start()
        while thread.is_alive():
            thread.join(0.2)
            for id in ids:
                job = worklist.one(house, OPERATOR, id).job
                if job is not None and job.id in bars:
                    progress.update(bars[job.id], completed=job.progress)
        for bar in bars.values():
            progress.update(bar, completed=1.0)
    if fault:
        raise fault[0]


def _noting_faults(work: Callable[[], object], fault: list[BaseException]) -> Callable[[], None]:
    """A thread's target that hands its exception to whoever waits, instead of printing it."""

    def target() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # raised again in the thread that waits
            fault.append(error)

    return target


def _as_text(told: dict[str, Any], hits: str) -> str:
    lines = []
    for interview in told["interviews"]:
        lines.append(f"\n{interview['id']}  {interview['stage']}  {timecode(interview['seconds'] or 0)}")
        lines.append(f"  concealed, {interview['concealed']} places in text and sound:")
        for person in interview["people"]:
            lines.append(f"  {person['number']:>3}  {', '.join(person['forms'])}  ({person['mentions']})")
    lines.append(f"\nSearch for “{told['search']['query']}”: {hits}")
    if told["excerpt"]:
        lines.append(f"\nPublished excerpt of {told['excerpt']['interview']}: {told['excerpt']['text']}")
    lines.append("\nSign in as:")
    lines += [f"  {name:<12} {password}" for name, password in told["sign_ins"].items()]
    lines.append(f"\nThe demo archive lies in {told['home']}; its passphrase is {told['passphrase']}")
    lines.append("The speech model of this demo knows only the demo’s synthetic voices.")
    return "\n".join(lines)
