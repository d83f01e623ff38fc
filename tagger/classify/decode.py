"""Targets talk to each other: subject, nature and liability are chosen together, statutes after them.

The log-probability of a triple is the sum of what each target's linear model says and of what the
table says about the labels going together; there are at most some hundred triples, so all of them
are looked at and the marginals are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tagger.classify.heads import STATUTES
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


class Decoder:
    """Decides the targets of many notices together; what goes together is laid out once for a model.

    Logits are notices by labels; but for those of `probabilities` they are already divided by the target's
    temperature.
    """

    def __init__(self, labels: Mapping[str, Sequence[str]], together: Together) -> None:
        def table(one: str, other: str) -> Floats:
            return compatibility(together, one, labels[one], other, labels[other])

        self._nature = _log_softmax(table("subject", "nature"))
        self._liability = (
            _log_softmax(table("subject", "liability"))[:, None, :]
            + _log_softmax(table("nature", "liability"))[None, :, :]
        )
        self._industry = table("subject", "industry")
        articles = {target: table(target, STATUTES) for target in labels if target != STATUTES}
        self._articles = {target: matrix for target, matrix in articles.items() if matrix.any()}
        # A duty brings its penalty and the penalty its duty.
        self._pairs = table(STATUTES, STATUTES)

    def probabilities(
        self, logits: Mapping[str, Floats], temperatures: Mapping[str, float] | None = None
    ) -> dict[str, Floats]:
        """The probability of every label, statutes last; a temperature is 1 where none are given."""
        heat = temperatures or dict.fromkeys(logits, 1.0)
        tamed = {target: logits[target] / heat[target] for target in logits}
        found = self.joint({target: tamed[target] for target in JOINT})
        found["industry"] = self.industry(tamed["industry"], found["subject"])
        found["impact"] = sigmoid(tamed["impact"])
        found[STATUTES] = sigmoid(self.statutes(logits[STATUTES], found) / heat[STATUTES])
        return found

    def joint(self, logits: Mapping[str, Floats]) -> dict[str, Floats]:
        """The probability of each label of the JOINT targets, given that they are decided together."""
        nature = _log_softmax(logits["nature"])[:, None, :] + self._nature[None]
        subject = softmax(_log_softmax(logits["subject"]) + ECHO * np.logaddexp.reduce(nature, axis=2))
        weight = subject**CONSISTENT
        weight /= weight.sum(axis=1, keepdims=True)
        both = weight[:, :, None] * softmax(nature)  # notices, subject, nature
        liability = softmax(_log_softmax(logits["liability"])[:, None, None, :] + self._liability[None])
        return {
            "subject": subject,
            "nature": both.sum(axis=1),
            "liability": np.einsum("isn,isnl->il", both, liability),
        }

    def industry(self, logits: Floats, subject: Floats) -> Floats:
        """The industries' probabilities, given how likely each subject is."""
        each = softmax(logits[:, None, :] + self._industry[None])
        return np.asarray(np.einsum("is,isn->in", subject, each))

    def statutes(self, logits: Floats, marginals: Mapping[str, Floats]) -> Floats:
        """The statutes' logits with what the likely labels of the other targets say about them."""
        total = logits.copy()
        for target, table in self._articles.items():
            total += marginals[target] @ table
        return np.asarray(total + sigmoid(total) @ self._pairs)


def _log_softmax(logits: Floats) -> Floats:
    return np.asarray(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True))
