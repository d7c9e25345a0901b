"""Sentences that Whisper's models write where nobody speaks: credits and farewells of the subtitles they learned from.

Only a segment that is nothing else is left out; the same words inside somebody's sentence stay.
"""

from __future__ import annotations

import re

_CREDITS = re.compile(
    r"(?:субтитр\w*|редактор субтитров|корректор|subtitles?|captions?|transcription) (?:\w+ )*?"
    r"(?:dimatorzok|симон|by|amara\w*|семкин|егорова|кулакова|закомолдина|новикова)\b.*"
    r"|(?:редактор субтитров|корректор|субтитрувальниця|субтитры (?:сделал|делал|создавал|добавил|подогнал)) .*"
)
_WHOLE = {
    "продолжение следует",
    "спасибо за просмотр",
    "спасибо за внимание спасибо за просмотр",
    "спасибо за субтитры",
    "подписывайтесь на канал",
    "подписывайтесь на мой канал",
    "ставьте лайки и подписывайтесь на канал",
    "не забудьте подписаться на канал",
    "добро пожаловать на наш канал",
    "dimatorzok",
    "дякую за перегляд",
    "дякуємо за перегляд",
    "підписуйтесь на канал",
    "підписуйтеся на канал",
    "дякую за підписку",
    "thanks for watching",
    "thank you for watching",
    "please subscribe",
    "please subscribe to my channel",
    "like and subscribe",
}


def is_phantom(text: str) -> bool:
    """Whether the whole of ``text`` is such a sentence, however it is written."""
    plain = " ".join(re.findall(r"\w+", text.lower().replace("ё", "е")))
    return plain in _WHOLE or _CREDITS.fullmatch(plain) is not None
