"""How firmly what is believed holds against the cases: chosen by cross-validation among these cases.

The recipe's strengths are multiplied by each of a few scales. Target by target the scale is kept whose models
find the first label of most cases that they have not seen, if it is beyond two standard errors of the
difference from the recipe's own models; else the recipe stays. No event is on both sides. Evaluation
repeats the choice inside the training part of each of its folds (Cawley & Talbot, JMLR 11, 2010: choosing on
the test part flatters).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tagger.classify.decode import Decoder
from tagger.classify.folds import Indices, grouped_folds
from tagger.classify.heads import case_labels
from tagger.classify.matrices import TrainingSet
from tagger.classify.training import RECIPE, Ground, Priors, Strengths, fit

SCALES = (0.3, 1.0, 3.0)
FOLDS = 3
_MOST = 2_000
"""Of more cases the recipe's strengths are taken: beside so many a prior says little."""


def chosen(ground: Ground, data: TrainingSet, rows: Indices, priors: Priors) -> Mapping[str, Strengths]:
    """The strengths for each target, chosen on some cases of a training set."""
    if len(rows) > _MOST:
        return RECIPE
    cases = [data.cases[row] for row in rows]
    events = [case.event for case in cases]
    strata = [case.industry[0] if case.industry else "" for case in cases]
    decoder = Decoder(priors.labels, ground.together)
    right = {(target, scale): np.zeros(len(rows), bool) for target in RECIPE for scale in SCALES}
    for scale in SCALES:
        strengths = {target: scaled(recipe, scale) for target, recipe in RECIPE.items()}
        for seen, unseen in grouped_folds(events, strata, FOLDS, seed=0):
            fitted = fit(data, rows[seen], priors, strengths)
            logits = fitted.logits(data, rows[unseen])
            found = decoder.probabilities({head.target: logits[:, head.columns] for head in fitted.heads})
            for head in fitted.heads:
                for case, best in zip(unseen, found[head.target].argmax(axis=1), strict=True):
                    right[head.target, scale][case] = head.labels[best] in case_labels(
                        cases[case], head.target
                    )
    return {
        target: scaled(recipe, best_scale({scale: right[target, scale] for scale in SCALES}))
        for target, recipe in RECIPE.items()
    }


def best_scale(right: Mapping[float, NDArray[np.bool_]]) -> float:
    """The scale under which most cases are right (`right`: which are), or 1 if it is no better beyond noise.

    >>> recipe = np.zeros(9, bool)
    >>> best_scale({1.0: recipe, 3.0: np.arange(9) < 3}), best_scale({1.0: recipe, 3.0: np.arange(9) < 5})
    (1.0, 3.0)
    """
    best = max(right, key=lambda scale: (right[scale].sum(), scale == 1.0, scale))
    won, lost = (right[best] & ~right[1.0]).sum(), (right[1.0] & ~right[best]).sum()
    # Of a difference of pairs that are alike but for won and lost ones the root is the standard error.
    return best if won - lost > 2.0 * np.sqrt(won + lost) else 1.0


def scaled(recipe: Strengths, scale: float) -> Strengths:
    """Every precision multiplied; how they treat rare terms stays.

    >>> scaled(Strengths(1.0, 2.0, 3.0, rare=4.0), 2.0)
    Strengths(knowledge=2.0, text=4.0, tie=6.0, rare=4.0)
    """
    precisions = {name: getattr(recipe, name) * scale for name in ("knowledge", "text", "tie")}
    return replace(recipe, **precisions)
