"""What a tagger's doubt is worth, measured through its cards."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tagger.classify.doubt import ASKED
from tagger.evaluation.trust import lines, trust
from tagger.promotion import Notices, development_notices
from tagger.tagger import Tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load("shipped")


def test_every_target_is_judged_on_every_notice(tagger: Tagger) -> None:
    notices = development_notices()
    found = trust(tagger, notices)
    assert set(found.calibration) == set(found.coverage) == set(ASKED)
    for target in ASKED:
        assert sum(one.notices for one in found.calibration[target].bins) == len(notices.cases)
    assert found.passed is not None
    assert 0 < found.passed.kept.value < 1


def test_what_the_tagger_says_is_right_by_itself(tagger: Tagger) -> None:
    """Notices labelled as the tagger labels them leave nothing wrong to be covered or passed."""
    cases = development_notices().cases[:12]
    cards = {case.id: tagger.tag(case.facts, title=case.title, date=case.published) for case in cases}
    agreed = tuple(
        replace(case, **{t: (cards[case.id].ranking(t)[0].label,) for t in ASKED})  # type: ignore[arg-type]
        for case in cases
    )
    found = trust(tagger, Notices(agreed, {}))
    assert all(one.covered.value == 1 for one in found.coverage.values())
    assert found.passed is None or found.passed.accuracy.value == 1


def test_a_second_annotation_is_right_too(tagger: Tagger) -> None:
    cases = development_notices().cases[:12]
    wrong = tuple(replace(case, industry=("水利",)) for case in cases)
    second = {
        case.id: {"industry": (tagger.tag(case.facts, title=case.title).ranking("industry")[0].label,)}
        for case in cases
    }
    alone = trust(tagger, Notices(wrong, {})).coverage["industry"].covered.value
    both = trust(tagger, Notices(wrong, second)).coverage["industry"].covered.value
    assert alone < 0.5 < both


def test_it_reads_as_markdown(tagger: Tagger) -> None:
    shown = "\n".join(lines(trust(tagger, development_notices()), 0.9))
    assert shown.count("expected calibration error") == len(ASKED)
    assert "| 90% sets |" in shown
    assert "without review" in shown


def test_there_must_be_a_notice(tagger: Tagger) -> None:
    with pytest.raises(ValueError, match="no confidence"):
        trust(tagger, Notices((), {}))
