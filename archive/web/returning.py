"""Where somebody goes on after signing in: a page of this archive and a passage on it, as an address without a host.

It stands in the door's own address, so it carries numbers, times and languages alone: never words.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from flask import request

_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]+")
_TIMES = re.compile(r"[0-9.,:]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_CARRIED = {
    **{"v": _NUMBER, "page": _NUMBER, "from": _TIMES, "to": _TIMES, "t": _TIMES, "passage": _TIMES},
    "beside": re.compile(r"[a-z]{2,3}"),
}
_FRAGMENT = re.compile(r"[\w=.,:;)\]%-]{1,100}", re.ASCII)
_AFTER = ".,;:)]»”\"'"


def here() -> str:
    """The page that is asked for, to be come back to."""
    return place(f"{quote(request.path)}?{urlencode(list(request.args.items(multi=True)))}")


def place(to: str) -> str:
    """The same place with nothing in its address but what may be carried; "" if it is none of this archive."""
    if not _PATH.fullmatch(re.split(r"[?#]", to, maxsplit=1)[0]):
        return ""
    asked = urlsplit(to)
    pairs = [(name, unpunctuated(value)) for name, value in parse_qsl(asked.query)]
    kept = urlencode([(name, value) for name, value in pairs if _carried(name, value)], safe=",:")
    fragment = asked.fragment if _FRAGMENT.fullmatch(asked.fragment) else ""
    return asked.path + (kept and f"?{kept}") + (fragment and f"#{fragment}")


def unpunctuated(text: str) -> str:
    """The end of an address without the full stop or bracket of the sentence that it stood in."""
    return text.rstrip(_AFTER)


def _carried(name: str, value: str) -> bool:
    return name in _CARRIED and _CARRIED[name].fullmatch(value) is not None
