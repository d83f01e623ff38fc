"""Calibration error, coverage and selection, on data whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from tagger.evaluation.calibration import calibration, coverage, diagram, selection


def test_the_error_is_the_mean_distance_over_bins_of_equal_count() -> None:
    confidence = [0.5] * 4 + [0.7] * 4 + [0.9] * 4
    right = [True, True, False, False] + [True] * 4 + [True, False, False, False]
    found = calibration(confidence, right, bins=3)
    assert found.error.value == pytest.approx((0.0 + 0.3 + 0.65) / 3)
    assert [one.notices for one in found.bins] == [4, 4, 4]
    assert [one.confidence for one in found.bins] == pytest.approx([0.5, 0.7, 0.9])
    assert [one.accuracy.value for one in found.bins] == [0.5, 1.0, 0.25]
    assert found.error.low <= found.error.value <= found.error.high


def test_bins_hold_as_many_notices_each_as_can_be() -> None:
    found = calibration(list(np.linspace(0, 1, 13)), [True] * 13)
    assert [one.notices for one in found.bins] == [3, 3, 3, 2, 2]
    assert sorted(one.confidence for one in found.bins) == [one.confidence for one in found.bins]


def test_honest_confidences_show_no_more_than_chance() -> None:
    random = np.random.default_rng(0)
    confidence = random.uniform(0.3, 1, 4000)
    honest = calibration(list(confidence), list(random.random(4000) < confidence))
    assert honest.error.value < 2 * honest.by_chance < 0.03
    boasting = calibration(list(confidence), list(random.random(4000) < confidence - 0.2))
    assert boasting.error.value == pytest.approx(0.2, abs=0.03)
    assert boasting.error.low > 3 * boasting.by_chance


def test_chance_falls_with_the_number_of_notices() -> None:
    few, many = (calibration([0.8] * n, [True] * int(0.8 * n) + [False] * int(0.2 * n)) for n in (25, 2500))
    assert few.by_chance > 4 * many.by_chance


def test_fewer_notices_than_bins_and_none() -> None:
    assert len(calibration([0.4, 0.6], [True, False]).bins) == 2
    with pytest.raises(ValueError, match="no confidence"):
        calibration([], [])


def test_the_diagram_has_a_line_a_bin_and_the_error() -> None:
    lines = diagram(calibration([0.2, 0.6, 1.0], [False, True, True], bins=3)).splitlines()
    assert len(lines) == 5
    assert lines[3].split()[0] == "1.000"
    assert lines[3].endswith("█│")
    assert "│" in lines[1]
    assert lines[-1].startswith("expected calibration error")


def test_coverage_counts_a_set_that_holds_a_label_of_any_annotation() -> None:
    sets = [("甲",), ("甲", "乙"), ("丙",), ("甲", "乙", "丙")]
    annotations = [[("甲",)], [("丙",), ("乙",)], [("甲", "乙")], [("丙",)]]
    found = coverage(sets, annotations)
    assert found.covered.value == 0.75
    assert found.mean_size == 1.75
    assert found.single == 0.5


def test_selection_judges_what_nobody_reviews() -> None:
    found = selection([True, False, False, True], [False, True, False, True])
    assert found is not None
    assert (found.kept.value, found.accuracy.value) == (0.5, 0.5)
    assert selection([True, True], [True, True]) is None
