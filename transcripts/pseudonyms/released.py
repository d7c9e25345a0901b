"""The released transcript: concealed mentions replaced, times untouched.

Only the words under a concealed mention change, and what replaces them bears their joined time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from transcripts.names.mention import Passage
from transcripts.names.people import Choice, Roster
from transcripts.pseudonyms.places import Replacement, filled, replacements
from transcripts.pseudonyms.silences import has_place, silences
from transcripts.words import Segment, Transcript, Word

MADE_BY = "pseudonyms"
_NEUTRAL_SPEAKER = re.compile(
    r"S\d+|[INR]|(?:speaker|voice|narrator|interviewer|спикер|голос|рассказчик|рассказчица|интервьюер)?[ _-]?\d*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Released:
    """A pseudonymised transcript, which says by itself what must not be heard."""

    transcript: Transcript

    @property
    def silences(self) -> list[tuple[float, float]]:
        """See the function of that name. Raises SoundNotFound."""
        return silences(self.transcript)


def pseudonymise(transcript: Transcript, roster: Roster, choices: Mapping[str, Choice]) -> Released:
    """The transcript with every concealed mention replaced by its cover or mark.

    ``choices`` by ``Person.key``. The roster's passages are the transcript's segments; mentions that no longer fit the
    text are looked for again by form, so that a stale roster conceals too much rather than too little. Doing it again
    to the result changes nothing.
    """
    passages = [Passage(segment.text, segment.language) for segment in transcript.segments]
    speakers = _neutral_speakers(transcript)
    segments = tuple(
        replace(_reworded(segment, here, transcript.seconds), speaker=speakers.get(segment.speaker or ""))
        for segment, here in zip(
            transcript.segments, replacements(passages, roster, choices, _withheld(transcript)), strict=True
        )
    )
    if transcript.made_by == MADE_BY and segments == transcript.segments:
        return Released(transcript)
    # Notes may hold hot words and file names: they stay behind.
    released = replace(transcript, id=str(uuid4()), parent=transcript.id, segments=segments, made_by=MADE_BY, notes={})
    return Released(released)


def _withheld(transcript: Transcript) -> list[list[Replacement]]:
    """What a transcript conceals already, as replacements that change nothing."""
    return [
        [
            Replacement(span.start, span.end, span.label, span.number, segment.text[span.start : span.end])
            for span in segment.withheld
        ]
        for segment in transcript.segments
    ]


def _reworded(segment: Segment, places: Sequence[Replacement], seconds: float) -> Segment:
    """The segment with the replacements made. Words that share a replacement share the time of all they replace."""
    if not places:
        return segment
    text, spans = filled(segment.text, places)
    words: list[Word] = []
    already = {(span.start, span.end) for span in segment.withheld}
    edge = 0
    for touched, here in _clusters(segment, places):
        words += segment.words[edge : touched.start]
        old = segment.words[touched.start : touched.stop]
        if already.issuperset((place.start, place.end) for place in here):
            words += old  # its time was judged when the name still stood there; a cover is longer or shorter to say
            edge = touched.stop
            continue
        base = segment.offsets[touched.start]
        piece = segment.text[base : segment.offsets[touched.stop - 1] + len(old[-1].text)]
        moved = [replace(place, start=place.start - base, end=place.end - base) for place in here]
        time = _time(segment.words, touched, seconds)
        words += [Word(new, *time, min(word.sureness for word in old)) for new in filled(piece, moved)[0].split()]
        edge = touched.stop
    made = replace(segment, words=(*words, *segment.words[edge:]), withheld=spans)
    assert made.text == text
    return made


def _time(words: Sequence[Word], touched: range, seconds: float) -> tuple[float, float]:
    """The joined time of words that are replaced together; no length at all if it cannot be trusted.

    As a word without a place all of it then takes the words around into the silence.
    """
    start = words[touched.start].start
    return start, max(words[n].end for n in touched) if has_place(words, touched, seconds) else start


def _clusters(segment: Segment, places: Sequence[Replacement]) -> Iterator[tuple[range, list[Replacement]]]:
    """Runs of words that the replacements touch, those that share a word together."""
    touched = range(0)
    here: list[Replacement] = []
    for place in places:
        words = segment.words_in(place.start, place.end)
        if here and words.start >= touched.stop:
            yield touched, here
            here = []
        touched = range(touched.start if here else words.start, words.stop)
        here = [*here, place]
    if here:
        yield touched, here


def _neutral_speakers(transcript: Transcript) -> dict[str, str | None]:
    """Labels of speakers as others may see them: a label that could be a name becomes S1, S2, … by first appearance."""
    labels = dict.fromkeys(segment.speaker for segment in transcript.segments if segment.speaker)
    neutral = {label for label in labels if _NEUTRAL_SPEAKER.fullmatch(label)}
    free = (f"S{n}" for n in range(1, len(labels) + len(neutral) + 1) if f"S{n}" not in neutral)
    return {label: label if label in neutral else next(free) for label in labels}
