"""Text features: TF-IDF over terms that are counted as substrings.

tf is 1 + log(count), idf is log((1 + n)/(1 + df)) + 1, and a notice's vector has length 1: what
scikit-learn's TfidfVectorizer(sublinear_tf=True) computes, for terms of any length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]


def inverse_document_frequency(frequency: NDArray[np.int64], notices: int) -> Floats:
    """The idf of terms that stand in so many of some notices."""
    return np.asarray(np.log((1 + notices) / (1 + frequency)) + 1)


def tfidf(counts: Floats, idf: Floats) -> Floats:
    """Notices by terms, each row of length 1 (or 0 where no term stands in the notice)."""
    with np.errstate(divide="ignore"):
        weighted = np.where(counts > 0, 1.0 + np.log(np.maximum(counts, 1.0)), 0.0) * idf
    length = np.sqrt((weighted**2).sum(axis=1, keepdims=True))
    return np.asarray(weighted / np.where(length > 0, length, 1.0))


def unit_tfidf(counts: Floats, idf: Floats) -> Floats:
    """The same for one notice: counts (all above 0) and idf of the terms that stand in it."""
    weighted = (1.0 + np.log(counts)) * idf
    length = np.sqrt(weighted @ weighted)
    return np.asarray(weighted / length if length else weighted)


def sparse_tfidf(counts: csr_array, idf: Floats) -> csr_array:
    """As `tfidf`, of a sparse matrix of counts without explicit zeros."""
    weighted = counts.astype(float)
    weighted.data = (1.0 + np.log(counts.data)) * idf[counts.indices]
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted.data /= np.repeat(length, np.diff(weighted.indptr))
    return weighted


def term_counts(term_hits: Sequence[NDArray[np.int64]], terms: int) -> Floats:
    """Notices by terms, from the term numbers that hit each notice."""
    return np.array([np.bincount(hits, minlength=terms) for hits in term_hits], dtype=float).reshape(
        -1, terms
    )
