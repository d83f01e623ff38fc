"""Predicted articles, moved to the edition that applies.

A model speaks the numbering of the time it was trained on; a notice wants that of its own act.
What was repealed by then, or not yet in force, is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from tagger.card import RankedStatute
from tagger.law.catalogue import Catalogue
from tagger.law.provisions import Edition, Law


class Predicted(Protocol):
    """An article as the model ranks it."""

    @property
    def law(self) -> str:
        """The law's one name."""
        ...

    @property
    def article(self) -> str:
        """The number in the learnt edition."""
        ...

    @property
    def probability(self) -> float:
        """Between 0 and 1."""
        ...

    @property
    def assigned(self) -> bool:
        """Whether the model assigns it."""
        ...


def predicted_statutes(
    articles: Iterable[Predicted],
    catalogue: Catalogue,
    learnt: Callable[[Law], Edition],
    date: str | None,
) -> Iterator[RankedStatute]:
    """The articles in the edition in force at `date` (the newest without one), best first.

    `learnt` gives the edition of a law whose numbers the model speaks.
    """
    for predicted in articles:
        law = catalogue.find_law(predicted.law)
        if law is None:
            yield _ranked(predicted, predicted.law, predicted.article, None)
            continue
        edition = _in_force(law, date)
        if edition is None:
            continue
        # An article that was split has its first part as its heir; one that was dropped has none.
        for number in catalogue.translate(predicted.article, learnt(law), edition)[:1]:
            yield _ranked(predicted, law.name, number, edition)


def _in_force(law: Law, date: str | None) -> Edition | None:
    editions = law.editions_at(date) if date else tuple(e for e in law.editions if e.until is None)
    return editions[-1] if editions else None


def _ranked(predicted: Predicted, law: str, number: str, edition: Edition | None) -> RankedStatute:
    return RankedStatute(
        law=law,
        article=number,
        edition=edition.in_force if edition else None,
        basis="predicted",
        probability=predicted.probability,
        assigned=predicted.assigned,
    )
