"""The narrator's protected list: each entry wherever it occurs, in every form, diminutive, script and spelling.

Without doubt about who is meant: what is found here is concealed without asking. Only words that are words of the
language as well are looked at in their place, and what stays unsure is concealed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transcripts.names.document import Document, Token
from transcripts.names.identifiers import identifier_key
from transcripts.names.keys import key
from transcripts.names.lexicon import LETTER, Slavic, facts, lexicon, script_language
from transcripts.names.lists import variants
from transcripts.names.mention import Label, Mention
from transcripts.names.misheard import sounds_like, spellings

_WORD = re.compile(r"[^\W\d_]+(?:[-‑'’ʼ][^\W\d_]+)*")
_SYLLABLE = re.compile(r"[^\W\d_]+")
_PARTICLE = 5.0  # Zipf: “ли”, “же” in lower-case text are not the surname Ли
_FREQUENT = 4.5  # Zipf: an English word this frequent is the word, even where it is a first name as well: “I hope”
_GLUE = 6.0  # Zipf: “to”, “who”, even after a first name
_SEASON = 4.5  # Zipf: “зимой”, “летом” without a preposition say when
_SPELLED = 4  # letters of a name that is looked for letter by letter
_WORDS = {2: 6, 3: 8}  # letters of a name that is looked for in so many words of the language
_JOINED = 5  # letters of a key that is looked for in two words run together, and in one word that was split
_INTO = frozenset({"в", "во", "на"})  # “в мороз”, “на зиму”: seldom before a person
_BEFORE_PERSONS = frozenset(["у", "к", "ко", "с", "со", "от", "для", "про", "до"])  # “у Ли”: no particle stands there
_LETTERS = {
    "бэ": "б", "бе": "б", "вэ": "в", "ве": "в", "гэ": "г", "ге": "г", "дэ": "д", "де": "д", "же": "ж", "жэ": "ж",
    "зэ": "з", "зе": "з", "ка": "к", "кэ": "к", "эль": "л", "эл": "л", "эм": "м", "эн": "н", "пэ": "п", "пе": "п",
    "эр": "р", "эс": "с", "тэ": "т", "те": "т", "эф": "ф", "ха": "х", "хэ": "х", "цэ": "ц", "це": "ц", "че": "ч",
    "ша": "ш", "ща": "щ", "ел": "л", "ем": "м", "ен": "н", "ер": "р", "ес": "с", "еф": "ф",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Listed:
    """One word of the list: the keys it is found under, its letters, and what the mentions are called.

    ``share``: how far a misspelling may go; first names are short, many and alike.
    """

    keys: frozenset[str]
    key: str
    label: Label
    word: str
    share: float = 1.0

    def mention(self, document: Document, first: Token, last: Token, at: int) -> Mention:
        """A mention from one token to another."""
        near = None if self.key.startswith("first:") else document.first_name_near(at)
        return Mention(first.passage, first.start, last.end, self.label, self.key, "protected", 1.0, near)


def protected_names(document: Document) -> Iterator[Mention]:
    """Mentions of everything on the list, with sureness 1."""
    for entry in document.protected:
        yield from _literal(document, entry)
    listed = _listed(document) if document.tokens else []
    if not listed:
        return
    yield from _spelled(document, listed)
    found: dict[int, _Listed] = {}
    for at in range(len(document.tokens)):
        if one := _named(document, at, listed):
            found[at] = one
            yield one.mention(document, document.tokens[at], document.tokens[at], at)
    yield from _split(document, listed, found)
    yield from _false_starts(document, found)


def _listed(document: Document) -> Sequence[_Listed]:
    languages = dict.fromkeys(passage.language for passage in document.passages)
    words = {
        match.group().lower()
        for entry in document.protected
        if not _is_identifier(entry)
        for match in _WORD.finditer(entry)
    }
    return [_entry(word, languages) for word in sorted(words) if len(word) > 1]


def _entry(word: str, languages: Iterable[str]) -> _Listed:
    known_in = [facts(word, language) for language in dict.fromkeys(script_language(word, one) for one in languages)]
    if known := next((one for one in known_in if one.first), None):
        full = {word, known.lemma} | variants().get(known.lemma, frozenset()) | variants().get(word, frozenset())
        called = full.union(*(variants().get(name, frozenset()) for name in full))
        keys = frozenset(facts(name, script_language(name, "ru")).keys[0] for name in called)
        return _Listed(keys, f"first:{min(keys)}", Label.SURNAME, word, share=0.5)
    if known := next((one for one in known_in if one.likely_patronymic), None):
        own = known.keys[-1]
        return _Listed(frozenset({own}), f"patronymic:{own}", Label.PATRONYMIC, word)
    # A known word has one lemma; of an unknown one we cannot tell which form the narrator wrote.
    keys = frozenset(one for known in known_in for one in (known.keys[:1] if known.known else known.keys))
    parts = [part for part in re.split("[-‑]", word) if len(part) > 2]
    written = frozenset().union(*map(spellings, parts))
    return _Listed(keys | written, known_in[0].keys[0], Label.SURNAME, word)


def _named(document: Document, at: int, listed: Sequence[_Listed]) -> _Listed | None:
    """Whom on the list a token names."""
    token = document.tokens[at]
    known = token.facts
    if not known.keys:
        return None
    for one in listed:
        own = known.keys[-1:] if one.label is Label.PATRONYMIC else known.keys
        if one.keys.intersection(own) and _is_meant(document, at, one):
            return one
    vocabulary = known.ordinary or known.function or (known.first and known.known and not token.capital)
    if vocabulary and (known.function or not document.facts(at - 1).first):
        return None
    heard = frozenset(known.keys) | spellings(token.lower)
    # A word of the language after a first name can still be a name misheard: “Джордж Баш”.
    sounding = (one for one in listed if sounds_like(heard, one.keys, one.share * (0.5 if vocabulary else 1.0)))
    return next(sounding, None) or _by_part(token, listed)


def _is_meant(document: Document, at: int, listed: _Listed) -> bool:
    """Whether a word with the key of a listed name is that name: a word of the language looks around first."""
    token, known = document.tokens[at], document.facts(at)
    if not known.everyday and not (known.latin and known.zipf >= _FREQUENT and not token.capital):
        return True
    written = token.capital and not (known.latin and known.function and document.starts_sentence(at))
    beside = _is_beside_name(document, at)
    if not _same_letters(token, listed, script_language(token.text, document.passages[token.passage].language)):
        return beside and not known.function
    return written or beside or (not token.cased and not _is_ordinary_here(document, at, listed))


def _same_letters(token: Token, listed: _Listed, language: str) -> bool:
    """Whether a word of the language is a form of the listed one and does not only sound so: “кем” is not Ким."""
    dictionary = lexicon(language)
    bases = {listed.word, *re.split("[-‑]", listed.word)}
    own = {token.lower, token.facts.lemma}
    if isinstance(dictionary, Slavic):
        bases |= {parse.normal_form for base in bases for parse in dictionary.parses(base)}
        own |= {parse.normal_form for parse in dictionary.parses(token.lower)}
    same = {one.replace("ё", "е") for one in own} & {one.replace("ё", "е") for one in bases}
    return bool(same) or script_language(listed.word, language) != language


def _is_beside_name(document: Document, at: int) -> bool:
    """Whether a first name, a patronymic or a title stands before a word, or a first name after it."""
    token, known, before = document.tokens[at], document.facts(at), document.facts(at - 1)
    if known.latin and known.zipf >= _GLUE and not token.capital:
        return False
    if known.function and document.text(at - 1) in _BEFORE_PERSONS:
        return True
    if at and document.tokens[at - 1].passage == token.passage and not before.function:
        written = document.tokens[at - 1].capital and (before.surname or before.surname_like or before.patronymic)
        if written or before.likely_patronymic or document.is_first_name(at - 1) or (before.title and not token.cased):
            return True
    after = document.tokens[at + 1] if at + 1 < len(document.tokens) else token
    return document.is_first_name(at + 1) and after.passage == token.passage and not known.function


def _is_ordinary_here(document: Document, at: int, listed: _Listed) -> bool:
    """Whether a word in lower-case text is more likely the word than the name."""
    token, known = document.tokens[at], document.facts(at)
    led, after = document.facts(at - 1), document.facts(at + 1)
    numbers = document.words(at).numbers
    agreeing = led.adjective and led.cases & known.cases and not led.title and not led.surname
    described = known.adjective and after.cases & known.cases and after.ordinary and not after.function
    return (
        (known.zipf >= _PARTICLE and (known.function or known.latin))
        or (token.lower in numbers and (token.lower != listed.word or document.text(at + 1) in numbers))
        or bool(agreeing)  # “сильный мороз”
        or bool(described and not after.surname)  # “белый снег”
        or (known.cases == {"ablt"} and known.zipf >= _SEASON and len(document.text(at - 1)) > 2)
        or (document.text(at - 1) in _INTO and not _is_animate(document, at))
    )


def _is_animate(document: Document, at: int) -> bool:
    token = document.tokens[at]
    dictionary = lexicon(script_language(token.text, document.passages[token.passage].language))
    if not isinstance(dictionary, Slavic):
        return True
    nouns = [parse for parse in dictionary.parses(token.lower) if "NOUN" in parse.tag and "Surn" not in parse.tag]
    return not nouns or any("anim" in parse.tag for parse in nouns)


def _by_part(token: Token, listed: Sequence[_Listed]) -> _Listed | None:
    """“Kwok-hung”, “уПолетаева”, “иралебедева”: a listed name in one word with its neighbour."""
    word = token.lower
    parts = [part for part in re.split("[-‑]", word) if part != word and len(part) > 2]
    heard = next(
        (one for part in parts for one in listed if sounds_like(spellings(part), one.keys, one.share / 2)), None
    )
    if heard is not None or token.facts.known or not word.isalpha():
        return heard
    for cut in range(1, len(word) - _JOINED + 1):
        for name, rest in ((word[cut:], word[:cut]), (word[:-cut], word[-cut:])):
            own = key(name)
            found = next((one for one in listed if len(own) >= _JOINED and own in one.keys), None)
            if found is not None and (len(rest) == 1 or _is_word(rest)):
                return found
    return None


def _is_word(letters: str) -> bool:
    known = facts(letters, "ru")
    return known.known or known.first


def _split(document: Document, listed: Sequence[_Listed], found: dict[int, _Listed]) -> Iterator[Mention]:
    """“Хмель ницкий”, “Хмель- ницкий”, “хме ль ницкий”: a listed name in two or three words.

    One of them is no word of the language, or together they are long: nobody says “звени городец”.
    """
    for at in range(len(document.tokens)):
        pieces = _pieces(document, at)
        for row in (pieces[:count] for count in _WORDS if count <= len(pieces)):
            meant = _in_pieces(document, row, listed) if found.keys().isdisjoint(row) else None
            if meant is not None:
                yield meant.mention(document, document.tokens[at], document.tokens[row[-1]], at)


def _in_pieces(document: Document, row: Sequence[int], listed: Sequence[_Listed]) -> _Listed | None:
    whole = "".join(document.tokens[n].lower for n in row)
    if len(whole) < _WORDS[len(row)] and all(document.facts(n).known for n in row):
        return None
    own = spellings(whole)
    return next((one for one in listed if _whole(own & one.keys)), None)


def _pieces(document: Document, at: int) -> Sequence[int]:
    """The words from a token on, three at the most, that follow one another, with a hyphen between them at the most."""
    pieces = [at] if document.tokens[at].text.isalpha() else []
    while pieces and len(pieces) < max(_WORDS):
        last = document.tokens[pieces[-1]]
        hyphen = document.text(pieces[-1] + 1) in ("-", "‑", "–")
        then = pieces[-1] + (2 if hyphen else 1)
        if then >= len(document.tokens) or not document.tokens[then].text.isalpha():
            break
        token, apart = document.tokens[then], 3 if hyphen else 1
        if token.passage != last.passage or token.start - last.end > apart:
            break
        pieces.append(then)
    return pieces


def _whole(keys: Iterable[str]) -> bool:
    return any(len(one) >= _JOINED for one in keys)


def _false_starts(document: Document, found: dict[int, _Listed]) -> Iterator[Mention]:
    """“Хме... Хмель... Хмельницкий”: the beginnings before the name that was meant."""
    for at, one in found.items():
        end = at
        while (begun := _begun(document, end, document.tokens[at])) is not None:
            if begun not in found:
                yield one.mention(document, document.tokens[begun], document.tokens[begun], begun)
            end = begun


def _begun(document: Document, at: int, whole: Token) -> int | None:
    """Where the beginning of a word stands before the token ``at``, broken off or at once followed by it."""
    before = at - 1
    while before >= 0 and document.tokens[before].text in ".…-–—,":
        before -= 1
    if before < 0 or document.tokens[before].passage != whole.passage:
        return None
    token = document.tokens[before]
    broken = before < at - 1 and document.tokens[before + 1].text != ","
    is_beginning = 1 < len(token.text) < len(whole.text) and whole.lower.startswith(token.lower)
    return before if is_beginning and (broken or not token.facts.function) else None


def _spelled(document: Document, listed: Sequence[_Listed]) -> Iterator[Mention]:
    """“М-Я-Г-К-О-В”, “м я г к о в”, “эм я гэ ка о вэ”: a listed name letter by letter."""
    for number, passage in enumerate(document.passages):
        letters = [
            (match.start(), match.end(), _LETTERS.get(match.group().lower(), match.group().lower()))
            for match in _SYLLABLE.finditer(passage.text)
        ]
        row = "".join(letter if len(letter) == 1 else " " for _, _, letter in letters)
        for one in listed:
            for match in re.finditer(re.escape(one.word), row) if len(one.word) >= _SPELLED else ():
                start, end = letters[match.start()][0], letters[match.end() - 1][1]
                if passage.text[start:end].lower() != one.word:
                    yield Mention(number, start, end, one.label, one.key, "protected", 1.0)


def _is_identifier(entry: str) -> bool:
    return any(char.isdigit() or char in "@/_" for char in entry) or not LETTER.search(entry)


def _literal(document: Document, entry: str) -> Iterator[Mention]:
    """An identifier: the same letters and digits, whatever stands between them."""
    signs = [re.escape(char) for char in entry if char.isalnum()]
    if not _is_identifier(entry) or len(signs) < 3:
        return
    pattern = re.compile(r"(?<!\w)" + r"[\W_]{0,3}".join(signs) + r"(?!\w)", re.IGNORECASE)
    label = _label(entry)
    for number, passage in enumerate(document.passages):
        for match in pattern.finditer(passage.text):
            yield Mention(number, *match.span(), label, identifier_key(label, entry), "protected", 1.0)


def _label(entry: str) -> Label:
    if "@" in entry[1:]:
        return Label.EMAIL
    digits = sum(map(str.isdigit, entry))
    return Label.PHONE if digits > len(entry) / 2 else Label.ADDRESS if digits and " " in entry else Label.HANDLE
