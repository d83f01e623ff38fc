"""Predicted articles, moved to the edition that applies.

A model speaks the numbering of the time it was trained on; a notice wants that of its own act.
What was repealed by then, or not yet in force, is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    dates: Sequence[str],
    *,
    assign: bool,
) -> Iterator[RankedStatute]:
    """The articles in the edition that applies, best first.

    `dates` are those of the act, the decision and the publication, as far as they are known: an edition
    in force at the first of them applies, else at the next, since conduct may go on after a law comes into
    force; without a date the newest. `learnt` gives the edition of a law whose numbers the model
    speaks. `assign` keeps what the model assigns; without it all are candidates.
    """
    known: dict[str, tuple[Edition, Edition | None] | None] = {}
    for predicted in articles:
        if predicted.law not in known:
            law = catalogue.find_law(predicted.law)
            known[predicted.law] = (learnt(law), _in_force(law, dates)) if law is not None else None
        editions, edition = known[predicted.law], None
        number: str | None = predicted.article
        if editions is not None:
            spoken, edition = editions
            if edition is None:
                continue
            # An article that was split has its first part as its heir; one that was dropped has none.
            number = next(iter(catalogue.translate(predicted.article, spoken, edition)), None)
        if number is not None:
            yield RankedStatute(
                law=predicted.law,
                article=number,
                edition=edition.in_force if edition else None,
                basis="predicted",
                probability=predicted.probability,
                assigned=predicted.assigned and assign,
            )


def _in_force(law: Law, dates: Sequence[str]) -> Edition | None:
    if not dates:
        return law.editions[-1] if law.editions[-1].until is None else None
    for date in dates:
        editions = law.editions_at(date)
        if editions:
            return editions[-1]
    return None
