"""Whether a candidate model may take the place of the one in use: both judged on the same notices.

A notice is right in a target when the first label is among those of any annotation of it. Intervals are
95 % percentile bootstrap intervals over events, paired: each resample judges both models on the same
events. A target is worse beyond noise when the whole interval of the difference lies below zero.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.casebook import FIELD_NOTICES, Case, case_from_record
from tagger.classify.heads import HEADS, STATUTES, case_labels
from tagger.classify.matrices import case_input
from tagger.classify.model import Model
from tagger.evaluation.figures import Figure
from tagger.selection import MAIN
from tagger.taxonomy import taxonomy

Floats = NDArray[np.float64]

ALL_THREE = "all three"
"""Industry, subject and nature of a notice are all right."""
_RESAMPLES = 2000
_SEED = 20201123


class Notices(Struct, frozen=True):
    """Labelled notices. `second` has, for some of them by id, what another reader answered, by target."""

    cases: tuple[Case, ...]
    second: Mapping[str, Mapping[str, tuple[str, ...]]]

    def without(self, ids: frozenset[str]) -> Notices:
        """Those with other ids."""
        return Notices(tuple(case for case in self.cases if case.id not in ids), self.second)


class Row(Struct, frozen=True):
    """One target of both models, on `notices` notices; the shares are 0..1."""

    measured: str
    target: str
    notices: int
    current: Figure
    candidate: Figure
    difference: Figure

    @property
    def worse(self) -> bool:
        """Whether the candidate is worse beyond noise."""
        return self.difference.high < 0

    @property
    def better(self) -> bool:
        """Whether the candidate is better beyond noise."""
        return self.difference.low > 0

    @property
    def heading(self) -> str:
        """What the row is called: the card's heading of the target."""
        return _HEADINGS[self.target]

    def to_record(self) -> dict[str, Any]:
        """The row for a manifest: each figure as value and interval."""
        figures = {"current": self.current, "candidate": self.candidate, "difference": self.difference}
        return {"measured": self.measured, "target": self.target, "notices": self.notices} | {
            name: [round(share, 4) for share in (figure.value, figure.low, figure.high)]
            for name, figure in figures.items()
        }


_HEADINGS: dict[str, str] = {target: labels.heading for target, labels in taxonomy().items()}
_HEADINGS |= {STATUTES: "触犯法条", ALL_THREE: "以上三项全对"}
_ORDER = (*MAIN, ALL_THREE, "impact", "liability", STATUTES)


def compared(
    measured: str, events: Sequence[str], current: Mapping[str, Floats], candidate: Mapping[str, Floats]
) -> tuple[Row, ...]:
    """The rows of the targets that were judged. `current` and `candidate` are as `judged` gives them.

    Where notices were judged several times, how often they were right stands in place of 0 and 1.
    """
    rows = []
    for target in _ORDER:
        if target not in current:
            continue
        asked = ~np.isnan(current[target])
        if not asked.any():
            continue
        members = np.unique(np.array(events)[asked], return_inverse=True)[1]
        both = np.stack([current[target][asked], candidate[target][asked]])
        old, new, difference = _paired(both, members)
        rows.append(Row(measured, target, int(asked.sum()), old, new, difference))
    return tuple(rows)


def _paired(both: Floats, members: NDArray[np.int64]) -> tuple[Figure, Figure, Figure]:
    """The shares of two rows of 0 and 1, and their difference, with intervals over events."""
    events = int(members.max()) + 1
    sizes = np.bincount(members, minlength=events).astype(float)
    right = np.stack([np.bincount(members, weights=row, minlength=events) for row in both])
    random = np.random.default_rng(_SEED)
    draws = np.array(
        [np.bincount(random.integers(0, events, events), minlength=events) for _ in range(_RESAMPLES)]
    )
    shares = (draws @ right.T) / (draws @ sizes)[:, None]
    old, new = both.mean(axis=1)
    return (
        _figure(old, shares[:, 0]),
        _figure(new, shares[:, 1]),
        _figure(new - old, shares[:, 1] - shares[:, 0]),
    )


def _figure(value: float, resampled: Floats) -> Figure:
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Figure(float(value), float(low), float(high))


def judged(
    notices: Notices, probabilities: Mapping[str, Floats], labels: Mapping[str, Sequence[str]]
) -> dict[str, Floats]:
    """By target 1 for each notice that is right, 0 for one that is wrong, NaN where nobody gave a label."""
    found: dict[str, Floats] = {}
    for target, probability in probabilities.items():
        best = np.argmax(probability, axis=1)
        found[target] = np.array(
            [
                _right(labels[target][k], _annotations(notices, case, target))
                for case, k in zip(notices.cases, best, strict=True)
            ]
        )
    found[ALL_THREE] = np.prod([found[target] for target in MAIN], axis=0)
    return found


def _annotations(notices: Notices, case: Case, target: str) -> tuple[tuple[str, ...], ...]:
    second = notices.second.get(case.id, {}).get(target)
    return (case_labels(case, target), *([second] if second else []))


def _right(label: str, annotations: Sequence[Sequence[str]]) -> float:
    if not any(annotations):
        return float("nan")
    return float(any(label in annotation for annotation in annotations))


def judged_by(model: Model, notices: Notices) -> dict[str, Floats]:
    """As `judged`, of a model as it is."""
    readings = model.read([case_input(case) for case in notices.cases])
    return judged(notices, model.probabilities(readings), {head.target: head.labels for head in model.heads})


def development_notices() -> Notices:
    """The development notices as cases, with both readers' answers."""
    cases, second = [], {}
    for line in FIELD_NOTICES.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        case = case_from_record(record | {"facts": record["text"], "statutes": record["statutes_likely"]})
        other = case_from_record(_answers(record.get("second", {})))
        cases.append(case)
        second[case.id] = {spec.target: case_labels(other, spec.target) for spec in HEADS}
    return Notices(tuple(cases), second)


def _answers(second: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": "", "facts": "", "statutes": second.get("statutes_likely", []), **second}


def told_in(notices: Notices, cases: Sequence[Case]) -> frozenset[str]:
    """The ids of the notices that some cases tell of: by their id, or as near-duplicates of their text."""
    from tagger.neardup import Groups, Marks, sketches

    ids = {case.id for case in cases} | {case.event for case in cases}
    texts = [case.text for case in (*cases, *notices.cases)]
    groups = Groups().assign(sketches(texts, [Marks()] * len(texts)))
    told = set(groups[: len(cases)])
    return frozenset(
        case.id
        for case, group in zip(notices.cases, groups[len(cases) :], strict=True)
        if case.id in ids or group in told
    )
