"""Articles as labels, and the words that point to them.

An article is learnt in one numbering, that of the casebook's time (网络安全法 of 2017): an edition
that came later is the same duty under another number, and tagger.py moves a prediction to the
edition in force. A label is the law's one name, a space, and the number: `网络安全法 21`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import log

from tagger.classify.lexicon import Entry, Lexicon
from tagger.expressions import expression
from tagger.law.catalogue import Catalogue
from tagger.law.citations import Citation
from tagger.law.editions import resolve_editions
from tagger.law.provisions import Edition, Law

_CITATION = expression(
    r"(?P<law>.+?)(?:\((?P<edition>\d{4}-\d\d-\d\d)\))?第(?P<number>\d+)条(?P<inserted>之.)?"
)
_LEARNT_NUMBERING = {"网络安全法": "2017-06-01", "治安管理处罚法": "2013-01-01"}
"""Laws that were renumbered since the casebook's time, and the edition whose numbers are learnt."""
_RENUMBERED = "2025-10"
"""Since when a notice may cite numbers that are not the learnt ones: the amendment of 2025-10-28."""
_CHARGE_STRENGTH = 3.0


def article_of(citation: str) -> str:
    """The label of an article in the casebook's spelling.

    >>> article_of("刑法第253条之一"), article_of("网络安全法(2026-01-01)第23条")
    ('刑法 253之一', '网络安全法 23')
    """
    match = _parsed(citation)
    return f"{match['law']} {match['number']}{match['inserted'] or ''}"


def _parsed(citation: str) -> re.Match[str]:
    match = _CITATION.fullmatch(citation)
    if match is None:
        raise ValueError(f"{citation!r} is no article; it should look like 网络安全法第21条")
    return match


def learnt_articles(statutes: Sequence[str], date: str | None, catalogue: Catalogue) -> tuple[str, ...]:
    """The labels of a case's statutes, in the learnt numbering; `date` is the day whose law applies.

    >>> from tagger.law.catalogue import load_catalogue
    >>> learnt_articles(("网络安全法第23条", "网络安全法第61条"), "2026-03-01", load_catalogue(None))
    ('网络安全法 21', '网络安全法 59')
    """
    cited = []
    for statute in statutes:
        match = _parsed(statute)
        law, number = catalogue.find_law(match["law"]), match["number"] + (match["inserted"] or "")
        cited.append(Citation(match["law"], law, number, (), (), True, match["edition"]))
    numbers = learnt_numbers(cited, date, catalogue)
    return tuple(dict.fromkeys(f"{law} {article}" for law, article in numbers))


def learnt_edition(law: Law) -> Edition:
    """The edition of a law whose numbers the model speaks."""
    start = _LEARNT_NUMBERING.get(law.name)
    return next((edition for edition in law.editions if edition.in_force == start), law.editions[-1])


def article_words(catalogue: Catalogue) -> Lexicon:
    """The keywords of every described article and the names of charges: term -> `statute.<article>`.

    A keyword that many articles share says little of each; its strength falls with their number.
    """
    articles: dict[str, set[str]] = defaultdict(set)
    for law in catalogue.laws:
        for article in catalogue.articles(learnt_edition(law)):
            for keyword in article.keywords:
                if len(keyword) > 1:
                    articles[keyword].add(f"{law.name} {article.number}")
    total = 1 + len({label for labels in articles.values() for label in labels})
    words = {
        keyword: {label: log(total / len(labels)) / log(total) * 2.0 for label in sorted(labels)}
        for keyword, labels in articles.items()
    }
    for name, charge in catalogue.charge_names.items():
        words.setdefault(name, {})[f"刑法 {charge.article}"] = _CHARGE_STRENGTH
    return {
        term.lower(): tuple(Entry(f"statute.{label}", strength) for label, strength in labels.items())
        for term, labels in sorted(words.items())
    }


def learnt_numbers(
    citations: Sequence[Citation], date: str | None, catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    """(law, article in the learnt numbering) of what a notice gives as its grounds."""
    grounds = [citation for citation in citations if citation.ground]
    later = date is not None and date >= _RENUMBERED
    if not any(c.name in _LEARNT_NUMBERING and (later or c.edition) for c in grounds):
        yield from ((citation.name, citation.article) for citation in grounds)
        return
    for resolution in resolve_editions(grounds, catalogue, act_date=date):
        citation, edition = resolution.citation, resolution.edition
        if edition is None or citation.law is None:
            yield citation.name, citation.article
            continue
        learnt = learnt_edition(citation.law)
        for number in catalogue.translate(citation.article, edition, learnt):
            yield citation.name, number
