"""What a model cannot know of itself: how it judges cases that it has not seen. Used in training only.

Each case is scored by a model of the other folds; no event is on both sides. From these scores come
calibrators and conformal sets (doubt.py), and the cases are kept as vectors for precedents.

The report tells its cases at length: 15 words that the lexicon knows, where notices of the field have
10 to 12. Who tells less leaves a model less sure, and not in step with how often it is right. So doubt
is learnt from each case as it stands and from two tellings of it that leave out half of the clauses:
11 known words on average.

Of very many cases some are left out once, instead of each in its turn: they tell as much.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify import doubt
from tagger.classify.features import Reader
from tagger.classify.folds import Indices, grouped_folds
from tagger.classify.heads import HEADS, gold_matrix
from tagger.classify.matrices import TrainingSet, case_input, read_alike
from tagger.classify.model import Model
from tagger.classify.precedents import remember
from tagger.classify.storing import OutOfFold
from tagger.classify.training import Priors, Strengths, fit
from tagger.law.sanctions import find_sanctions

Floats = NDArray[np.float64]

_FOLDS = {1_000: 10, 10_000: 5}
"""Up to how many cases each of them is left out in its turn, and in how many folds."""
_LEFT_OUT = 2_000
"""How many of more cases are left out."""
_MOST_PRECEDENTS = 2_000
"""Of more cases the last ones are kept as precedents."""
_SHORT_TELLINGS = 2
_KEPT = 0.5
_CLAUSE = re.compile(r"[^，。；！？\n]{1,400}[，。；！？\n]?")


class Unseen(Struct, frozen=True):
    """How cases are judged that were left out: as they stand, and in each of their short tellings.

    `rows` are the places of the cases in the training set.
    """

    rows: Indices
    whole: OutOfFold
    short: tuple[Mapping[str, Floats], ...]

    @property
    def tellings(self) -> tuple[Mapping[str, Floats], ...]:
        """The logits (target -> cases by labels) of every telling."""
        return (self.whole.logits, *self.short)


def parted(
    cases: Sequence[Case], *, folds: int | None = None, seed: int = 0
) -> list[tuple[Indices, Indices]]:
    """The folds of a casebook, as pairs of (what is learnt from, what is left out)."""
    events = [case.event for case in cases]
    strata = [case.industry[0] if case.industry else "" for case in cases]
    number = folds or next((n for most, n in _FOLDS.items() if len(cases) <= most), None)
    if number is not None:
        return list(grouped_folds(events, strata, number, seed))
    return [next(grouped_folds(events, strata, len(cases) // _LEFT_OUT, seed))]


def score_out_of_fold(
    reader: Reader,
    data: TrainingSet,
    priors: Priors,
    strengths: Mapping[str, Strengths],
    *,
    folds: int | None = None,
    seed: int = 0,
    learnt: NDArray[np.bool_] | None = None,
    tellings: int = _SHORT_TELLINGS,
) -> Unseen:
    """The logits of every case that is left out by a model that has not seen its event.

    `learnt` says which cases may be learnt from at all; without it all of them.
    """
    parts = parted(data.cases, folds=folds, seed=seed)
    rows = np.sort(np.concatenate([unseen for _, unseen in parts]))
    short = [
        read_alike([shortened(data.cases[row], number) for row in rows], reader, data)
        for number in range(tellings)
    ]
    logits: list[dict[str, Floats]] = [
        {spec.target: np.zeros((len(rows), len(priors.labels[spec.target]))) for spec in HEADS}
        for _ in range(1 + tellings)
    ]
    for seen, unseen in parts:
        fitted = fit(data, seen if learnt is None else seen[learnt[seen]], priors, strengths)
        places = np.searchsorted(rows, unseen)
        scores = [fitted.logits(data, unseen), *(fitted.logits(telling, places) for telling in short)]
        for found, score in zip(logits, scores, strict=True):
            for head in fitted.heads:
                found[head.target][places] = score[:, head.columns]
    return Unseen(rows, OutOfFold(tuple(data.cases[row].id for row in rows), logits[0]), tuple(logits[1:]))


def shortened(case: Case, number: int) -> Case:
    """A case told in about half of its clauses, always the same ones for one `number`."""
    random = Random(f"{case.id} {number}")
    clauses = _CLAUSE.findall(case.facts)
    kept = [clause for clause in clauses if random.random() < _KEPT] or clauses[:1]
    return replace(case, facts="".join(kept))


def with_doubt(model: Model, data: TrainingSet, unseen: Unseen) -> Model:
    """The model with what its cases teach about doubt, and the cases themselves as precedents.

    A case whose labels the rules of the card exclude (a subject that is not who was punished, a nature
    that does not go with it) is a slip of its analysts or an exception: it says nothing of how sure the
    tagger may be where the rules hold, and where they do not, the card goes to review.
    """
    judged = [data.cases[row] for row in unseen.rows]
    sound = np.array([by_the_rules(case) for case in judged])
    probabilities = [
        model.decode({target: logits[sound] for target, logits in telling.items()})
        for telling in unseen.tellings
    ]
    gold = {
        head.target: np.tile(gold_matrix(judged, spec, head.labels)[sound], (len(probabilities), 1))
        for spec, head in zip(HEADS, model.heads, strict=True)
    }
    learnt = doubt.learn(
        {head.target: np.vstack([found[head.target] for found in probabilities]) for head in model.heads},
        gold,
        {head.target: head.link for head in model.heads},
    )
    past = data.cases[-_MOST_PRECEDENTS:]
    readings = model.read([case_input(case) for case in past])
    return replace(model, doubt=learnt, past=remember(past, readings, model.text(readings)))


def by_the_rules(case: Case) -> bool:
    """Whether the labels of a case contradict neither each other nor who was punished.

    Where only the people of a body that offended were, the report prints 政企机构, and readers of other
    notices 团伙 as often: a card may be so, but it is nothing to measure by.
    """
    sanctions = find_sanctions(case.text, body_start=case.body_start)
    return not (
        any(doubt.contradictions(case.subject, case.nature, case.liability, sanctions))
        or any(doubt.punished_others(case.subject, sanctions))
    )
