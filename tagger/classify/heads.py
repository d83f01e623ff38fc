"""The targets that are learnt, each with its link, its labels and the families of features it listens to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify.articles import article_of
from tagger.classify.linear import Link
from tagger.classify.priors import Prior, Together
from tagger.taxonomy import TARGETS, taxonomy

STATUTES = "statutes"


@dataclass(frozen=True, slots=True)
class HeadSpec:
    """How one target is learnt: `softmax` where one label is right, `sigmoid` where several may be.

    `families` are the features that cases may reweigh (by the first part of the meaning or fact);
    the others keep their prior weight.
    """

    target: str
    link: Link
    families: frozenset[str]
    text: bool = True


_WHO = frozenset({"role", "act", "group", "gate", "punished-as", "named-as", "persons", "doer"})
_WHAT = _WHO | {"duty", "harm", "cited"}

HEADS = (
    HeadSpec("industry", "softmax", frozenset({"industry"})),
    HeadSpec("subject", "softmax", _WHO),
    HeadSpec("nature", "softmax", _WHAT),
    HeadSpec("impact", "sigmoid", _WHAT),
    HeadSpec("liability", "softmax", _WHAT),
    HeadSpec(STATUTES, "sigmoid", _WHAT | {"statute", "since"}),
)


def family(feature: str) -> str:
    """The family of a feature: of its meaning, or of the fact that it states.

    >>> family("title|industry.body.金融"), family("gate|person"), family("persons|3")
    ('industry', 'gate', 'persons')
    """
    zone, _, meaning = feature.partition("|")
    head, dot, _ = meaning.partition(".")
    if zone.endswith(("-doer", "-means", "-named", "-punished", "-subject")):
        return "doer"
    if zone.endswith("-cited"):
        return "cited"
    return head if dot and zone not in _FACTS else zone


_FACTS = frozenset({"gate", "punished-as", "named-as", "persons", "sanction", "cited", "since"})


def labels_of(
    target: str, cases: Sequence[Case], priors: Sequence[Prior], together: Together
) -> tuple[str, ...]:
    """The labels of a target: the taxonomy's, then those that only the cases have, sorted.

    Statutes: every article that a case lists or that a prior speaks of.
    """
    if target == STATUTES:
        found = {article for case in cases for article in case_labels(case, target)}
        found |= {prior.label for prior in priors if prior.target == target and prior.label != "*"}
        found |= {label for (_, other), rows in together.items() if other == target for _, label in rows}
        return tuple(sorted(found))
    shipped = next(taxonomy()[t].labels for t in TARGETS if t == target)
    extra = {label for case in cases for label in case_labels(case, target)} - set(shipped)
    return (*map(str, shipped), *sorted(extra))


def case_labels(case: Case, target: str) -> tuple[str, ...]:
    """What the analysts filled in."""
    if target == STATUTES:
        return tuple(dict.fromkeys(article_of(citation) for citation in case.statutes))
    labels: tuple[str, ...] = getattr(case, target)
    return labels


def gold_matrix(cases: Sequence[Case], spec: HeadSpec, labels: Sequence[str]) -> NDArray[np.float64]:
    """Cases by labels: a distribution for softmax (several labels share it), 0 and 1 for sigmoid."""
    column = {label: k for k, label in enumerate(labels)}
    gold = np.zeros((len(cases), len(labels)))
    for row, case in enumerate(cases):
        for label in case_labels(case, spec.target):
            gold[row, column[label]] = 1.0
    if spec.link == "softmax":
        gold /= np.maximum(gold.sum(axis=1, keepdims=True), 1.0)
    return gold
