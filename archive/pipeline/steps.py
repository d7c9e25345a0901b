"""The steps: one row per thing the machine does at a stage, in order; the last row of a stage moves it on.

A step may be killed at any line and run again: it reads what is sealed, makes blobs, and decides nothing by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import numpy as np

from archive.catalogue import Kind, PaperKind
from archive.consent import Voice
from archive.errors import Conflict, NamesLeft, NotMasked, StillHeard, Unknown
from archive.interview import Event, Stage
from archive.pipeline import translated
from archive.pipeline.about import about
from archive.pipeline.bench import Bench, Windows
from archive.pipeline.called import called
from archive.search import packed, passages
from transcripts.formats.clock import timecode
from transcripts.names import Choice, Decisions, Passage, Roster, as_decided, group
from transcripts.names.hotwords import hotwords
from transcripts.pseudonyms import (
    Find,
    Listened,
    pseudonymise,
    second_pass,
    silences,
    still_heard,
    unwritten,
)
from transcripts.sound import (
    RATE,
    CanonicalSound,
    Limits,
    Played,
    SoundForm,
    Tone,
    Waveform,
    canonicalize,
    cuts,
    disguised,
    encode,
    masked,
    unmasked,
    without,
)
from transcripts.speech import Options, heard_again, transcribe
from transcripts.words import Segment, Transcript, joined


@dataclass(frozen=True, slots=True)
class Step:
    """``work`` on what ``needs`` names; ``event`` moves the interview on, None leaves that to the stage's next step.

    A step whose ``gives`` are all there already was done before the worker was killed, and is skipped. One that is done
    ``alone`` changes the index: from its work to its commit nobody else does.
    """

    event: Event | None
    work: Callable[[Bench], None]
    needs: tuple[Kind, ...] = ()
    gives: tuple[Kind, ...] = ()
    alone: bool = False


def decode(bench: Bench) -> None:
    """The one decode that recognition, masking, waveform and clips all read.

    What a damaged recording lacks is told, and stops it; a person can decide to go on with what can be read.
    """
    settings = bench.house.settings.intake
    goes_on = bench.interview.lost_seconds is not None
    with bench.open(Kind.RECORDING) as recording, bench.make(Kind.CANONICAL_SOUND, SoundForm.FLAC.mime) as out:
        done = canonicalize(
            recording,
            out,
            Limits(max_seconds=settings.max_hours * 3600, tolerate_damage=goes_on),
            lambda at, total: bench.progress(at / total * _DECODING if total else 0.0),
        )
    bench.learn(seconds=done.seconds, lost_seconds=None if done.is_whole else done.lost_seconds)


def listen(bench: Bench) -> None:
    """Speech to text, window by window, each one kept before the next is begun."""
    seconds = bench.interview.seconds or 1.0
    language = None if bench.interview.language == "auto" else bench.interview.language
    options = Options(
        language=language,
        hotwords=hotwords(bench.consent.concealed_names, language),
        transcript_id=str(bench.interview.id),
        sound_digest=bench.blob(Kind.CANONICAL_SOUND).sha256,
    )
    with bench.open(Kind.CANONICAL_SOUND) as file:
        heard = transcribe(
            CanonicalSound(file),
            bench.house.recognizer,
            options,
            Windows(bench),
            lambda at: bench.progress(_DECODING + (1 - _DECODING) * at / seconds),
        )
    bench.make_json(Kind.MACHINE_TRANSCRIPT, heard.as_json())


def find_names(bench: Bench) -> None:
    """Proposals for the reviewer; everything stays concealed until a person decides otherwise."""
    transcript = bench.transcript(Kind.MACHINE_TRANSCRIPT)
    named = _named(bench, transcript, bench.consent.concealed_names)
    bench.note(PaperKind.REVIEWED, {**transcript.as_json(), "id": str(uuid4()), "parent": transcript.id})
    bench.note(PaperKind.ROSTER, named.as_json())
    bench.note(PaperKind.DECISIONS, Decisions().as_json())


def mask(bench: Bench) -> None:
    """The approved decisions, applied to text, title and sound alike."""
    roster, choices = _decided(bench)
    reviewed = Transcript.from_json(bench.paper(PaperKind.REVIEWED))
    released = pseudonymise(reviewed, roster, choices)
    if left := second_pass(released.transcript, roster, choices):
        raise NamesLeft(places=_clock_times(second for second, _ in left))
    language = bench.interview.language
    find = partial(bench.house.detector.find, protected=_listed(bench))
    told = about(bench.paper(PaperKind.INTAKE), language, find, roster, choices)
    bench.learn(
        title=told.title,
        places=told.places,
        themes=told.themes,
        left_in=told.left_in,
        narrator=called(bench.consent, language, roster, choices),
    )
    bench.make_json(Kind.RELEASED_TRANSCRIPT, released.transcript.as_json())
    _translate(bench, released.transcript, told.title, find)
    quiet = _quiet(bench, released.transcript, choices)
    waveform = Waveform()
    with bench.make(Kind.MASKED_SOUND, SoundForm.OPUS.mime) as out:
        encode(waveform.through(_masked_blocks(bench, quiet)), out, SoundForm.OPUS)
    with bench.make(Kind.PEAKS) as out:
        out.write(waveform.peaks)


def verify(bench: Bench) -> None:
    """The masked sound as it will be given out: the tone alone where it must be, and no concealed name to be heard.

    What is found, a person listens to; what somebody listened to and cleared is found no more. The disguised voice is
    made of what was proved, from the published file itself: nothing can be left in it that is not in there.
    """
    roster, choices = _decided(bench)
    released = bench.transcript(Kind.RELEASED_TRANSCRIPT)
    listened = _listened(bench)
    quiet = _quiet(bench, released, choices)
    doubts = _not_masked(bench, quiet)
    if doubts and _depends_on(bench, quiet):
        _stop(bench, NotMasked, [(*span, "") for span in doubts], listened)
    with bench.open(Kind.MASKED_SOUND) as masked_file:
        published = Played(masked_file, _samples(bench))
        found = still_heard(_heard_again(bench, published), roster, choices, released, quiet)
        keys = {person.number: person.key for person in roster.people}
        _stop(bench, StillHeard, [(one.start, one.end, keys[one.number]) for one in found], listened)
        if bench.interview.terms.voice_for_research is Voice.DISGUISED:
            with bench.make(Kind.DISGUISED_SOUND, SoundForm.OPUS.mime) as out:
                encode(disguised(_blocks(published)), out, SoundForm.OPUS)


def release(bench: Bench) -> None:
    """The released text, and nothing else, goes into the index; its passages can be read one by one from now on."""
    house, interview = bench.house, bench.interview
    with house.catalogue.reading() as ledger:
        if ledger.interviews.get(interview.id) != interview:
            raise Conflict  # withdrawn or sent back meanwhile: whoever did that may have been at the index already
    transcript = bench.transcript(Kind.RELEASED_TRANSCRIPT)
    with bench.make(Kind.PASSAGES) as out:
        out.write(packed(transcript))
    cut = passages(interview.id, transcript, interview.recorded_on)
    house.keep_index_state(house.engine.replace({interview.id: cut}, house.index_state()))
    bench.learn(redaction=bench.interview.redaction + 1)


STEPS: dict[Stage, tuple[Step, ...]] = {
    Stage.RECEIVED: (
        Step(None, decode, needs=(Kind.RECORDING,), gives=(Kind.CANONICAL_SOUND,)),
        Step(Event.TRANSCRIBE, listen, needs=(Kind.CANONICAL_SOUND,), gives=(Kind.MACHINE_TRANSCRIPT,)),
    ),
    Stage.TRANSCRIBED: (Step(Event.FIND_NAMES, find_names, needs=(Kind.MACHINE_TRANSCRIPT,)),),
    Stage.APPROVED: (
        Step(
            Event.MASK,
            mask,
            needs=(Kind.CANONICAL_SOUND,),
            gives=(Kind.RELEASED_TRANSCRIPT, Kind.RELEASED_TRANSLATIONS, Kind.MASKED_SOUND, Kind.PEAKS),
        ),
    ),
    Stage.MASKED: (Step(Event.VERIFY, verify, needs=(Kind.MASKED_SOUND, Kind.CANONICAL_SOUND)),),
    Stage.VERIFIED: (Step(Event.RELEASE, release, needs=(Kind.RELEASED_TRANSCRIPT,), alone=True),),
}

_DECODING = 0.05
"""The share of the first stage's progress bar that the decode takes."""

_BLOCK = RATE * 30
"""Samples masked at a time: half a minute."""


def _clock_times(seconds: Iterable[float]) -> str:
    """Where to listen, without a word of what is there."""
    return ", ".join(timecode(second) for second in seconds)


def _decided(bench: Bench) -> tuple[Roster, Mapping[str, Choice]]:
    roster, decisions = as_decided(bench.paper(PaperKind.ROSTER), bench.paper(PaperKind.DECISIONS))
    return roster, decisions.choices


def _translate(bench: Bench, released: Transcript, title: str, find: Find) -> None:
    """The translations that were approved with the text, by the same decisions."""
    renderings: translated.Renderings = {}
    with suppress(Unknown):  # nobody translated it
        renderings = bench.paper(PaperKind.TRANSLATIONS)
    reviewed = bench.paper(PaperKind.REVIEWED)
    beside = translated.current(renderings, Transcript.from_json(reviewed), translated.turns_of(reviewed))
    given = [one for one in beside if any(one.segments)]
    made = list(translated.released(given, released, title, find, _decided(bench)))
    if left := [released.segments[n].start for one in made for n in one.left]:
        raise NamesLeft(places=_clock_times(left))
    bench.make_json(Kind.RELEASED_TRANSLATIONS, {"translations": [one.translation.as_json() for one in made]})
    bench.learn(translations=tuple(one.language for one in given))


def _listed(bench: Bench) -> tuple[str, ...]:
    return (*bench.consent.concealed_names, *Decisions.from_json(bench.paper(PaperKind.DECISIONS)).selected)


def _listened(bench: Bench) -> Listened:
    try:
        return Listened.from_json(bench.paper(PaperKind.LISTENED))
    except Unknown:  # nobody had to
        return Listened()


def _quiet(bench: Bench, released: Transcript, choices: Mapping[str, Choice]) -> list[tuple[float, float]]:
    """The seconds that must fall silent: what is withheld, what people marked, and names that left the text alone."""
    quiet = silences(released, _listened(bench).silenced)
    heard = bench.transcript(Kind.MACHINE_TRANSCRIPT)
    reviewed = Transcript.from_json(bench.paper(PaperKind.REVIEWED))
    if [one.text for one in heard.segments] == [one.text for one in reviewed.segments]:
        return quiet
    named = _named(bench, heard, _listed(bench))
    return joined([*quiet, *unwritten(heard, named, choices, released)])


def _named(bench: Bench, transcript: Transcript, listed: Sequence[str]) -> Roster:
    spoken = [Passage(segment.text, segment.language) for segment in transcript.segments]
    mentions = bench.house.detector.find(spoken, listed)
    return group(mentions, spoken, bench.house.settings.names.conceal_above)


def _not_masked(bench: Bench, quiet: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The seconds (from, to) in which the published file is not the tone alone where it must be."""
    tone = _tone(bench)
    with bench.open(Kind.MASKED_SOUND) as masked_file, bench.open(Kind.CANONICAL_SOUND) as file:
        original = CanonicalSound(file)
        return unmasked(Played(masked_file, original.samples), original, cuts(quiet, tone), tone)


def _depends_on(bench: Bench, quiet: Sequence[tuple[float, float]]) -> bool:
    """Whether another file comes of the recording when there is silence in it wherever nothing must be heard.

    If not, what was doubted is noise of the codec that resembles by chance what it covers.
    """
    made, tone = _Digest(), _tone(bench)
    with bench.open(Kind.CANONICAL_SOUND) as file:
        unsaid = without(CanonicalSound(file).blocks(_BLOCK), cuts(quiet, tone))
        encode(masked(unsaid, quiet, tone), made, SoundForm.OPUS)
    return made.sha256 != bench.blob(Kind.MASKED_SOUND).sha256


class _Digest:
    """A file of which only the digest is kept."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, piece: bytes | memoryview) -> int:
        """Takes the next bytes."""
        self._hash.update(piece)
        return len(piece)


def _stop(
    bench: Bench,
    error: type[NotMasked | StillHeard],
    found: Iterable[tuple[float, float, str]],
    listened: Listened,
) -> None:
    """Keeps what was found for those who listen, and raises ``error`` if nobody has listened to some of it."""
    left = [one for one in found if not listened.clears(one[0], one[2])]
    bench.note(PaperKind.FINDINGS, {"heard": [list(one) for one in left]})
    if left:
        raise error(places=_clock_times(start for start, _, _ in left))


def _samples(bench: Bench) -> int:
    with bench.open(Kind.CANONICAL_SOUND) as file:
        return CanonicalSound(file).samples


def _blocks(published: Played) -> Iterator[np.ndarray]:
    for start in range(0, published.samples, _BLOCK):
        yield published.read(start, start + _BLOCK)


def _heard_again(bench: Bench, published: Played) -> Iterator[list[Segment]]:
    """What the recognizer hears when it listens to everything.

    No names are given to it: under a tone a language model writes what it was told to expect, and a reviewer who has
    to clear every concealed place by ear soon clears without listening.
    """
    options = Options(
        language=None if bench.interview.language == "auto" else bench.interview.language,
        transcript_id="verification",
        sound_digest=bench.blob(Kind.MASKED_SOUND).sha256,
    )
    told = partial(_told, bench, published.seconds)
    return heard_again(published, bench.house.recognizer, options, Windows(bench), told)


def _told(bench: Bench, seconds: float, at: float) -> None:
    bench.progress(at / seconds)


def _tone(bench: Bench) -> Tone:
    settings = bench.house.settings.mask
    return Tone(hz=settings.tone_hz, pad_seconds=settings.pad_seconds)


def _masked_blocks(bench: Bench, quiet: Sequence[tuple[float, float]]) -> Iterator[np.ndarray]:
    with bench.open(Kind.CANONICAL_SOUND) as file:
        yield from masked(CanonicalSound(file).blocks(_BLOCK), quiet, _tone(bench))
