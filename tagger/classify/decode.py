"""Targets talk to each other: subject, nature and liability are chosen together, statutes after them.

The log-probability of a triple is the sum of what each target's linear model says and of what the
table says about the labels going together; there are at most some hundred triples, so all of them
are looked at and the marginals are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tagger.classify.linear import softmax
from tagger.classify.priors import Together

Floats = NDArray[np.float64]
JOINT = ("subject", "nature", "liability")


def compatibility(
    together: Together, target: str, labels: Sequence[str], other: str, other_labels: Sequence[str]
) -> Floats:
    """The table between two targets, as labels by labels."""
    matrix = np.zeros((len(labels), len(other_labels)))
    for (one, another), weight in together.get((target, other), {}).items():
        if one in labels and another in other_labels:
            matrix[labels.index(one), other_labels.index(another)] = weight
    return matrix


def joint_marginals(
    logits: Mapping[str, Floats], labels: Mapping[str, Sequence[str]], together: Together
) -> dict[str, Floats]:
    """The probability of each label of the JOINT targets, given that they are decided together.

    `logits[target]` is notices by labels, already divided by the target's temperature.
    """
    subject, nature, liability = (np.log(softmax(logits[target]) + 1e-300) for target in JOINT)

    def pairs(one: str, other: str) -> Floats:
        return compatibility(together, one, labels[one], other, labels[other])

    score = (
        subject[:, :, None, None]
        + nature[:, None, :, None]
        + liability[:, None, None, :]
        + pairs("subject", "nature")[None, :, :, None]
        + pairs("subject", "liability")[None, :, None, :]
        + pairs("nature", "liability")[None, None, :, :]
    )
    joint = softmax(score.reshape(len(score), -1)).reshape(score.shape)
    return {
        "subject": joint.sum(axis=(2, 3)),
        "nature": joint.sum(axis=(1, 3)),
        "liability": joint.sum(axis=(1, 2)),
    }


def with_statutes(
    logits: Floats, articles: Sequence[str], marginals: Mapping[str, Floats], labels: Mapping[str, Sequence[str]],
    together: Together,
) -> Floats:  # fmt: skip
    """The statutes' logits with what the likely labels of the other targets say about them."""
    total = logits.copy()
    for target, probability in marginals.items():
        table = compatibility(together, target, labels[target], "statutes", articles)
        if table.any():
            total += probability @ table
    return total
