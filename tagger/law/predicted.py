"""Predicted articles, moved to the edition that applies.

A model speaks the numbering of the time it was trained on; a notice wants that of its own act.
What was repealed by then, or not yet in force, is dropped.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from tagger.card import RankedStatute
from tagger.law.catalogue import Catalogue
from tagger.law.provisions import Edition, Law, days


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
    known = _known(catalogue, learnt, _age(catalogue, tuple(dates)))
    for predicted in articles:
        key = (predicted.law, predicted.article)
        if key not in known:
            known[key] = _moved(predicted.law, predicted.article, catalogue, learnt, dates)
        number, edition = known[key]
        if number is not None:
            yield RankedStatute(
                predicted.law, number, edition, "predicted", predicted.probability,
                predicted.assigned and assign,
            )  # fmt: skip


_Place = tuple[str | None, str | None]
"""The number of an article, None where it has none, and from when on its edition is in force."""


def _moved(
    name: str, article: str, catalogue: Catalogue, learnt: Callable[[Law], Edition], dates: Sequence[str]
) -> _Place:
    law = catalogue.find_law(name)
    if law is None:
        return article, None
    edition = _in_force(law, dates)
    if edition is None:
        return None, None
    # An article that was split has its first part as its heir; one that was dropped has none.
    return next(iter(catalogue.translate(article, learnt(law), edition)), None), edition.in_force


# Between two days on which a law of the catalogue changes all dates are alike.


@lru_cache(maxsize=256)
def _known(
    catalogue: Catalogue, learnt: Callable[[Law], Edition], age: tuple[tuple[int, int], ...]
) -> dict[tuple[str, str], _Place]:
    """Where articles stood at some time, as far as that was asked; a model has some 140 of them."""
    return {}


@lru_cache(maxsize=4096)
def _age(catalogue: Catalogue, dates: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """For each date how many changes lie before its first day, and how many until its last."""
    changes = _changes(catalogue)
    ages = []
    for date in dates:
        first, last = days(date)
        ages.append((bisect_left(changes, first), bisect_right(changes, last)))
    return tuple(ages)


@lru_cache(maxsize=8)
def _changes(catalogue: Catalogue) -> list[str]:
    editions = catalogue.editions.values()
    return sorted({day for edition in editions for day in (edition.in_force, edition.until) if day})


def _in_force(law: Law, dates: Sequence[str]) -> Edition | None:
    if not dates:
        return law.editions[-1] if law.editions[-1].until is None else None
    for date in dates:
        editions = law.editions_at(date)
        if editions:
            return editions[-1]
    return None
