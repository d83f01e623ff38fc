"""What is known before any case is seen: what a meaning says about a label, what goes together.

`data/lexicon/meanings.tsv` holds prior weights (feature, target, label, weight), `data/goes_together.tsv`
log-odds for two labels of different targets to be chosen together.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger import shipped
from tagger.errors import TaggerError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MEANINGS = (shipped.DATA / "lexicon" / "meanings.tsv", shipped.DATA / "law" / "likely.tsv")
TOGETHER = (shipped.DATA / "goes_together.tsv", shipped.DATA / "law" / "likely_together.tsv")
BIAS = "bias"

Together = Mapping[tuple[str, str], Mapping[tuple[str, str], float]]
"""(target, other target) -> (label, other label) -> log-odds."""


class BrokenPriors(TaggerError):
    """A row of meanings.tsv or goes_together.tsv that cannot be read."""


class Prior(Struct, frozen=True):
    """What one full-strength word of a feature adds to a label's log-odds.

    `feature` is `zone|meaning`; * stands for any characters. A label * is what the last star of the
    feature stands for: `any|industry.body.*` speaks for the industry that the word names.
    """

    feature: str
    target: str
    label: str
    weight: float

    def matches(self, names: FeatureIndex) -> Iterator[tuple[int, str]]:
        """(position, label) of every feature name that the pattern matches."""
        pattern = re.compile("(.*)".join(map(re.escape, self.feature.split("*"))))
        for index, name in names.beginning_with(self.feature.split("*", 1)[0]):
            match = pattern.fullmatch(name)
            if match is not None:
                yield index, match[match.lastindex or 0] if self.label == "*" else self.label


class FeatureIndex:
    """The feature names of a training set, found by how they begin."""

    def __init__(self, names: Sequence[str]) -> None:
        self._ordered = sorted((name, index) for index, name in enumerate(names))
        self._count = len(names)

    def __len__(self) -> int:
        return self._count

    def beginning_with(self, prefix: str) -> Iterator[tuple[int, str]]:
        """(position, name) of the names with a prefix."""
        for name, index in self._ordered[bisect_left(self._ordered, (prefix, -1)) :]:
            if not name.startswith(prefix):
                return
            yield index, name


def read_priors(*paths: Path) -> tuple[Prior, ...]:
    """The rows of meanings.tsv and likely.tsv. Raises BrokenPriors for the first that is wrong."""
    return tuple(
        Prior(feature, target, label, weight)
        for path in paths or MEANINGS
        for (feature, target, label), weight in _rows(path, keys=3)
    )


def read_together(*paths: Path) -> Together:
    """The rows of goes_together.tsv and likely_together.tsv. Raises BrokenPriors for the first wrong one."""
    table: dict[tuple[str, str], dict[tuple[str, str], float]] = defaultdict(dict)
    for path in paths or TOGETHER:
        for (target, label, other, other_label), weight in _rows(path, keys=4):
            table[target, other][label, other_label] = weight
    return dict(table)


def _rows(path: Path, keys: int) -> Iterator[tuple[list[str], float]]:
    header, found = True, False
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenPriors(f"{path.name}: {error}; install the tagger again") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if header:  # the first row names the columns
            header = False
            continue
        fields = line.split("\t")
        found = True
        try:
            yield fields[:keys], float(fields[keys])
        except (IndexError, ValueError) as error:
            wanted = f"{keys} words and a number, parted by tabs"
            raise BrokenPriors(f"{path.name}, line {number}: a row is {wanted}") from error
    if not found:
        raise BrokenPriors(f"{path.name} has no rows; install the tagger again")


def prior_weights(
    priors: Sequence[Prior], target: str, names: FeatureIndex, labels: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The prior weights (features by labels) and biases of one target."""
    weights = np.zeros((len(names), len(labels)))
    bias = np.zeros(len(labels))
    column = {label: k for k, label in enumerate(labels)}
    for prior in priors:
        if prior.target != target:
            continue
        if prior.feature == BIAS:
            affected = labels if prior.label == "*" else (prior.label,)
            for label in affected:
                bias[column[label]] += prior.weight
            continue
        for row, label in prior.matches(names):
            if label in column:
                weights[row, column[label]] += prior.weight
    return weights, bias


def prior_ties(priors: Sequence[Prior], target: str, names: FeatureIndex, labels: Sequence[str]) -> csr_array:
    """Rows of the table by features times labels, feature by feature: ones where a row speaks."""
    from scipy.sparse import csr_array

    column, width = {label: k for k, label in enumerate(labels)}, len(labels)
    spoken = [
        [row * width + column[label] for row, label in prior.matches(names) if label in column]
        for prior in priors
        if prior.target == target and prior.feature != BIAS
    ]
    cells = [cell for row in spoken for cell in row]
    starts = np.cumsum([0, *map(len, spoken)])
    return csr_array((np.ones(len(cells)), cells, starts), shape=(len(spoken), len(names) * width))
