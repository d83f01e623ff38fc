"""The targets that are learnt, each with its link and its labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify.articles import learnt_articles
from tagger.classify.linear import Link
from tagger.classify.priors import Prior, Together
from tagger.law.catalogue import load_catalogue
from tagger.taxonomy import TARGETS, taxonomy

STATUTES = "statutes"
_SHARED = 2


class HeadSpec(Struct, frozen=True):
    """How one target is learnt: `softmax` where one label is right, `sigmoid` where several may be."""

    target: str
    link: Link


HEADS = (
    HeadSpec("industry", "softmax"),
    HeadSpec("subject", "softmax"),
    HeadSpec("nature", "softmax"),
    HeadSpec("impact", "sigmoid"),
    HeadSpec("liability", "softmax"),
    HeadSpec(STATUTES, "sigmoid"),
)


def labels_of(
    target: str,
    cases: Sequence[Case],
    priors: Sequence[Prior],
    together: Together,
    examples: Sequence[Case] = (),
) -> tuple[str, ...]:
    """The labels of a target: the taxonomy's, then those that only the cases have, sorted.

    Statutes: every article that a case lists, that a prior speaks of, or that some examples share.
    """
    if target == STATUTES:
        found = {article for case in cases for article in case_labels(case, target)}
        shown = Counter(article for case in examples for article in case_labels(case, target))
        found |= {article for article, times in shown.items() if times >= _SHARED}
        found |= {prior.label for prior in priors if prior.target == target and prior.label != "*"}
        found |= {label for (_, other), rows in together.items() if other == target for _, label in rows}
        return tuple(sorted(found))
    shipped = next(taxonomy()[t].labels for t in TARGETS if t == target)
    extra = {label for case in cases for label in case_labels(case, target)} - set(shipped)
    return (*map(str, shipped), *sorted(extra))


def case_labels(case: Case, target: str) -> tuple[str, ...]:
    """What the analysts filled in; statutes in the numbering that is learnt."""
    if target == STATUTES:
        return learnt_articles(case.statutes, case.as_of, load_catalogue(None))
    labels: tuple[str, ...] = getattr(case, target)
    return labels


def gold_matrix(cases: Sequence[Case], spec: HeadSpec, labels: Sequence[str]) -> NDArray[np.float64]:
    """Cases by labels: a distribution for softmax (several labels share it), 0 and 1 for sigmoid."""
    column = {label: k for k, label in enumerate(labels)}
    gold = np.zeros((len(cases), len(labels)))
    for row, case in enumerate(cases):
        for label in case_labels(case, spec.target):
            if label in column:  # an article that one example alone lists is none
                gold[row, column[label]] = 1.0
    if spec.link == "softmax":
        gold /= np.maximum(gold.sum(axis=1, keepdims=True), 1.0)
    return gold
