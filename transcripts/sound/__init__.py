"""Sound: uploads in, one canonical recording; masked, drawn and coded for people. The only user of PyAV and ffmpeg.

All samples are int16, 16 kHz, mono; times are seconds, places are sample indexes of the canonical recording.
"""

from transcripts.sound.child import RATE
from transcripts.sound.decoder import canonicalize, probe, streamed, walls
from transcripts.sound.disguise import disguised
from transcripts.sound.encode import SoundForm, decoded, encode
from transcripts.sound.files import Readable, Writable
from transcripts.sound.flac import CanonicalSound, Playable
from transcripts.sound.limits import Decoded, Limits, SoundInfo
from transcripts.sound.mask import Tone, cuts, masked
from transcripts.sound.peaks import Waveform
from transcripts.sound.proof import Played, unmasked, without

__all__ = [
    "RATE",
    "CanonicalSound",
    "Decoded",
    "Limits",
    "Playable",
    "Played",
    "Readable",
    "SoundForm",
    "SoundInfo",
    "Tone",
    "Waveform",
    "Writable",
    "canonicalize",
    "cuts",
    "decoded",
    "disguised",
    "encode",
    "masked",
    "probe",
    "streamed",
    "unmasked",
    "walls",
    "without",
]
