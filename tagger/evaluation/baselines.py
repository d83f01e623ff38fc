"""What the tagger must beat, fitted on the same cases and judged on the same notices.

Each baseline is one scikit-learn estimator a target, on the notice's text alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tagger.classify.vocabulary import segment

Predict = Callable[[Sequence[str], Sequence[str], Sequence[str]], list[str]]
"""(training texts, their labels, texts to label) -> labels."""


def commonest(texts: Sequence[str], labels: Sequence[str], unseen: Sequence[str]) -> list[str]:
    """The commonest label of the training cases, whatever the text says."""
    return [Counter(labels).most_common(1)[0][0]] * len(unseen)


def tfidf_svm(texts: Sequence[str], labels: Sequence[str], unseen: Sequence[str]) -> list[str]:
    """The obvious build: jieba words and character runs, TF-IDF, LinearSVC."""
    from sklearn.svm import LinearSVC

    return _fitted(_words_and_characters(), LinearSVC(random_state=0), texts, labels, unseen)


def naive_bayes(texts: Sequence[str], labels: Sequence[str], unseen: Sequence[str]) -> list[str]:
    """Complement naive Bayes over the same TF-IDF features."""
    from sklearn.naive_bayes import ComplementNB

    return _fitted(_words_and_characters(), ComplementNB(), texts, labels, unseen)


def nearest_case(texts: Sequence[str], labels: Sequence[str], unseen: Sequence[str]) -> list[str]:
    """The label of the case whose TF-IDF vector has the smallest angle."""
    from sklearn.neighbors import KNeighborsClassifier

    nearest = KNeighborsClassifier(n_neighbors=1, metric="cosine")
    return _fitted(_words_and_characters(), nearest, texts, labels, unseen)


BASELINES: dict[str, Predict] = {
    "commonest label": commonest,
    "TF-IDF + LinearSVC": tfidf_svm,
    "complement naive Bayes": naive_bayes,
    "nearest case": nearest_case,
}


def _words_and_characters() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    words = TfidfVectorizer(analyzer=_words, sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
    return FeatureUnion([("words", words), ("characters", characters)])


def _words(text: str) -> list[str]:
    return [word for word in segment(text) if not word.isspace()]


def _fitted(
    vectorizer: Any, estimator: Any, texts: Sequence[str], labels: Sequence[str], unseen: Sequence[str]
) -> list[str]:
    if len(set(labels)) == 1:
        return [labels[0]] * len(unseen)
    estimator.fit(vectorizer.fit_transform(texts), labels)
    return [str(label) for label in estimator.predict(vectorizer.transform(unseen))]
