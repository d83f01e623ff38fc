"""What a notice says of the law, in one reading: what it cites, what that implies, in which editions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

from msgspec import Struct

from tagger.card import RankedStatute, Span
from tagger.expressions import expression
from tagger.law.catalogue import Catalogue
from tagger.law.charges import NamedCharge, find_charges
from tagger.law.citations import Citation, find_citations
from tagger.law.counterparts import CRIMINAL_LAW, Counterpart, charged_articles, counterparts
from tagger.law.editions import Dates, Resolution, edition_at, resolve
from tagger.law.quotation import said

_PROCEDURE = expression(r"程序规定|诉讼法|程序规则|裁量|行政强制法")
"""Laws on procedure that the catalogue lacks, by their names."""

# How often an annotator lists what is implied, on the development notices, the written ones and the
# report: 73 of 75 charges; of the counterparts few are there to count (firm 1 of 5, candidates 4 of 12),
# and one reader often adds what the other leaves out.
PROBABILITY_OF_A_CHARGE = 0.95
PROBABILITY_FIRM = 0.6
PROBABILITY_CANDIDATE = 0.35


class StatuteReading(Struct, frozen=True):
    """Everything that the text says of statutes: the ranking for the card, and what checks need."""

    statutes: tuple[RankedStatute, ...]
    """Cited and implied ones: first what is assigned, then sentencing, procedure and candidates."""
    resolutions: tuple[Resolution, ...]
    """Every citation, quoted ones included, with its edition."""
    charges: tuple[NamedCharge, ...]
    counterparts: tuple[Counterpart, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations that are grounds of the case."""
        return tuple(one.citation for one in self.resolutions if one.citation.ground)


def read_statutes(
    text: str,
    catalogue: Catalogue,
    *,
    quoted: tuple[Span, ...] = (),
    act_date: str | None = None,
    decision_date: str | None = None,
    published: str | None = None,
) -> StatuteReading:
    """Reads a cleaned notice. Dates are YYYY, YYYY-MM or YYYY-MM-DD; spans count in `text`."""
    dates = Dates(act_date, decision_date, published)
    return statutes_of([text], catalogue, quoted=[quoted], dates=[dates])[0]


def statutes_of(
    texts: Sequence[str],
    catalogue: Catalogue,
    *,
    quoted: Sequence[tuple[Span, ...]],
    dates: Sequence[Dates],
) -> list[StatuteReading]:
    """Reads many notices, one question after the other (benchmarks/README.md says why)."""
    laws = repeat(catalogue)
    prepared = list(map(said, texts))
    citations = list(map(find_citations, texts, laws, quoted, prepared))
    resolutions = list(map(resolve, citations, laws, dates))
    charges = list(map(find_charges, texts, laws, quoted, prepared))
    implied = list(map(_counterparts, texts, resolutions, charges, laws, dates))
    ranked = map(_ranked, resolutions, implied, laws)
    return list(map(StatuteReading, ranked, resolutions, charges, implied))


def _counterparts(
    text: str,
    resolutions: tuple[Resolution, ...],
    charges: tuple[NamedCharge, ...],
    catalogue: Catalogue,
    dates: Dates,
) -> tuple[Counterpart, ...]:
    implied: tuple[Counterpart, ...] = counterparts(text, resolutions, catalogue) if resolutions else ()
    if charges:
        law = catalogue.law(CRIMINAL_LAW)
        edition = next((r.edition for r in resolutions if r.citation.law is law), None) or edition_at(
            law, act_date=dates.act, decision_date=dates.decision, published=dates.publication
        )
        implied += charged_articles(charges, edition, catalogue)
    return implied


def _ranked(
    resolutions: tuple[Resolution, ...], implied: tuple[Counterpart, ...], catalogue: Catalogue
) -> tuple[RankedStatute, ...]:
    cited = [_cited(one, catalogue) for one in resolutions if one.citation.ground]
    known = {(statute.law, statute.article) for statute in cited}
    found = cited + [_implied(one) for one in implied if (one.law.name, one.article) not in known]
    return tuple(sorted(found, key=lambda statute: not statute.assigned))


def _cited(one: Resolution, catalogue: Catalogue) -> RankedStatute:
    citation = one.citation
    general = (
        catalogue.general_provision(citation.law, citation.article, one.edition) is not None
        if citation.law is not None
        else bool(_PROCEDURE.search(citation.name))
    )
    return RankedStatute(
        law=citation.name,
        article=citation.article,
        edition=one.edition.in_force if one.edition is not None else None,
        basis="cited",
        probability=1.0,
        assigned=not general,
        pinpoints=citation.pinpoints,
        spans=citation.spans,
    )


def _implied(one: Counterpart) -> RankedStatute:
    return RankedStatute(
        law=one.law.name,
        article=one.article,
        edition=one.edition.in_force if one.edition is not None else None,
        basis="implied",
        probability=_probability(one),
        assigned=one.firm,
        pinpoints=one.pinpoints,
        spans=one.spans,
    )


def _probability(one: Counterpart) -> float:
    if one.charge is not None:
        return PROBABILITY_OF_A_CHARGE
    return PROBABILITY_FIRM if one.firm else PROBABILITY_CANDIDATE
