"""What written examples teach before any case is seen: where every weight starts.

`data/examples/` holds notices written for this project from knowledge of the field, with their labels:
label descriptions in the form of what they describe. The tables say what one word means for a label; the
examples say what words weigh beside each other. They are learnt once, from the weights of the tables on,
and what comes of it is the mean of the prior that the cases correct (linear.py). So folds of the casebook
share their lessons, as they share the tables, and no case is among them.

What they teach is kept in `data/lessons/`, a folder in the form of a model's, so that a training does not
learn it anew. It is used where it was learnt from the same words, tables and examples, else it is learnt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger import shipped
from tagger.casebook import BrokenCasebook, Case, read_cases
from tagger.classify.folder import learnt_parts, write_folder

EXAMPLES = shipped.DATA / "examples"
KEPT = shipped.DATA / "lessons"

Floats = NDArray[np.float64]
Halves = NDArray[np.float16]
"""Three digits of a weight are more than some hundred examples can tell."""


class Lessons(Struct, frozen=True):
    """Weights and biases by target: features of the lexicon (`names`), then text terms, by `labels`.

    Features and terms that weigh nothing are left out. `frequency` says in how many of the `notices`
    examples each term stands.
    """

    names: tuple[str, ...]
    terms: tuple[str, ...]
    frequency: NDArray[np.int64]
    notices: int
    labels: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Halves]
    bias: Mapping[str, Halves]

    def weights_for(
        self, target: str, names: Sequence[str], terms: Sequence[str], labels: Sequence[str], prior: Floats
    ) -> Floats:
        """The lessons for other features and labels (names, then terms, by labels).

        `prior` (names by labels) holds where a feature or a label is not in the lessons; the weight of
        a term that is not in them is 0.
        """
        found = np.vstack([prior, np.zeros((len(terms), len(labels)))])
        known = {name: row for row, name in enumerate((*self.names, *self.terms))}
        rows = [(row, known[name]) for row, name in enumerate((*names, *terms)) if name in known]
        own = {label: column for column, label in enumerate(self.labels[target])}
        columns = [(column, own[label]) for column, label in enumerate(labels) if label in own]
        if rows and columns:
            (here, there), (column, source) = zip(*rows, strict=True), zip(*columns, strict=True)
            found[np.ix_(here, column)] = self.weights[target][np.ix_(there, source)]
        return found

    def bias_for(self, target: str, labels: Sequence[str], prior: Floats) -> Floats:
        """The biases of other labels; `prior` holds for those that are not in the lessons."""
        own = {label: column for column, label in enumerate(self.labels[target])}
        return np.array(
            [self.bias[target][own[label]] if label in own else prior[k] for k, label in enumerate(labels)],
            dtype=np.float64,
        )

    def frequency_of(self, terms: Sequence[str]) -> NDArray[np.int64]:
        """In how many of the examples each term stands."""
        known = dict(zip(self.terms, self.frequency.tolist(), strict=True))
        return np.array([known.get(term, 0) for term in terms], dtype=np.int64)


def read_examples(folder: Path = EXAMPLES) -> tuple[Case, ...]:
    """The written examples, file by file in the order of their names. Raises BrokenCasebook."""
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise BrokenCasebook(f"there are no written examples in {folder}; install the tagger again")
    return tuple(case for path in paths for case in read_cases(path))


def keep(lessons: Lessons, learnt_from: str, folder: Path = KEPT) -> None:
    """Writes lessons to a folder; `learnt_from` is the sum of what taught them."""
    write_folder(
        folder,
        {"name": folder.name, "learnt_from": learnt_from, "notices": lessons.notices},
        {
            "weights": np.hstack(list(lessons.weights.values())).astype("<f2"),
            "bias": np.concatenate(list(lessons.bias.values())).astype("<f2"),
            "frequency": lessons.frequency.astype("<i4"),
        },
        {"names": lessons.names, "terms": lessons.terms, "labels": list(lessons.labels.items())},
    )


def kept(learnt_from: str, folder: Path = KEPT) -> Lessons | None:
    """The lessons of a folder; None where they were learnt from something else, or cannot be read."""
    parts = learnt_parts(folder, learnt_from)
    if parts is None:
        return None
    labels = {target: tuple(some) for target, some in parts.documents["labels"]}
    bounds = np.cumsum([len(some) for some in labels.values()])[:-1]
    weights = np.split(parts.arrays["weights"], bounds, axis=1)
    return Lessons(
        tuple(parts.documents["names"]),
        tuple(parts.documents["terms"]),
        np.asarray(parts.arrays["frequency"], np.int64),
        int(parts.manifest["notices"]),
        labels,
        dict(zip(labels, weights, strict=True)),
        dict(zip(labels, np.split(parts.arrays["bias"], bounds), strict=True)),
    )
