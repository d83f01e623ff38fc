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
    *,
    assign: bool,
) -> Iterator[RankedStatute]:
    """The articles in the edition in force at `date` (the newest without one), best first.

    `learnt` gives the edition of a law whose numbers the model speaks. `assign` keeps what the model
    assigns; without it all are candidates.
    """
    editions: dict[str, Edition | None] = {}
    for predicted in articles:
        law, edition = catalogue.find_law(predicted.law), None
        number: str | None = predicted.article
        if law is not None:
            if law.id not in editions:
                editions[law.id] = _in_force(law, date)
            edition = editions[law.id]
            if edition is None:
                continue
            # An article that was split has its first part as its heir; one that was dropped has none.
            number = next(iter(catalogue.translate(predicted.article, learnt(law), edition)), None)
        if number is not None:
            yield RankedStatute(
                law=predicted.law,
                article=number,
                edition=edition.in_force if edition else None,
                basis="predicted",
                probability=predicted.probability,
                assigned=predicted.assigned and assign,
            )


def _in_force(law: Law, date: str | None) -> Edition | None:
    editions = law.editions_at(date) if date else tuple(e for e in law.editions if e.until is None)
    return editions[-1] if editions else None
