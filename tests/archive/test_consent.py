"""What can be agreed to, and what no form may say."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from archive.consent import Consent, Excerpts, Naming, Research, Terms, Voice
from archive.errors import BadInput

DAY = date(2030, 1, 1)


def test_nothing_said_is_nothing_agreed() -> None:
    """The default of every choice is the most restrictive one."""
    assert Terms() == Terms(
        naming=Naming.NO_NAME,
        voice_for_research=Voice.TEXT_ONLY,
        voice_for_public=Voice.TEXT_ONLY,
        research=Research.NO,
        research_from=None,
        excerpts=Excerpts.NEVER,
        embargo_until=None,
    )
    assert Consent().terms == Terms()


@pytest.mark.parametrize(("research", "day", "excerpts"), [*product(Research, (None, DAY), Excerpts)])
def test_contradictions_cannot_be_made(research: Research, day: date | None, excerpts: Excerpts) -> None:
    """All 18 combinations; a date belongs to exactly one choice, and closed research publishes nothing."""
    allowed = {
        (Research.NO, None, Excerpts.NEVER),
        (Research.AFTER_DATE, DAY, Excerpts.NEVER),
        (Research.AFTER_DATE, DAY, Excerpts.ASK),
        (Research.AFTER_DATE, DAY, Excerpts.YES),
        (Research.YES, None, Excerpts.NEVER),
        (Research.YES, None, Excerpts.ASK),
        (Research.YES, None, Excerpts.YES),
    }
    if (research, day, excerpts) in allowed:
        assert Terms(research=research, research_from=day, excerpts=excerpts).research is research
    else:
        with pytest.raises(BadInput) as caught:
            Terms(research=research, research_from=day, excerpts=excerpts)
        assert caught.value.field in {"research_from", "excerpts"}


@pytest.mark.parametrize(("research", "public"), [*product(Voice, Voice)])
def test_strangers_hear_no_more_than_historians(research: Voice, public: Voice) -> None:
    """Text, then disguised, then the narrator's own voice: the public is never ahead."""
    too_open = {(Voice.TEXT_ONLY, Voice.DISGUISED), (Voice.TEXT_ONLY, Voice.OWN), (Voice.DISGUISED, Voice.OWN)}
    if (research, public) in too_open:
        with pytest.raises(BadInput) as caught:
            Terms(voice_for_research=research, voice_for_public=public)
        assert caught.value.field == "voice_for_public"
    else:
        assert Terms(voice_for_research=research, voice_for_public=public).voice_for_public is public


def test_a_consent_does_not_show_whom_it_protects() -> None:
    """Neither the protected names nor the narrator stand in a log by way of repr."""
    consent = Consent(protected_names=("Каноничевский",), narrator="Каноничевская")
    assert "анонич" not in repr(consent)
