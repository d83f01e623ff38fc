"""The casebook and the development notices as one pool, from which any part may be learnt and judged.

A learning curve and an ablation ask many models for the three main targets only, so no more is learnt:
industry, subject and nature, and the liability that is decided with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify.decode import JOINT, Decoder
from tagger.classify.folds import Indices, grouped_folds
from tagger.classify.heads import HEADS, STATUTES
from tagger.classify.matrices import TrainingSet
from tagger.classify.training import RECIPE, Ground, Priors, fit
from tagger.promotion import Notices, judged

Floats = NDArray[np.float64]
Right = dict[str, Floats]
"""By target 1 for each notice that is right, 0 for one that is wrong."""

ASKED = tuple(spec for spec in HEADS if spec.target in ("industry", *JOINT))


class Pool(Struct, frozen=True):
    """Cases first, then development notices; `second` are the answers of the notices' other reader."""

    ground: Ground
    data: TrainingSet
    cases: int
    second: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, cases: Sequence[Case], development: Notices, ground: Ground) -> Pool:
        """The pool of a casebook and of notices."""
        data = ground.training_set((*cases, *development.cases))
        return cls(ground, data, len(cases), development.second)

    @property
    def casebook(self) -> Indices:
        """The rows of the casebook."""
        return np.arange(self.cases)

    @property
    def development(self) -> Indices:
        """The rows of the development notices."""
        return np.arange(self.cases, len(self.data))

    def events(self, rows: Indices) -> list[str]:
        """Of which event each row tells."""
        return [self.data.cases[row].event for row in rows]

    def folds(self, rows: Indices, count: int, seed: int) -> list[tuple[Indices, Indices]]:
        """`count` pairs of rows (learnt from, left out); no event is on both sides."""
        cases = [self.data.cases[row] for row in rows]
        strata = [case.industry[0] if case.industry else "" for case in cases]
        parts = grouped_folds([case.event for case in cases], strata, count, seed)
        return [(rows[seen], rows[unseen]) for seen, unseen in parts]

    def right(
        self,
        learnt: Indices,
        asked: Indices,
        priors: Priors,
        *,
        data: TrainingSet | None = None,
        joint: bool = True,
    ) -> Right:
        """Which of the rows asked are right by what other rows teach; none at all where `learnt` is empty.

        `data` is the pool's with something left out; without `joint` each target decides for itself.
        """
        data = data or self.data
        # Without cases the prior is all there is: it is what a case that weighs nothing leaves.
        rows, weight = (learnt, None) if len(learnt) else (self.casebook[:2], np.zeros(2))
        fitted = fit(data, rows, priors, RECIPE, heads=ASKED, sample_weight=weight)
        scores = fitted.logits(data, asked)
        found = {head.target: scores[:, head.columns] for head in fitted.heads}
        labels = {head.target: head.labels for head in fitted.heads}
        if joint:
            decoder = Decoder({**labels, STATUTES: ()}, self.ground.together)
            subjects = decoder.joint({target: found[target] for target in JOINT})
            found = {**subjects, "industry": decoder.industry(found["industry"], subjects["subject"])}
        notices = Notices(tuple(data.cases[row] for row in asked), self.second)
        return judged(notices, found, labels)


def mean(several: Sequence[Right]) -> Right:
    """Of the same notices judged several times: how often each was right."""
    return {target: np.mean([one[target] for one in several], axis=0) for target in several[0]}


def spread(parts: Sequence[tuple[Indices, Right]], rows: Indices) -> Right:
    """The notices judged fold by fold, in the order of `rows`, which are ascending."""
    found = {target: np.full(len(rows), np.nan) for target in parts[0][1]}
    for unseen, right in parts:
        for target, values in right.items():
            found[target][np.searchsorted(rows, unseen)] = values
    return found
