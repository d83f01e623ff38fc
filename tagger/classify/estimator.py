"""The classifier of one target as a scikit-learn estimator, for grid search, calibration and pipelines.

>>> from sklearn.model_selection import cross_val_score
>>> from tagger.casebook import read_cases
>>> from tagger.classify import CaseClassifier
>>> cases = read_cases()
>>> texts, natures = [case.text for case in cases], [case.nature[0] for case in cases]
>>> scores = cross_val_score(CaseClassifier(target="nature"), texts, natures)  # doctest: +SKIP

A tagger's model is more: its targets are decided together, it knows its doubt, and it is one file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Self

import numpy as np
from msgspec.structs import replace
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags, assert_all_finite
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d

from tagger.casebook import Case
from tagger.classify.heads import HEADS
from tagger.classify.linear import softmax
from tagger.classify.matrices import case_input
from tagger.classify.model import Model
from tagger.classify.training import RECIPE, Ground, Priors, Strengths, assembled, fit, priors_for
from tagger.taxonomy import TARGETS, Target

Floats = NDArray[np.float64]


class CaseClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Texts of notices in, one label of a target out.

    Parameters
    ----------
    target : {"industry", "subject", "nature", "impact", "liability"}
        What is known before any case is seen: the lexicon's meanings for the labels of this target.
        Other labels may be learnt; nothing is known of them beforehand.
    knowledge, text, tie : float or None
        The precision of the weights of what words mean, of text terms, and of the changes that move
        many weights at once: the greater, the less the cases move them. None: as shipped models have it.

    Attributes
    ----------
    classes_ : ndarray
        The labels, sorted.
    """

    def __init__(
        self,
        target: Target = "industry",
        *,
        knowledge: float | None = None,
        text: float | None = None,
        tie: float | None = None,
    ) -> None:
        self.target = target
        self.knowledge = knowledge
        self.text = text
        self.tie = tie

    def fit(self, X: Sequence[str], y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from texts and their labels. Raises ValueError for input of another kind."""
        strengths = self._strengths()
        texts = self._texts(X, reset=True)
        labels = column_or_1d(y, warn=True)
        assert_all_finite(labels, input_name="y")
        check_classification_targets(labels)
        if len(texts) != len(labels):
            raise ValueError(f"{len(texts)} texts have {len(labels)} labels; give one for each")
        self.classes_, which = np.unique(labels, return_inverse=True)
        weight = None if sample_weight is None else _check_sample_weight(sample_weight, texts)
        names = [str(label) for label in self.classes_]
        cases = [_case(text, self.target, names[k]) for text, k in zip(texts, which, strict=True)]
        ground = _shipped()
        data = ground.training_set(cases)
        spec = replace(next(spec for spec in HEADS if spec.target == self.target), link="softmax")
        priors = _restricted(priors_for(ground, data, (spec,)), self.target, names)
        rows = np.arange(len(cases))
        learnt = fit(data, rows, priors, {self.target: strengths}, heads=(spec,), sample_weight=weight)
        model = assembled(ground, data, learnt)
        self.heads_, self.features_, self.terms_ = model.heads, model.features, model.terms
        self.idf_, self.weights_, self.bias_ = model.idf, model.weights, model.bias
        return self

    def predict_proba(self, X: Sequence[str]) -> Floats:
        """The probability of each label: texts by `classes_`."""
        check_is_fitted(self)
        texts = self._texts(X, reset=False)
        ground = _shipped()
        model = Model(
            name="estimator",
            reader=ground.reader,
            heads=self.heads_,
            features=self.features_,
            terms=self.terms_,
            idf=self.idf_,
            weights=self.weights_,
            bias=self.bias_,
            together=ground.together,
        )
        readings = model.read([case_input(_case(text, self.target, "")) for text in texts])
        return softmax(model.logits(readings))

    def predict(self, X: Sequence[str]) -> NDArray[Any]:
        """The likeliest label of each text."""
        best = np.argmax(self.predict_proba(X), axis=1)
        return np.asarray(self.classes_[best])

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags

    def _texts(self, X: Any, *, reset: bool) -> list[str]:
        """The texts, checked. `reset` is for estimators that remember the form of their input."""
        if isinstance(X, str) or not all(isinstance(text, str) for text in X):
            raise ValueError("X must be a sequence of texts (str), one a notice")
        texts = [str(text) for text in X]
        if not texts:
            raise ValueError("there is no text: a minimum of 1 is required")
        return texts

    def _strengths(self) -> Strengths:
        if self.target not in TARGETS:
            raise ValueError(f"target is {self.target!r}; it must be one of {', '.join(TARGETS)}")
        given = {name: getattr(self, name) for name in ("knowledge", "text", "tie")}
        for name, strength in given.items():
            if strength is not None and not strength > 0:
                raise ValueError(f"{name} is {strength!r}; a precision is above 0")
        return replace(RECIPE[self.target], **{k: v for k, v in given.items() if v is not None})


@cache
def _shipped() -> Ground:
    return Ground.shipped()


_BLANK = Case(id="", title="", facts="", industry=(), subject=(), nature=())


def _case(text: str, target: Target, label: str) -> Case:
    given: dict[str, Any] = {target: (label,) if label else ()}
    return replace(_BLANK, facts=text, **given)


def _restricted(priors: Priors, target: Target, labels: Sequence[str]) -> Priors:
    """The priors of these labels alone."""
    columns = [priors.labels[target].index(label) for label in labels]
    return replace(
        priors,
        labels={target: tuple(labels)},
        weights={target: priors.weights[target][:, columns]},
        bias={target: priors.bias[target][columns]},
        ties={target: _of_labels(priors.ties[target], len(priors.labels[target]), columns)},
    )


def _of_labels(ties: csr_array, width: int, columns: Sequence[int]) -> csr_array:
    cells = np.arange(0, ties.shape[1], width)[:, None] + np.array(columns)
    return ties[:, cells.ravel()]
