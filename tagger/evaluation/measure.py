"""The honest figures of the recipe: cross-validation on the casebook, and notices that it never saw.

Cross-validation parts no event, and is nested: the strengths of the priors are chosen on the training
part of each fold alone (Cawley & Talbot, JMLR 11, 2010: choosing on the test part flatters).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify.choosing import chosen
from tagger.classify.decode import Decoder
from tagger.classify.folds import grouped_folds
from tagger.classify.heads import HEADS, case_labels
from tagger.classify.matrices import TrainingSet, read_alike
from tagger.classify.training import RECIPE, Ground, Priors, Strengths, fit, priors_for
from tagger.evaluation.baselines import BASELINES
from tagger.evaluation.figures import Figure, Judged, TargetFigures, share, target_figures
from tagger.promotion import Notices
from tagger.selection import MAIN

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

OURS = "this tagger"
FOLDS = 5


class Measured(Struct, frozen=True):
    """One system on one set of notices: figures by target, and the share right in all three main ones."""

    system: str
    targets: Mapping[str, TargetFigures]
    all_three: Figure


class Workshop(Struct, frozen=True):
    """What every fold shares: the casebook as matrices and what is known before any case."""

    ground: Ground
    data: TrainingSet
    priors: Priors

    @classmethod
    def of(cls, cases: Sequence[Case]) -> Workshop:
        """The workshop of some cases, with the shipped ground."""
        ground = Ground.shipped()
        data = ground.training_set(cases)
        return cls(ground, data, priors_for(ground, data))


def cross_validated(shop: Workshop, *, repeats: int, nested: bool = True) -> Measured:
    """The recipe on the casebook: `repeats` times FOLDS folds; a case counts once a repeat."""
    judged: dict[str, list[Judged]] = {spec.target: [] for spec in HEADS}
    for train, test in _folds(shop.data.cases, repeats):
        strengths = chosen(shop.ground, shop.data, train, shop.priors) if nested else RECIPE
        for target, labels in _decided(shop, train, shop.data, test, strengths).items():
            judged[target] += [
                Judged((case_labels(shop.data.cases[row], target),), assigned)
                for row, assigned in zip(test, labels, strict=True)
            ]
    return measured(OURS, judged)


def on_notices(
    shop: Workshop, rows: Indices, notices: Notices, strengths: Mapping[str, Strengths] = RECIPE
) -> Measured:
    """What some of the cases teach, on other notices."""
    unseen = read_alike(notices.cases, shop.ground.reader, shop.data)
    decided = _decided(shop, rows, unseen, np.arange(len(unseen)), strengths)
    judged = {target: against(notices, target, labels) for target, labels in decided.items()}
    return measured(OURS, judged)


def baselines_cross_validated(cases: Sequence[Case], *, repeats: int) -> tuple[Measured, ...]:
    """Each baseline on the same folds."""
    found = []
    for name, predict in BASELINES.items():
        judged: dict[str, list[Judged]] = {target: [] for target in MAIN}
        for train, test in _folds(cases, repeats):
            texts, unseen = [cases[r].text for r in train], [cases[r].text for r in test]
            for target in MAIN:
                labels = predict(texts, [case_labels(cases[r], target)[0] for r in train], unseen)
                judged[target] += [
                    Judged((case_labels(cases[row], target),), (label,))
                    for row, label in zip(test, labels, strict=True)
                ]
        found.append(measured(name, judged))
    return tuple(found)


def baselines_on_notices(cases: Sequence[Case], notices: Notices) -> tuple[Measured, ...]:
    """Each baseline, learnt from the casebook, on other notices."""
    texts, unseen = [case.text for case in cases], [case.text for case in notices.cases]
    found = []
    for name, predict in BASELINES.items():
        judged: dict[str, list[Judged]] = {
            target: against(
                notices,
                target,
                [(label,) for label in predict(texts, [case_labels(c, target)[0] for c in cases], unseen)],
            )
            for target in MAIN
        }
        found.append(measured(name, judged))
    return tuple(found)


def measured(system: str, judged: Mapping[str, Sequence[Judged]]) -> Measured:
    """The figures of a system from what is judged, by target; notices in the same order in each."""
    right = np.all([[j.right for j in judged[target]] for target in MAIN], axis=0)
    known = {target: [j for j in some if any(j.annotations)] for target, some in judged.items()}
    return Measured(
        system,
        {target: target_figures(some) for target, some in known.items() if some},
        share([bool(one) for one in right]),
    )


def against(notices: Notices, target: str, labels: Sequence[tuple[str, ...]]) -> list[Judged]:
    found = []
    for case, assigned in zip(notices.cases, labels, strict=True):
        second = notices.second.get(case.id, {}).get(target)
        found.append(Judged((case_labels(case, target), *([second] if second else [])), assigned))
    return found


def _folds(cases: Sequence[Case], repeats: int) -> Iterator[tuple[Indices, Indices]]:
    events, strata = [case.event for case in cases], [case_labels(case, "industry")[0] for case in cases]
    for repeat in range(repeats):
        yield from grouped_folds(events, strata, FOLDS, seed=repeat)


def _decided(
    shop: Workshop, train: Indices, data: TrainingSet, rows: Indices, strengths: Mapping[str, Strengths]
) -> dict[str, list[tuple[str, ...]]]:
    """By target the labels assigned to some rows, best first, by what other rows teach."""
    fitted = fit(shop.data, train, shop.priors, strengths)
    logits = fitted.logits(data, rows)
    decoder = Decoder(shop.priors.labels, shop.ground.together)
    probabilities = decoder.probabilities({h.target: logits[:, h.columns] for h in fitted.heads})
    decided: dict[str, list[tuple[str, ...]]] = {}
    for head in fitted.heads:
        decided[head.target] = []
        for row in probabilities[head.target]:
            order = np.argsort(-row, kind="stable")
            kept = [k for place, k in enumerate(order) if place == 0 or row[k] >= head.threshold]
            decided[head.target].append(tuple(head.labels[k] for k in kept))
    return decided
