"""Targets talk to each other: subject, nature and liability are chosen together, statutes after them.

The log-probability of a triple is the sum of what each target's linear model says and of what the
table says about the labels going together; there are at most some hundred triples, so all of them
are looked at and the marginals are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tagger.classify.linear import sigmoid, softmax
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


ECHO = 0.5
"""How much of what the nature says is heard again when the subject is decided: both read the same words."""


CONSISTENT = 4.0
"""How much more than in proportion the likelier subject has a say in the nature: the two stand together."""


def joint_marginals(
    logits: Mapping[str, Floats], labels: Mapping[str, Sequence[str]], together: Together
) -> dict[str, Floats]:
    """The probability of each label of the JOINT targets, given that they are decided together.

    `logits[target]` is notices by labels, already divided by the target's temperature.
    """

    def pairs(one: str, other: str) -> Floats:
        return np.asarray(_log_softmax(compatibility(together, one, labels[one], other, labels[other])))

    nature = _log_softmax(logits["nature"])[:, None, :] + pairs("subject", "nature")[None]
    subject = softmax(_log_softmax(logits["subject"]) + ECHO * np.logaddexp.reduce(nature, axis=2))
    weight = subject**CONSISTENT
    weight /= weight.sum(axis=1, keepdims=True)
    both = weight[:, :, None] * softmax(nature)  # notices, subject, nature
    liability = softmax(
        _log_softmax(logits["liability"])[:, None, None, :]
        + pairs("subject", "liability")[None, :, None, :]
        + pairs("nature", "liability")[None, None, :, :]
    )
    return {
        "subject": subject,
        "nature": both.sum(axis=1),
        "liability": np.einsum("isn,isnl->il", both, liability),
    }


def _log_softmax(logits: Floats) -> Floats:
    return np.asarray(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True))


def industry_marginals(
    logits: Floats, subject: Floats, labels: Mapping[str, Sequence[str]], together: Together
) -> Floats:
    """The industries' probabilities, given how likely each subject is."""
    table = compatibility(together, "subject", labels["subject"], "industry", labels["industry"])
    return np.asarray(np.einsum("is,isn->in", subject, softmax(logits[:, None, :] + table[None])))


def with_statutes(
    logits: Floats,
    articles: Sequence[str],
    marginals: Mapping[str, Floats],
    labels: Mapping[str, Sequence[str]],
    together: Together,
) -> Floats:
    """The statutes' logits with what the likely labels of the other targets say about them."""
    total = logits.copy()
    for target, probability in marginals.items():
        table = compatibility(together, target, labels[target], "statutes", articles)
        if table.any():
            total += probability @ table
    # A duty brings its penalty and the penalty its duty.
    pairs = compatibility(together, "statutes", articles, "statutes", articles)
    return np.asarray(total + sigmoid(total) @ pairs)
