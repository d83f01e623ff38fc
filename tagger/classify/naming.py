"""What trade a body is of by the characters of its name, where no table has a word of it.

The tables name some seven thousand bodies. A multinomial logistic regression over the characters and pairs
of characters of these names tells the industry of a company that none of them has (丧葬公司, 路段养护公司).
What comes of it is kept in `data/naming/`, a folder in the form of a model's, and in every model that was
trained with it, so that a model reads the same wherever it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger import shipped
from tagger.classify.cues import Cues
from tagger.classify.folder import learnt_parts, write_folder
from tagger.classify.found import Found
from tagger.classify.lexicon import MASK, Entry, Lexicon
from tagger.classify.sheet import covered
from tagger.expressions import expression

KEPT = shipped.DATA / "naming"

BODY = "industry.body."
_KNOWN = (BODY, "industry.product.")
_IN_NAMES = ("industry.", "trade.", "goods.", "form.", "notice.network", MASK)
"""What may stand in a name; words of acts, roles and procedure (警方查明|公司) stand before one."""
_STRENGTH = 2.0
"""Of what was told by characters; a word of a table has up to 3."""
_SURE = 0.5
"""The probability from which a name is told. In cross-validation over the tables' names 82 % are, 94 % of
these rightly."""
_PLAIN = 2.0
"""The strength from which a word of a table is the name of a body."""
_INVERSE_OF_PRECISION = 1.0

_END = "$"
"""What stands behind a name, so that its last character is one of its own kind."""
_LONGEST = 12
_SHORTEST_STEM = 2
_HOW_MANY = expression("[0-9一两几多数这二三四五六七八九十百千万余](?:[家个间所]|$)")
"""三家, and 一 before 公司: what stands before is of something else."""
_REMEMBERED = 1 << 14
_FEWEST_INDUSTRIES = 3
"""Of two there is one column of weights only, and nothing much to tell apart."""

_ENDING = "form"
"""What the names end in that are told (cues.py): what a company is by law, or to others."""

Halves = NDArray[np.float16]


class Naming(Struct, frozen=True, dict=True):
    """Weights of characters and pairs of characters (`runs`) by industries (`labels`)."""

    runs: tuple[str, ...]
    labels: tuple[str, ...]
    weights: Halves
    bias: Halves

    @cached_property
    def lists(self) -> tuple[tuple[Entry, ...], ...]:
        """What a name means, by industry, in the form of a row of the tables."""
        return tuple((Entry(BODY + label, _STRENGTH),) for label in self.labels)

    @cached_property
    def industry(self) -> Callable[[str], int | None]:
        """The number of the industry of a name; None where it is not sure."""
        rows = {run: number for number, run in enumerate(self.runs)}

        @lru_cache(_REMEMBERED)
        def industry(name: str) -> int | None:
            met = [rows[run] for run in _runs(name) if run in rows]
            scores = self.bias + self.weights[met].sum(axis=0, dtype=float)
            shares = np.exp(scores - scores.max())
            best = int(shares.argmax())
            return best if shares[best] >= _SURE * shares.sum() else None

        return industry


def _runs(name: str) -> set[str]:
    """The characters and pairs of characters of a name."""
    whole = name + _END
    return {*whole, *map("".join, pairwise(whole))}


class UnknownBodies:
    """Finds the bodies of a sheet whose names have no word of a body or product in them, and names them.

    `lists` are the lexicon's lists of meanings; those of the naming stand behind them.
    """

    def __init__(self, naming: Naming, lists: Sequence[tuple[Entry, ...]]) -> None:
        self._naming = naming
        self._first = len(lists)
        known = [any(entry.meaning.startswith(_KNOWN) for entry in entries) for entries in lists]
        self._known = np.array([*known, *[True] * len(naming.lists)], bool)
        before = [any(not e.meaning.startswith(_IN_NAMES) for e in entries) for entries in lists]
        self._before = np.array([*before, *[False] * len(naming.lists)], bool)

    def with_them(self, found: Found, cues: Cues) -> Found:
        """The places and those of the bodies; by their starts, the longest first."""
        begins, stems, ends = cues.names(_ENDING, _LONGEST)
        begins = np.maximum(begins, cues.last_of(found.ends[self._before[found.lists]])[stems])
        known = np.flatnonzero(self._known[found.lists])
        told = covered(found.starts[known], found.ends[known], len(cues))
        asked = np.flatnonzero((stems - begins >= _SHORTEST_STEM) & ~told[stems - 1])
        word_that_ends = {end: word for word, end in enumerate(found.ends.tolist())} if len(asked) else {}
        rows = []
        for place in asked.tolist():
            begin, stem, end = int(begins[place]), int(stems[place]), int(ends[place])
            start = begin + _behind_a_number(cues.spelled(begin, stem))
            if stem - start < _SHORTEST_STEM or told[start:end].any() or end not in word_that_ends:
                continue
            industry = self._naming.industry(cues.spelled(start, end))
            if industry is not None:
                rows.append((word_that_ends[end], start, self._first + industry))
        if not rows:
            return found
        words, starts, lists = np.array(rows, np.int32).T
        bodies = found.where(words)._replace(starts=starts, lists=lists)
        joined = Found(*(np.concatenate(columns) for columns in zip(found, bodies, strict=True)))
        return joined.where(np.lexsort((-joined.ends, joined.starts)))


def _behind_a_number(stem: str) -> int:
    """Where what belongs to a name begins: behind 三家, or behind 一 before 公司."""
    return max((match.end() for match in _HOW_MANY.finditer(stem)), default=0)


def names_of_bodies(lexicon: Lexicon) -> dict[str, str]:
    """The names of bodies of one industry, and the industry."""
    found = {}
    for term, entries in lexicon.items():
        bodies = [entry for entry in entries if entry.meaning.startswith(BODY)]
        if len(bodies) == 1 and bodies[0].strength >= _PLAIN:
            found[term] = bodies[0].meaning.removeprefix(BODY)
    return found


def sum_of(lexicon: Lexicon) -> str:
    """The SHA-256 of all that a naming is learnt from."""
    return sha256(msgspec.json.encode(list(names_of_bodies(lexicon).items()))).hexdigest()


def learn_naming(lexicon: Lexicon) -> Naming | None:
    """What the names of bodies in a lexicon teach; None where they are of hardly any industries."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    names = names_of_bodies(lexicon)
    if len(set(names.values())) < _FEWEST_INDUSTRIES:
        return None
    counter = CountVectorizer(analyzer=_runs, binary=True)
    present = counter.fit_transform(names)
    model = LogisticRegression(C=_INVERSE_OF_PRECISION, max_iter=500, tol=1e-4)
    model.fit(present, list(names.values()))
    runs = counter.get_feature_names_out()
    return Naming(
        tuple(map(str, runs)),
        tuple(map(str, model.classes_)),
        model.coef_.T.astype(np.float16),
        model.intercept_.astype(np.float16),
    )


def keep(naming: Naming, learnt_from: str, folder: Path = KEPT) -> None:
    """Writes a naming to a folder; `learnt_from` is the sum of what taught it."""
    write_folder(
        folder,
        {"name": folder.name, "learnt_from": learnt_from},
        {"weights": naming.weights.astype("<f2"), "bias": naming.bias.astype("<f2")},
        {"runs": naming.runs, "labels": naming.labels},
    )


def kept(learnt_from: str, folder: Path = KEPT) -> Naming | None:
    """The naming of a folder; None where it was learnt from something else, or cannot be read."""
    parts = learnt_parts(folder, learnt_from)
    if parts is None:
        return None
    return Naming(
        tuple(parts.documents["runs"]),
        tuple(parts.documents["labels"]),
        np.asarray(parts.arrays["weights"]),
        np.asarray(parts.arrays["bias"]),
    )
