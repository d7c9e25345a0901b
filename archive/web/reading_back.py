"""A query said in words, in the language of the page: how it was understood, and what was put right in it."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from archive.search import Query, Reading, Sense

REPAIRS: dict[str, LazyString] = {
    "quote-closed": _l("an open quotation mark was closed"),
    "bracket-closed": _l("an open bracket was closed"),
    "bracket-dropped": _l("a bracket that nothing opened was left out"),
    "operator-dropped": _l("AND, OR or NOT without words beside it was left out"),
    "unwanted-dropped": _l("what was only to be missing was left out"),
    "sign-dropped": _l("a star, a tilde or an equals sign where it means nothing was left out"),
    "no-such-field": _l("what stands before the colon is no field, so it was looked for as a word"),
    "field-for-all": _l("a field narrows the whole search, also from within brackets"),
    "distance-changed": _l("the distance was changed to one that can be looked for"),
}


def said(query: Query) -> str:
    """The whole query in words; filters as they are typed."""
    words = _said(query.reading())
    if not query.filters:
        return words
    return str(_("%(words)s; only %(filters)s", words=words, filters=" ".join(map(str, query.filters))))


def _said(part: Reading) -> str:
    return _WAYS[part.sense](part)


def _joined(part: Reading, word: str) -> str:
    return f" {word} ".join(
        f"({_said(one)})" if one.sense in (Sense.ALL, Sense.ANY) and len(one.parts) > 1 else _said(one)
        for one in part.parts
    )


def _all(part: Reading) -> str:
    wanted = [one for one in part.parts if one.sense is not Sense.WITHOUT]
    without = [_said(one) for one in part.parts if one.sense is Sense.WITHOUT]
    return " ".join((_joined(Reading(Sense.ALL, parts=tuple(wanted)), str(_("and"))), *without))


def _quoted(part: Reading) -> str:
    return " ".join(one.text for one in part.parts)


_WAYS: dict[Sense, Callable[[Reading], str]] = {
    Sense.WORD: lambda part: str(_("“%(word)s” in any form", word=part.text)),
    Sense.EXACT: lambda part: str(_("exactly “%(word)s”", word=part.text)),
    Sense.BEGINNING: lambda part: str(_("words beginning with “%(word)s”", word=part.text)),
    Sense.PATTERN: lambda part: str(_("words like “%(word)s”", word=part.text)),
    Sense.ALIKE: lambda part: str(
        ngettext(
            "words %(num)d letter away from “%(word)s”",
            "words %(num)d letters away from “%(word)s”",
            part.number,
            word=part.text,
        )
    ),
    Sense.PHRASE: lambda part: str(_("“%(words)s” in a row", words=_quoted(part))),
    Sense.NEAR: lambda part: str(
        ngettext(
            "“%(words)s” with at most %(num)d word between",
            "“%(words)s” with at most %(num)d words between",
            part.number,
            words=_quoted(part),
        )
    ),
    Sense.ALL: _all,
    Sense.ANY: lambda part: _joined(part, str(_("or"))),
    Sense.WITHOUT: lambda part: str(_("without %(what)s", what=_joined(part, str(_("or"))))),
}
