"""Verbs and their aspect partners: whoever looks for "писать" may mean "написал", too.

The pairs are ``config/aspect_pairs.txt``. They are applied when a query is run, so they can be switched off.
"""

from __future__ import annotations

from functools import cache

from transcripts.language import folded
from transcripts.shipped import shipped


def partners(lemma: str) -> tuple[str, ...]:
    """The other verbs of the groups a dictionary form (folded) stands in; none for what is no verb of the list."""
    return _partners().get(lemma, ())


@cache
def _partners() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for line in shipped("aspect_pairs.txt").read_text(encoding="utf-8").splitlines():
        group = [folded(word) for word in line.partition("#")[0].split()]
        for verb in group:
            found.setdefault(verb, {}).update(dict.fromkeys(other for other in group if other != verb))
    return {verb: tuple(others) for verb, others in found.items()}
