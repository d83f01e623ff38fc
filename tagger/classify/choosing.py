"""How firmly what is believed holds against the cases: chosen by cross-validation among these cases.

The recipe's strengths are multiplied by each of a few scales; target by target the scale is kept whose
models find the first label of most cases that they have not seen. No event is on both sides. Evaluation
repeats the choice inside the training part of each of its folds (Cawley & Talbot, JMLR 11, 2010: choosing on
the test part flatters).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tagger.classify.folds import Indices, grouped_folds
from tagger.classify.heads import case_labels
from tagger.classify.matrices import TrainingSet
from tagger.classify.training import RECIPE, Ground, Priors, Strengths, assembled, fit

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
    right: Counter[tuple[str, float]] = Counter()
    for scale in SCALES:
        strengths = {target: scaled(recipe, scale) for target, recipe in RECIPE.items()}
        for seen, unseen in grouped_folds(events, strata, FOLDS, seed=0):
            fitted = fit(data, rows[seen], priors, strengths)
            model = assembled(ground, data, fitted)
            logits = fitted.logits(data, rows[unseen])
            found = model.decode({head.target: logits[:, head.columns] for head in model.heads})
            for head in model.heads:
                for case, best in zip(unseen, found[head.target].argmax(axis=1), strict=True):
                    right[head.target, scale] += head.labels[best] in case_labels(cases[case], head.target)
    return {
        # On a tie the recipe itself, then the firmer prior.
        target: scaled(recipe, max(SCALES, key=lambda scale: (right[target, scale], scale == 1.0, scale)))
        for target, recipe in RECIPE.items()
    }


def scaled(recipe: Strengths, scale: float) -> Strengths:
    """Every precision multiplied."""
    return Strengths(recipe.knowledge * scale, recipe.text * scale, recipe.tie * scale)
