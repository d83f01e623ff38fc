"""Text -> ranked labels. `CaseClassifier` is the scikit-learn estimator; it is imported when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.classify.estimator import CaseClassifier

__all__ = ["CaseClassifier"]


def __getattr__(name: str) -> object:
    # `tagger tag` passes through this package and must not import scikit-learn.
    if name == "CaseClassifier":
        from tagger.classify.estimator import CaseClassifier

        return CaseClassifier
    raise AttributeError(f"module 'tagger.classify' has no attribute {name!r}")
