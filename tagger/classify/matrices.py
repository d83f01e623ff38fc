"""Cases as sparse matrices: what was read of them, and how often each text term stands in them.

Many cases are read by all cores, piece by piece; what is kept of a case is its row, so that time and
memory are linear in the number of cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.casebook import Case
from tagger.classify.automaton import Automaton
from tagger.classify.features import Input, Reader, places_of
from tagger.classify.lexicon import Lexicon
from tagger.classify.naming import Naming
from tagger.classify.sheet import folded
from tagger.classify.vocabulary import candidate_terms
from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations
from tagger.law.sanctions import sanction_clauses
from tagger.notice import Notice

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Numbers = NDArray[np.int32]

MANY = 2_000
"""From so many cases on it pays to use all cores."""
_AT_ONCE = 250
"""So many are read at once."""
_PIECES = 4
"""Pieces for each core, so that none waits long for the last."""


class TrainingSet(Struct, frozen=True):
    """Cases as matrices. `counts` has the candidate terms, `knowledge` the features of the reader."""

    cases: tuple[Case, ...]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    knowledge: csr_array
    counts: csr_array

    def __len__(self) -> int:
        return len(self.cases)


def case_input(case: Case) -> Input:
    """A case as the classifier meets a notice: its title and facts, and what law/ reads in them."""
    notice = Notice(text=case.text, title=case.title, date=case.date)
    return Input(
        notice,
        find_citations(notice.text, load_catalogue(None)),
        sanction_clauses(notice.text),
        case.date,
    )


def training_set(
    cases: Sequence[Case],
    reader: Reader,
    *,
    names: Sequence[str] = (),
    terms: Sequence[str] = (),
) -> TrainingSet:
    """The matrices of the cases.

    `names` and `terms` are features and text terms to be counted besides those that the cases propose.
    """
    counted = sorted({*candidate_terms([folded(case.text) for case in cases]), *terms})
    pieces = _read_all(cases, reader, counted)
    met = {name for piece in pieces for name in piece.names} | set(names)
    return _assembled(cases, pieces, (*reader.names, *sorted(met - set(reader.names))), counted)


def read_alike(cases: Sequence[Case], reader: Reader, like: TrainingSet) -> TrainingSet:
    """The matrices of other texts, with the columns of a training set."""
    return _assembled(cases, _read_all(cases, reader, like.terms), like.names, like.terms)


def _assembled(
    cases: Sequence[Case], pieces: Sequence[_Piece], names: Sequence[str], terms: Sequence[str]
) -> TrainingSet:
    from scipy.sparse import csr_array, vstack

    column = {name: k for k, name in enumerate(names)}
    knowledge, counts = [], []
    for piece in pieces:
        rows = len(piece.starts) - 1
        own = csr_array((piece.values, piece.columns, piece.starts), shape=(rows, len(piece.names)))
        known = [k for k, name in enumerate(piece.names) if name in column]
        place = np.array([column[piece.names[k]] for k in known], np.int32)
        own = own[:, known].tocsr()
        knowledge.append(csr_array((own.data, place[own.indices], own.indptr), shape=(rows, len(names))))
        counts.append(csr_array((piece.counts, piece.terms, piece.term_starts), shape=(rows, len(terms))))
    matrices = vstack(knowledge, format="csr"), vstack(counts, format="csr")
    for matrix in matrices:
        matrix.sort_indices()  # sums are taken in one order, whatever order the features were met in
    return TrainingSet(tuple(cases), tuple(names), tuple(terms), *matrices)


class _Piece(Struct, frozen=True):
    """Some cases: rows of (column, value), the columns by the piece's own `names`; rows of (term, count)."""

    names: tuple[str, ...]
    starts: Numbers
    columns: Numbers
    values: NDArray[np.float64]
    term_starts: Numbers
    terms: Numbers
    counts: Numbers


def _read_all(some: Sequence[Case], reader: Reader, terms: Sequence[str]) -> list[_Piece]:
    if len(some) < MANY:
        return [_read(some, reader, terms)]
    from joblib import Parallel, cpu_count, delayed

    cores = cpu_count()
    size = -(-len(some) // (cores * _PIECES))
    pieces: list[_Piece] = Parallel(n_jobs=cores)(
        delayed(_read_elsewhere)(some[start : start + size], reader.lexicon, reader.naming, terms)
        for start in range(0, len(some), size)
    )
    return pieces


def _read_elsewhere(
    some: Sequence[Case], lexicon: Lexicon, naming: Naming | None, terms: Sequence[str]
) -> _Piece:
    """As `_read`, in another process, to which no Reader can be sent."""
    return _read(some, Reader(lexicon, naming), terms)


def _read(some: Sequence[Case], reader: Reader, terms: Sequence[str]) -> _Piece:
    automaton = Automaton(terms)
    column: dict[str, int] = {}
    columns, values, held, counts = [], [], [], []
    for start in range(0, len(some), _AT_ONCE):
        for reading in reader.read([case_input(case) for case in some[start : start + _AT_ONCE]]):
            features = reading.features
            columns.append(np.array([column.setdefault(name, len(column)) for name in features], np.int32))
            values.append(np.fromiter(features.values(), float, len(features)))
            _, places = places_of([reading], automaton)
            numbers, count = np.unique(places.numbers, return_counts=True)
            held.append(numbers)
            counts.append(count.astype(np.int32))
    return _Piece(
        tuple(column),
        _starts(columns),
        np.concatenate([np.empty(0, np.int32), *columns]),
        np.concatenate([np.empty(0), *values]),
        _starts(held),
        np.concatenate([np.empty(0, np.int32), *held]),
        np.concatenate([np.empty(0, np.int32), *counts]),
    )


def _starts(rows: Sequence[Numbers]) -> Numbers:
    """Where each row starts when all of them stand behind each other, and where the last ends."""
    return np.cumsum([0, *map(len, rows)], dtype=np.int32)
