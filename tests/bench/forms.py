"""What finds what: forms of one word, aspect partners, on lists of hard words. Prints one line of JSON.

``python -m tests.bench forms``. Recall is the share of pairs of forms of which one finds the other; precision the
share of what they find that is of the same word, among words made to be confused. The first Russian list, the twelve
pairs and the words to confuse are the ones that analyzers were compared on; the others were written afterwards.
"""

from __future__ import annotations

import json

from tests.transcripts.form_lists import (
    MORE_PAIRS,
    MORE_RUSSIAN,
    NEAR_BUT_OTHER,
    PAIRS,
    RUSSIAN,
    UKRAINIAN,
    met_pairs,
    precision,
    recall,
)


def main() -> None:
    """Prints the figures."""
    found: dict[str, object] = {"bench": "forms", "unit": "share unless said"}
    for name, words, language in (
        ("Russian", RUSSIAN, "ru"),
        ("Russian, second list", MORE_RUSSIAN, "ru"),
        ("Ukrainian", UKRAINIAN, "uk"),
    ):
        near = NEAR_BUT_OTHER.split() if language == "ru" else []
        found[f"{name}, words"] = len(words)
        found[f"{name}, recall"] = round(recall(words, language), 3)
        found[f"{name}, precision"] = round(precision(words, near, language), 3)
    for name, pairs in (("aspect pairs", PAIRS), ("aspect pairs, second list", MORE_PAIRS)):
        found[name] = f"{met_pairs(pairs)} of {len(pairs)}"
    print(json.dumps(found))


if __name__ == "__main__":
    main()
