"""An article by a few keystrokes: `网安 21`, `数安27`, `刑 253之一` -> the articles that may be meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tagger.card import citation
from tagger.law.catalogue import Catalogue
from tagger.law.provisions import Law

_TYPED = re.compile(
    r"\s*(?P<law>\d{1,3}号令|[^\d第\s]*)\s*第?\s*(?P<article>\d{0,4})\s*条?\s*(?P<inserted>之[一二三四五六七八九])?"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that may be meant: its citation and what it says."""

    citation: str
    gist: str


def suggest(
    typed: str, catalogue: Catalogue, date: str | None = None, most: int = 8
) -> tuple[Suggestion, ...]:
    """The articles that what was typed may mean, best first, in the edition in force on `date`.

    The law is any name whose characters stand in an alias in the typed order; an exact alias, an
    alias that begins so, and the shorter name come first.
    """
    match = _TYPED.match(typed[:60])
    if match is None or not match["law"]:
        return ()
    number = match["article"] + (match["inserted"] or "")
    found: list[Suggestion] = []
    for law in _laws(match["law"], catalogue):
        in_force = law.editions_at(date) if date else law.editions
        if not in_force:
            continue
        edition = in_force[-1]
        articles = [a for a in catalogue.articles(edition) if not number or a.number.startswith(number)]
        articles.sort(key=lambda a: (a.number != number, len(a.number), a.number))
        found += [Suggestion(citation(law.name, a.number), a.gist) for a in articles]
        known = {a.number for a in articles}
        if number and number not in known and int(match["article"] or 0) <= (edition.article_count or 0):
            found.append(Suggestion(citation(law.name, number), ""))
        if len(found) >= most:
            break
    return tuple(found[:most])


def _laws(typed: str, catalogue: Catalogue) -> list[Law]:
    def rank(alias: str) -> tuple[int, int] | None:
        if alias == typed:
            return 0, 0
        if alias.startswith(typed):
            return 1, len(alias)
        rest = iter(alias)
        return (2, len(alias)) if all(character in rest for character in typed) else None

    ranked: dict[str, tuple[int, int]] = {}
    for alias, law in catalogue.aliases.items():
        own = rank(alias)
        if own is not None and own < ranked.get(law.id, (9, 0)):
            ranked[law.id] = own
    laws = {law.id: law for law in catalogue.laws}
    return [laws[law_id] for law_id in sorted(ranked, key=lambda law_id: ranked[law_id])]
