"""What the recognizer is told of the protected list."""

from __future__ import annotations

import pytest

from transcripts.names.hotwords import hotwords


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        (("Лебедевой", "Лебедевых", "Соколов"), ("Лебедева", "Лебедевы", "Соколов")),
        (("Веру Соколову",), ("Вера Соколова",)),
        (("Мороз", "Yakubovich", "Бельская-Крафт"), ("Мороз", "Yakubovich", "Бельская-Крафт")),
        (("+7 912 000-15-47", "@tulup", "a_b", "ул. Садовая, 5", "!", "Хомут"), ("Хомут",)),
        (("Хомут", "Хомут"), ("Хомут",)),
    ],
)
def test_names_are_told_in_the_nominative_and_nothing_else(listed: tuple[str, ...], told: tuple[str, ...]) -> None:
    """Numbers, addresses and user names would only mislead it."""
    assert hotwords(listed, "ru") == told


def test_no_more_is_told_than_the_recognizer_reads() -> None:
    """What stands first goes first; the same list gives the same words, so that a resumed job goes on."""
    listed = tuple(f"Sokol{chr(0x61 + n)}{chr(0x61 + m)}" for n in range(20) for m in range(20))
    told = hotwords(listed, None)

    assert told == listed[: len(told)] == hotwords(listed, None)
    assert 300 < len(", ".join(told)) <= 400
