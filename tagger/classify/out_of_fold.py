"""What a model cannot know of itself: how it judges cases that it has not seen. Used in training only.

Each case is scored by a model of the other folds; no event is on both sides. From these scores come
calibrators and conformal sets (doubt.py), and the cases are kept as vectors for precedents.

The report tells its cases at length: 15 words that the lexicon knows, where notices of the field have
10 to 12. Who tells less leaves a model less sure, and not in step with how often it is right. So doubt
is learnt from each case as it stands and from two tellings of it that leave out half of the clauses:
11 known words on average.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify import doubt
from tagger.classify.features import Reader
from tagger.classify.folds import grouped_folds
from tagger.classify.heads import HEADS, gold_matrix
from tagger.classify.model import Model
from tagger.classify.precedents import remember
from tagger.classify.storing import OutOfFold
from tagger.classify.training import Ground, Priors, Strengths, TrainingSet, case_input, fit_model

Floats = NDArray[np.float64]

FOLDS = 10
_SHORT_TELLINGS = 2
_KEPT = 0.5
_CLAUSE = re.compile(r"[^，。；！？\n]{1,400}[，。；！？\n]?")


@dataclass(frozen=True, slots=True)
class Unseen:
    """How cases are judged that were left out: as they stand, and in each of their short tellings."""

    whole: OutOfFold
    short: tuple[Mapping[str, Floats], ...]

    @property
    def tellings(self) -> tuple[Mapping[str, Floats], ...]:
        """The logits (target -> cases by labels) of every telling."""
        return (self.whole.logits, *self.short)


def score_out_of_fold(
    ground: Ground,
    reader: Reader,
    data: TrainingSet,
    priors: Priors,
    strengths: Mapping[str, Strengths],
    *,
    folds: int = FOLDS,
    seed: int = 0,
) -> Unseen:
    """The logits of every case by a model that has not seen its event."""
    tellings = [
        data.readings,
        *(
            reader.read([case_input(shortened(case, number)) for case in data.cases])
            for number in range(_SHORT_TELLINGS)
        ),
    ]
    logits: list[dict[str, Floats]] = [
        {spec.target: np.zeros((len(data), len(priors.labels[spec.target]))) for spec in HEADS}
        for _ in tellings
    ]
    events = [case.event for case in data.cases]
    strata = [case.industry[0] if case.industry else "" for case in data.cases]
    for seen, unseen in grouped_folds(events, strata, folds, seed):
        model = fit_model(ground, reader, data, seen, priors, strengths)
        for readings, found in zip(tellings, logits, strict=True):
            scores = model.logits([readings[row] for row in unseen])
            for head in model.heads:
                found[head.target][unseen] = scores[:, head.columns]
    return Unseen(OutOfFold(tuple(case.id for case in data.cases), logits[0]), tuple(logits[1:]))


def shortened(case: Case, number: int) -> Case:
    """A case told in about half of its clauses, always the same ones for one `number`."""
    random = Random(f"{case.id} {number}")
    clauses = _CLAUSE.findall(case.facts)
    kept = [clause for clause in clauses if random.random() < _KEPT] or clauses[:1]
    return replace(case, facts="".join(kept))


def with_doubt(model: Model, data: TrainingSet, unseen: Unseen) -> Model:
    """The model with what its cases teach about doubt, and the cases themselves as precedents.

    A case whose labels the rules of the card exclude (subject and nature that do not go together) is a
    slip of its analysts: it says nothing of how sure the tagger may be.
    """
    sound = np.array([doubt.together(case.subject, case.nature) for case in data.cases])
    probabilities = [
        model.decode({target: logits[sound] for target, logits in telling.items()})
        for telling in unseen.tellings
    ]
    gold = {
        head.target: np.tile(gold_matrix(data.cases, spec, head.labels)[sound], (len(probabilities), 1))
        for spec, head in zip(HEADS, model.heads, strict=True)
    }
    learnt = doubt.learn(
        {head.target: np.vstack([found[head.target] for found in probabilities]) for head in model.heads},
        gold,
        {head.target: head.link for head in model.heads},
    )
    past = remember(data.cases, data.readings, model.text(data.readings))
    return replace(model, doubt=learnt, past=past)
