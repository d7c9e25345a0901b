"""Words near which an identifier may stand. A text is looked through once for them; the finders search only around."""

from __future__ import annotations

import re

# Said for the sign that an e-mail address turns on, and for the other signs in it.
AT = r"(?:@|собак(?:а|у|ой|ою)|собачк(?:а|у|ой|ою)|п[её]сик|равлик\w?|at|эт|ет)"
DOT = r"(?:точк(?:а|у|ой)|крапк(?:а|у|ою)|dot|дот|point)"
NETWORK = (
    r"(?:телеграм\w*|телег[аеуи]|телезі|тг|инстаграм\w*|інстаграм\w*|инст[аеуы]|інст[аіу]|твит+ер\w*|твіт+ер\w*"
    r"|вконтакте|вк|контакте"
    r"|фейсбук\w*|фб|скайп\w*|тик|тикток\w*|тіктоц?к?\w*|дискорд\w*|діскорд\w*|ютуб\w*|жж|сигнал\w*|telegram"
    r"|instagram|insta|twitter|facebook"
    r"|skype|tiktok|discord|tg|mastodon|bluesky|signal)"
)
NICK = (
    r"(?:ник(?:нейм)?(?:ом|а)?|нік(?:нейм)?(?:ом)?|логин(?:ом)?|логін(?:ом)?|юзернейм(?:ом)?|юзер|аккаунт(?:ом)?"
    r"|акаунт|handle|username"
    r"|nickname|nick|login)"
)
STREET = (
    r"(?:ул|улиц\w+|улочк\w+|просп|проспект\w*|пр|переул\w+|пер|бульвар\w*|вулиц\w+|вул|провул\w+|пров|набережн\w+"
    r"|наб|шоссе|шосе"
    r"|проезд\w*|проїзд\w*|площад\w+|площ[іаеуою]|пл|тупик\w*|алле[яеию]|але[яїєю]|мікрорайон\w*|микрорайон\w*|мкр"
    r"|б-р|пр-т"
    r"|ulica|ulitsa|ul|vulytsia|calle|rue|via|strada)"
)
VILLAGE = r"(?:пос[её]л(?:ок|ке|ка)|деревн[яеию]|дер|сел[оеа]|сел[іу]|хутор\w*|станиц\w+)"
FLAT = r"(?:кв|квартир\w+|комнат\w+|кімнат\w+|офис|apt|apartment|flat|unit|suite)"
LIVING = (
    r"(?:жил[аи]?|жив(?:у|[её]м|[её]т|ут|ёшь|ете)|прожива\w+|прописа\w+|прописк\w+|адрес\w{0,3}|снимал[аи]?"
    r"|снимаем|переехал[аи]?|поселил\w+|мешка\w+|оселил\w+)"
)
ENGLISH_STREET = (
    r"(?:street|st|avenue|ave|parkway|pkwy|place|pl|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|terrace|square"
    r"|sq|way|crescent"
    r"|close|highway|hwy|row|mews|gardens|grove)"
)
# Streets in one word: “Sonnenallee 12”, “Сонненаллее”.
LONG_STREET = r"(?:\w{3,}(?:stra(?:ß|ss)e|allee|platz|gasse|damm|gatan|katu|straat|штрассе|штрасе|аллее))"
BORN = r"(?:родил\w*|рожд[её]н\w*|рождени\w*|народи\w*|народж\w*|born|birth\w*|dob|birthday|[гдр])"

_CUES = {
    "at": AT,
    "dot": DOT,
    "slash": r"(?:/|слэш|слеш|slash)",
    "underscore": r"(?:_|подч[её]ркивани\w+|ч[её]рточк\w+|підкресленн\w+|андерскор\w*|underscore|тире)",
    "network": NETWORK,
    "nick": NICK,
    "street": STREET,
    "village": VILLAGE,
    "flat": FLAT,
    "living": LIVING,
    "english street": ENGLISH_STREET,
    "long street": rf"(?:{LONG_STREET}|rue|avenue|boulevard|place)",
    "born": BORN,
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _CUES.items()}


def cues(token: str) -> tuple[str, ...]:
    """The kinds of cue that a word or sign is."""
    return tuple(name for name, pattern in _PATTERNS.items() if pattern.fullmatch(token))
