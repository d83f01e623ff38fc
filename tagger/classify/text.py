"""Text features: TF-IDF over terms that are counted as substrings.

tf is 1 + log(count), idf is log((1 + n)/(1 + df)) + 1, and a notice's vector has length 1: what
scikit-learn's TfidfVectorizer(sublinear_tf=True) computes, for terms of any length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]


def inverse_document_frequency(frequency: NDArray[np.int64], notices: int) -> Floats:
    """The idf of terms that stand in so many of some notices."""
    return np.asarray(np.log((1 + notices) / (1 + frequency)) + 1)


def unit_tfidf(counts: NDArray[np.int64], idf: Floats, notices: NDArray[np.intp]) -> Floats:
    """TF-IDF of terms that stand in notices: counts (all above 0), idf, and which notice each is of."""
    weighted = (1.0 + np.log(counts)) * idf
    length = np.sqrt(np.bincount(notices, weighted**2))[notices]
    return np.asarray(weighted / np.where(length > 0, length, 1.0))


def sparse_tfidf(counts: csr_array, idf: Floats) -> csr_array:
    """The same, of a sparse matrix of counts without explicit zeros."""
    weighted = counts.astype(float)
    weighted.data = (1.0 + np.log(counts.data)) * idf[counts.indices]
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted.data /= np.repeat(length, np.diff(weighted.indptr))
    return weighted
