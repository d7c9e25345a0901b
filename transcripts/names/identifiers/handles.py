"""Names in networks: links, “@name”, “мой ник в телеграме …”, “I'm … on Instagram”, “т точка ми слэш …”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transcripts.names.identifiers.cues import DOT, NETWORK, NICK
from transcripts.names.identifiers.emails import SIGN
from transcripts.names.identifiers.speech import Find, Speech
from transcripts.names.lexicon import CYRILLIC, facts
from transcripts.names.mention import Label

_LINK = re.compile(
    r"(?<![\w@])(?:https?://)?(?:www\.|m\.)?(?:t\.me|telegram\.me|wa\.me|vk\.com|vk\.ru|ok\.ru|instagram\.com"
    r"|facebook\.com|fb\.com|fb\.me"
    r"|twitter\.com|x\.com|tiktok\.com|linkedin\.com/in|github\.com|threads\.net|linktr\.ee"
    r"|bsky\.app/profile)/[\w./@?=&%-]*\w"
)
_BLOG = re.compile(r"(?<!\w)[a-z][\w-]*\.(?:livejournal|blogspot|tumblr)\.com")
_SAYS_SO = re.compile(r"(?<!\w)(?:is|was|it's|it’s|i'm|i’m|im|i am|my|me|as|under|called)(?!\w)|:")
_SELF = re.compile(
    r"(?<!\w)(?:я|меня|мене|мой|мій|моя|там|ник\w*|нік\w*|зовут|звали|называюсь|под|подписан\w?|ищите|найдите"
    r"|нахожусь|собака|собачка|i'm|i’m|im"
    r"|i am|my|me|under|as|is|was)(?!\w)|:"
)
_AT = re.compile(r"(?<![\w@])@[\w.]{2,}\w(?:@[\w-]+(?:\.[\w-]+)+)?|(?<![\w@])@\w(?![\w.])")
_UNDERSCORE = re.compile(r"(?<![\w@./#])[a-z]\w*_\w+(?![\w@])")
# A number after it belongs to it.
_NAME = rf"(?P<name>[\w.-]*\w(?:[\s,…]{{0,3}}{SIGN}[\s,…]{{0,3}}[\w.-]*\w)*(?:[\s,]{{1,2}}\d+(?!\w))*)"
_SIGNS = re.compile(
    rf"(?<!\w)(?!(?:an?|the|with|no|and|c|с|и|без|через|один|одно|есть"
    rf"|там)(?!\w))[\w.]*\w(?:[\s,…]{{1,3}}{SIGN}[\s,…]{{1,3}}[\w.]*\w)+(?!\w)"
)
_UNDERLINE = re.compile(r"нижн|подч[её]рк|підкресл|андерскор|underscore")
_SPOKEN_LINK = re.compile(
    rf"(?<!\w)(?:https?\W+)?[\w]+[\s,]+{DOT}[\s,]+(?:ми|мэ|мі|me|ком|com|ру|ru|ми|юа|ua)[\s,]+(?:слэш|слеш|slash"
    rf"|косая(?:\s+черта)?|дробь|черта)"
    rf"[\s,]+{_NAME}"
)
_LINKING = (
    rf"(?:[\s:,«\"“—–-]|(?<!\w)(?:в|на|у|меня|мене|мой|мій|моя|там|я|это|це|был|була|был[аи]?|есть|такой|такий|зовут"
    rf"|звали|называюсь|как|як|под|ником"
    rf"|з|и|the|is|was|i'm|i’m|im|i am|it's|it’s|my|me|as|under|on|in|for|called|собака|собачка|at|равлик|{NETWORK}"
    rf"|{NICK})(?!\w))"
)
_AFTER_NICK = re.compile(rf"(?<!\w){NICK}(?!\w){_LINKING}{{1,12}}+{_NAME}")
_AFTER_NETWORK = re.compile(rf"(?<!\w){NETWORK}(?!\w){_LINKING}{{1,8}}+{_NAME}")
_BEFORE_NETWORK = re.compile(
    rf"(?:(?<!\w)(?:i'm|i’m|i am|me as|it's|it’s|as|ищите|найдите|нахожусь|зовут|как"
    rf"|я)[\s:,«\"“-]+){_NAME}[\s,»\"”]+(?:on|в|во|на|у|in)\s+{NETWORK}(?!\w)"
)


def handles(speech: Speech) -> Iterator[Find]:
    """By shape, and after words that announce a name in a network."""
    for pattern, cue in ((_LINK, "slash"), (_BLOG, "dot"), (_AT, "at"), (_UNDERSCORE, "underscore")):
        yield from (Find(*match.span(), Label.HANDLE) for match in speech.search(pattern, speech.lower, cue))
    for match in speech.search(_SIGNS, speech.figures, "underscore"):
        if _UNDERLINE.search(match.group()):
            yield Find(*match.span(), Label.HANDLE)
    yield from (Find(*match.span(), Label.HANDLE) for match in speech.search(_SPOKEN_LINK, speech.figures, "slash"))
    for pattern, cue in ((_AFTER_NICK, "nick"), (_AFTER_NETWORK, "network"), (_BEFORE_NETWORK, "network")):
        found = speech.search(pattern, speech.figures, cue)
        yield from (Find(*match.span("name"), Label.HANDLE) for match in found if _is_name(match, cue))


def _is_name(match: re.Match[str], cue: str) -> bool:
    """Whether what follows an announcement can be a name there and not the next word of the sentence.

    After “ник” an ordinary noun may be it; in a network only a rare word, or one of another alphabet.
    """
    name = match["name"]
    word = re.split(r"[\s,…]+", name, maxsplit=1)[0]
    around = match.group().replace(name, " ")
    mixed = bool(CYRILLIC.search(around))
    if not mixed and not _SAYS_SO.search(around):
        return False
    if cue == "network" and not _SELF.search(around) and not (mixed and word.isascii()):
        return False
    if not word.isalpha():
        return any(map(str.isalpha, word)) and not word[0].isdigit()
    return "собак" in around or _is_rare(word, cue == "nick", mixed) or bool(re.search(SIGN, name))


def _is_rare(word: str, bold: bool, mixed: bool) -> bool:
    known = facts(word, "ru")
    if known.latin:
        return known.zipf < (5 if mixed and bold else 3.5)
    if len(word) < 3 or known.function or known.first or known.title:
        return False
    return not known.known or (bold and not known.adjective and known.zipf < 4.5)
