"""Which edition of a law a citation means.

In this order: what the print says (2025修正); which editions can be meant at all; the pair of duty and
penalty that coheres in one edition only; the date of the act, of the decision, of publication. A notice
of 2026 can rightly cite the numbers of 2017 for an act of 2025. What stays open is said to be open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from msgspec import Struct

from tagger.law.catalogue import Catalogue
from tagger.law.citations import Citation
from tagger.law.provisions import Edition, Law, has_article

Reason = Literal[
    "unlisted", "not-in-force", "printed", "only", "coherence", "act", "decision", "publication", "open"
]


class Resolution(Struct, frozen=True):
    """The edition of one citation; None where it cannot be told.

    `candidates` are the editions that may be meant: one where it is decided, several where it stays
    open, none where the catalogue lacks the law or no edition was in force yet.
    """

    citation: Citation
    edition: Edition | None
    candidates: tuple[Edition, ...]
    reason: Reason

    @property
    def open(self) -> bool:
        """Whether more than one edition may be meant."""
        return self.edition is None and len(self.candidates) > 1


def resolve_editions(
    citations: Sequence[Citation],
    catalogue: Catalogue,
    *,
    act_date: str | None = None,
    decision_date: str | None = None,
    published: str | None = None,
) -> tuple[Resolution, ...]:
    """The edition of every citation, in their order. Dates are YYYY, YYYY-MM or YYYY-MM-DD."""
    return resolve(citations, catalogue, Dates(act_date, decision_date, published))


def resolve(citations: Sequence[Citation], catalogue: Catalogue, dates: Dates) -> tuple[Resolution, ...]:
    """The edition of every citation, in their order."""
    found: dict[tuple[str, str | None], tuple[tuple[Edition, ...], Reason]] = {}
    for citation in citations:
        key = (citation.name, citation.edition)
        if key not in found:
            together = [other for other in citations if (other.name, other.edition) == key]
            found[key] = _editions(citation, together, catalogue, dates)
    for (name, said), (_, reason) in found.items():
        # The edition that the print names once is meant where the law stands without it, too.
        named = {other for other in found if other[0] == name and found[other][1] == "printed"}
        if said is None and reason not in ("only", "coherence") and len(named) == 1:
            found[name, None] = found[named.pop()]
    return tuple(_resolution(citation, *found[citation.name, citation.edition]) for citation in citations)


def edition_at(
    law: Law, *, act_date: str | None = None, decision_date: str | None = None, published: str | None = None
) -> Edition | None:
    """The edition that applies to an act when nothing is cited; None where it cannot be told."""
    dates = Dates(act_date, decision_date, published)
    candidates, _ = _by_date(dates.possible(law.editions), dates)
    return candidates[0] if len(candidates) == 1 else None


class Dates(Struct, frozen=True):
    """When the act was done, the case decided, the notice published: YYYY, YYYY-MM or YYYY-MM-DD."""

    act: str | None
    decision: str | None
    publication: str | None

    def possible(self, editions: Iterable[Edition]) -> tuple[Edition, ...]:
        """The editions that were in force when the notice was written, if only later repealed."""
        written = self.publication or self.decision or self.act
        if written is None:
            return tuple(editions)
        last = written + "9999-12-31"[len(written) :]
        return tuple(edition for edition in editions if edition.in_force <= last)


def _resolution(citation: Citation, candidates: tuple[Edition, ...], reason: Reason) -> Resolution:
    return Resolution(citation, candidates[0] if len(candidates) == 1 else None, candidates, reason)


def _editions(
    citation: Citation, together: Sequence[Citation], catalogue: Catalogue, dates: Dates
) -> tuple[tuple[Edition, ...], Reason]:
    law = citation.law
    if law is None:
        return (), "unlisted"
    printed = _printed(law, citation.edition, dates)
    if printed is not None:
        return (printed,), "printed"
    candidates = dates.possible(law.editions)
    if not candidates:
        return (), "not-in-force"
    articles = [other.article for other in together if other.ground] or [o.article for o in together]
    candidates = _long_enough(candidates, articles) or candidates
    if len(candidates) == 1:
        return candidates, "only"
    if catalogue.renumbered(law):
        coherent = _most(candidates, lambda edition: _pairs(edition, articles, catalogue))
        if coherent is not None:
            return (coherent,), "coherence"
    candidates, reason = _by_date(candidates, dates)
    if len(candidates) > 1 and catalogue.renumbered(law):
        # Two duties under one penalty (21 and 25, 23 and 27) cohere as well, but less than a date says.
        coherent = _most(candidates, lambda edition: _siblings(edition, articles, catalogue))
        if coherent is not None:
            return (coherent,), "coherence"
    return candidates, reason


def _printed(law: Law, said: str | None, dates: Dates) -> Edition | None:
    if said is None:
        return None
    for edition in law.editions:
        if edition.id == said:
            return edition
    if said in ("new", "old"):
        written = dates.possible(law.editions)
        back = 1 if said == "new" else 2
        # Only a law that has changed has a new and an old edition.
        return written[-back] if len(written) > 1 else None
    # 2025修正 is the year of the amendment, which may come into force a year later.
    year = int(said)
    amended = [e for e in law.editions if year <= int(e.in_force[:4]) <= year + 1]
    return amended[0] if amended else None


def _long_enough(candidates: Sequence[Edition], articles: Sequence[str]) -> tuple[Edition, ...]:
    return tuple(e for e in candidates if all(has_article(e, article) is not False for article in articles))


def _by_date(candidates: tuple[Edition, ...], dates: Dates) -> tuple[tuple[Edition, ...], Reason]:
    if len(candidates) == 1:
        return candidates, "only"
    reasons: tuple[tuple[str | None, Reason], ...] = (
        (dates.act, "act"),
        (dates.decision, "decision"),
        (dates.publication, "publication"),
    )
    for date, reason in reasons:
        then = tuple(edition for edition in candidates if date is not None and edition.overlaps(date))
        if len(then) == 1:
            return then, reason
        if then:  # the law changed within that year or month
            return then, "open"
    return candidates, "open"


def _most(candidates: Sequence[Edition], coherence: Callable[[Edition], int]) -> Edition | None:
    """The one edition in which most coheres; None where none does or several do equally."""
    scores = [coherence(edition) for edition in candidates]
    best = max(scores)
    return candidates[scores.index(best)] if best and scores.count(best) == 1 else None


def _pairs(edition: Edition, articles: Sequence[str], catalogue: Catalogue) -> int:
    """How many cited duties are sanctioned by a penalty that is cited as well."""
    penalties = set(articles)
    return sum(
        any(
            link.penalty in penalties and link.penalty != duty
            for link in catalogue.penalties_of(edition, duty)
        )
        for duty in articles
    )


def _siblings(edition: Edition, articles: Sequence[str], catalogue: Catalogue) -> int:
    """How many cited duties share their penalty paragraph with another one that is cited."""
    paragraphs = [
        {(link.penalty, link.paragraph) for link in catalogue.penalties_of(edition, duty)}
        for duty in articles
    ]
    return sum(
        any(own & other for j, other in enumerate(paragraphs) if j != i) for i, own in enumerate(paragraphs)
    )
