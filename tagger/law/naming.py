"""How a check names what it speaks of: 网络安全法第59条第1款, a range of fines, an edition."""

from __future__ import annotations

from collections.abc import Iterable

from tagger.card import citation
from tagger.law.catalogue import Catalogue
from tagger.law.editions import Resolution
from tagger.law.provisions import Edition, PenaltyLink, Range

MOST_NAMED = 6


def cited(one: Resolution) -> str:
    """The article of a citation: 网络安全法第59条."""
    return citation(one.citation.name, one.citation.article)


def paragraph(law: str, number: str) -> str:
    """A reference of the tables ("24.1") in words: 网络安全法第24条第1款."""
    article, _, part = number.partition(".")
    return citation(law, article) + (f"第{part}款" if part else "")


def penalty(link: PenaltyLink, catalogue: Catalogue) -> str:
    """The paragraph that a row of penalty_links.csv stands for."""
    law = catalogue.law_of(catalogue.editions[link.edition])
    return paragraph(law.name, f"{link.penalty}.{link.paragraph}" if link.paragraph else link.penalty)


def penalties(links: Iterable[PenaltyLink], catalogue: Catalogue) -> str:
    """The paragraphs of several rows, each once."""
    return "、".join(dict.fromkeys(penalty(link, catalogue) for link in links))


def rows(links: Iterable[PenaltyLink]) -> str:
    """Where the rows stand: penalty_links.csv:2, penalty_links.csv:3."""
    return ", ".join(dict.fromkeys(link.source for link in links))


def listed(law: str, numbers: Iterable[str]) -> str:
    """Several articles of one law, the law named once: 网络安全法第21条、第25条."""
    shown = [paragraph("", number) for number in numbers]
    more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
    return law + "、".join(shown[:MOST_NAMED]) + more


def edition_row(edition: Edition) -> str:
    """The row of an edition: laws.csv, CSL-2017."""
    return f"laws.csv, {edition.id}"


def gist(one: Resolution, number: str, catalogue: Catalogue) -> str:
    """What an article of a citation's edition says, in one line."""
    edition = one.edition or (one.candidates[-1] if one.candidates else None)
    article = catalogue.find_article(edition, number) if edition else None
    return article.gist if article else "not described"


def yuan(limits: Range) -> str:
    """10,000 to 100,000 yuan."""
    low, high = limits
    if high is None:
        return f"from {low or 0:,} yuan"
    return f"up to {high:,} yuan" if not low else f"{low:,} to {high:,} yuan"
