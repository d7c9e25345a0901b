"""Everything that can go wrong in transcripts/, as one tree.

Each error has a ``code`` (stable, for logs and job notes: it never holds a name, a text or a file name), a ``says``
for people (English; translated where it is shown) and ``facts``: numbers that fill the braces of ``says``.
Foreign errors are translated at the border where they arise and kept as the cause.
"""

from __future__ import annotations

from typing import ClassVar


class GolosaError(Exception):
    """What this tree and that of archive/errors.py have in common."""

    code: ClassVar[str] = "golosa"
    says: str = "The work could not be done."

    def __init__(self, detail: str = "", **facts: float | int | str) -> None:
        """``detail`` is for developers and must not hold content; ``facts`` are numbers, sizes or fixed words."""
        super().__init__(detail or self.says)
        self.facts = facts

    def told(self) -> str:
        """The sentence for a person, in English."""
        return self.says.format(**self.facts)


class TranscriptsError(GolosaError):
    """The root of the tree."""

    code = "transcripts"


class MalformedTranscript(TranscriptsError):
    """A transcript, word or span that cannot be."""

    code = "malformed-transcript"
    says = "This is not a transcript that can be read: check the file and its format."


class SoundError(TranscriptsError):
    """Root of what is wrong with a sound file."""

    code = "sound"


class EmptyFile(SoundError):
    """Zero bytes."""

    code = "sound-empty"
    says = "The file is empty. Copy the recording again and send it once more."


class NotSound(SoundError):
    """Not a sound or video file of a format that is read here."""

    code = "sound-unknown"
    says = "This is not a sound or video file. Send WAV, MP3, M4A, Opus, OGG, AMR, FLAC, MP4 or WebM."


class Unreadable(SoundError):
    """Begins like a sound file of a known kind, and not one second of it can be decoded."""

    code = "sound-unreadable"
    says = (
        "The file begins like a recording but nothing of it can be read: it was cut off while recording or copying."
        " Keep the original, and send the file again from the device that recorded it."
    )


class NoAudioStream(SoundError):
    """A video without sound, or a picture."""

    code = "sound-no-audio"
    says = "The file holds no sound. Was the right file chosen?"


class OddFormat(SoundError):
    """Sample rate or channel count that no microphone makes."""

    code = "sound-odd-format"
    says = (
        "No recorder makes sound like this: {rate} Hz, number of channels {channels}. The file is damaged or was"
        " changed on the way: send it again from the device that recorded it."
    )


class TooLong(SoundError):
    """Longer than the limit in the settings."""

    code = "sound-too-long"
    says = "The recording is longer than {hours:g} hours. Split it and send the parts."


class Damaged(SoundError):
    """Fewer (or more) seconds could be decoded than the file declares."""

    code = "sound-damaged"
    says = (
        "The file says it holds {declared:.0f} s but only {decoded:.0f} s can be read. It is damaged or was cut off"
        " while copying: send it again from the device that recorded it. If there is no better copy, go on with what"
        " can be read."
    )


class BadSpans(SoundError):
    """A span to conceal is not two numbers in order."""

    code = "sound-bad-spans"
    says = "Span {number} cannot be concealed: give its start and end in seconds, the start first."


class SoundNotFound(SoundError):
    """Where a withheld word is heard cannot be told: neither its own time nor its neighbours' makes sense."""

    code = "sound-not-found"
    says = (
        "A concealed name is in the text but it is not known when it is heard: listen near {places}, mark the seconds"
        " to be silenced, then approve again."
    )


class DecoderStopped(SoundError):
    """The limited child process that decodes was ended: out of memory, of time, or crashed."""

    code = "sound-decoder-stopped"
    says = "The sound could not be decoded within the limits set for it. The file may be damaged or made to do harm."


class ToolMissing(SoundError):
    """The ffmpeg binary is not there."""

    code = "sound-tool-missing"
    says = "A part for working with sound is missing: run “make install” again."


class SpeechError(TranscriptsError):
    """Root of what is wrong with recognition."""

    code = "speech"


class ModelMissing(SpeechError):
    """No such model on this machine, and it cannot or must not be downloaded now."""

    code = "model-missing"
    says = (
        "The speech model “{model}” is not on this machine. With a network: “golosa model fetch {model}”."
        " Without one: copy its folder here and set speech.model to its path. The recording stays and waits."
    )


class ModelDamaged(SpeechError):
    """The model's folder is there but cannot be loaded."""

    code = "model-damaged"
    says = "The speech model “{model}” is damaged or incomplete: fetch it again with “golosa model fetch {model}”."


class EngineMissing(SpeechError):
    """The settings name a model for an engine that is not installed."""

    code = "engine-missing"
    says = "This speech model needs “{engine}”, which is not installed: pip install golosa[{engine}]"


class FetchFailed(SpeechError):
    """A model could not be downloaded."""

    code = "model-not-fetched"
    says = (
        "The speech model “{model}” could not be downloaded ({reason}). What has arrived is kept: try again,"
        " or copy the model’s folder here from another machine."
    )


class RecognizerFailed(SpeechError):
    """The engine failed in the middle of a recording."""

    code = "recognizer-failed"
    says = "Listening stopped at {second:.0f} s. What was heard so far is kept; try again."


class NoSpeech(SpeechError):
    """Nobody was heard in the whole recording: not one word of it could be concealed, so none of it may go on."""

    code = "no-speech"
    says = (
        "No speech was found in the whole recording. Listen to your copy of the file: if nobody speaks in it, was the"
        " right one chosen? If somebody does, try again with a larger speech model. The recording stays and waits."
    )


class NameInTitle(TranscriptsError):
    """A title or a line of context that would still name somebody after pseudonymisation."""

    code = "name-in-title"
    says = "A concealed name would still stand in the title or the context. Look at the cover names."


class BadNames(TranscriptsError):
    """A list of names (public figures, protected names) that cannot be read."""

    code = "names-list"
    says = "The list of names cannot be read: check that it is a UTF-8 text of the right form."


class OldRoster(BadNames):
    """The people of an interview as an older version kept them, or with a field damaged."""

    code = "old-roster"
    says = (
        "The people of this interview are kept in an older form. Send it back to review, or reopen it: names are then "
        "found anew."
    )


class BadFigures(BadNames):
    """A line of the list of public figures that cannot be read."""

    code = "figures-list"
    says = (
        "Line {line} of public_figures.toml cannot be read. Write one person a line, in UTF-8: first name, patronymic,"
        " surname; the same in Latin letters; who that is."
    )
