"""What a model cannot know of itself: how it judges cases that it has not seen. Used in training only.

Each case is scored by a model of the other folds; no event is on both sides. From these scores come
calibrators and conformal sets (doubt.py), and the cases are kept as vectors for precedents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tagger.classify import doubt
from tagger.classify.features import Reader
from tagger.classify.folds import grouped_folds
from tagger.classify.heads import HEADS, gold_matrix
from tagger.classify.model import Model
from tagger.classify.precedents import remember
from tagger.classify.storing import OutOfFold
from tagger.classify.training import Ground, Priors, Strengths, TrainingSet, fit_model

FOLDS = 10


def score_out_of_fold(
    ground: Ground,
    reader: Reader,
    data: TrainingSet,
    priors: Priors,
    strengths: Mapping[str, Strengths],
    *,
    folds: int = FOLDS,
    seed: int = 0,
) -> OutOfFold:
    """The logits of every case by a model that has not seen its event."""
    logits = {spec.target: np.zeros((len(data), len(priors.labels[spec.target]))) for spec in HEADS}
    events = [case.event for case in data.cases]
    strata = [case.industry[0] if case.industry else "" for case in data.cases]
    for seen, unseen in grouped_folds(events, strata, folds, seed):
        model = fit_model(ground, reader, data, seen, priors, strengths)
        scores = model.logits([data.readings[row] for row in unseen])
        for head in model.heads:
            logits[head.target][unseen] = scores[:, head.columns]
    return OutOfFold(tuple(case.id for case in data.cases), logits)


def with_doubt(model: Model, data: TrainingSet, out_of_fold: OutOfFold) -> Model:
    """The model with what its cases teach about doubt, and the cases themselves as precedents.

    A case whose labels the rules of the card exclude (subject and nature that do not go together) is a
    slip of its analysts: it says nothing of how sure the tagger may be.
    """
    sound = np.array([doubt.together(case.subject, case.nature) for case in data.cases])
    gold = {
        spec.target: gold_matrix(data.cases, spec, head.labels)[sound]
        for spec, head in zip(HEADS, model.heads, strict=True)
    }
    links = {head.target: head.link for head in model.heads}
    unseen = model.decode({target: logits[sound] for target, logits in out_of_fold.logits.items()})
    return replace(
        model,
        doubt=doubt.learn(unseen, gold, links),
        past=remember(data.cases, data.readings, model.text(data.readings)),
    )
