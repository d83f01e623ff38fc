"""Articles by a few keystrokes: `网安 21`, `xf 285`, `个保法`, as a page completes what a person types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from tagger.card import citation
from tagger.expressions import expression
from tagger.initials import initials
from tagger.law.catalogue import Catalogue
from tagger.law.lookup import UnreadableArticle, read_article
from tagger.law.provisions import Edition, Law, has_article

MOST = 8
_LAWS = 4
"""How many laws are held possible at once."""

_TYPED = expression(
    r"(?P<law>.{1,60}?)(?:\s+|(?=第)|(?<=\D)(?=\d))(?P<article>[第\d一二三四五六七八九十百零〇之条款项().（）]{1,24})"
)


class Suggestion(Struct, frozen=True):
    """An article that may be meant; `gist` and `role` are empty where the catalogue does not describe it."""

    law: Law
    edition: Edition
    article: str
    gist: str = ""
    role: str = ""

    def to_record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "citation": citation(self.law.name, self.article),
            "edition": self.edition.in_force,
            "gist": self.gist,
            "role": self.role,
        }


def suggest(catalogue: Catalogue, typed: str, date: str | None = None) -> tuple[Suggestion, ...]:
    """At most eight articles, the likeliest first, in the edition of `date` (YYYY, YYYY-MM or YYYY-MM-DD).

    A law is meant by any of its names, by characters of it in order (网安), or by the first letters of
    their pinyin (wlaqf). Without a date the newest edition is meant.
    """
    match = _TYPED.fullmatch(typed.strip())
    law, number = (match["law"], match["article"]) if match else (typed.strip(), "")
    laws = find_laws(catalogue, law, date)
    return tuple(islice(_articles(catalogue, laws, number.rstrip("之条"), date), MOST))


def find_laws(catalogue: Catalogue, typed: str, date: str | None = None) -> tuple[Law, ...]:
    """At most four laws that a few letters may mean, the likeliest first, those in force on `date` first."""
    wanted = re.sub(r"[\s《》]", "", typed).lower()
    if not wanted:
        return ()
    laws = {law.id: law for law in catalogue.laws}
    places = {law_id: place for place, law_id in enumerate(laws)}
    found: dict[str, tuple[int, bool, int]] = {}
    for alias, law in catalogue.aliases.items():
        rank = _rank(wanted, alias.lower())
        if rank is not None:
            ranked = (rank, date is not None and not law.editions_at(date), places[law.id])
            found[law.id] = min(found.get(law.id, ranked), ranked)
    return tuple(laws[law_id] for law_id in sorted(found, key=found.__getitem__)[:_LAWS])


def _rank(wanted: str, name: str) -> int | None:
    """How near a name is to what was typed: 0 the name itself; None if it is not meant."""
    forms = [name] if not wanted.isascii() else [name, initials(name)]
    ranks = [
        0 if form == wanted else 1 if form.startswith(wanted) else 2
        for form in forms
        if _in_order(wanted, form)
    ]
    return min(ranks, default=None)


def _in_order(wanted: str, name: str) -> bool:
    """Whether the characters of one text stand in the other in their order, the first at its beginning."""
    rest = iter(name)
    return name[:1] == wanted[:1] and all(character in rest for character in wanted)


def _articles(
    catalogue: Catalogue, laws: Sequence[Law], number: str, date: str | None
) -> Iterator[Suggestion]:
    editions = [(law, _edition(law, date)) for law in laws]
    if not number:
        for law, edition in editions:
            for article in catalogue.articles(edition):
                yield Suggestion(law, edition, article.number, article.gist, article.role)
        return
    try:
        exact, _ = read_article(number)
    except UnreadableArticle:
        return
    for law, edition in editions:
        if has_article(edition, exact) is not False:
            described = catalogue.find_article(edition, exact)
            gist, role = (described.gist, described.role) if described else ("", "")
            yield Suggestion(law, edition, exact, gist, role)
    for law, edition in editions:
        for article in catalogue.articles(edition):
            if article.number.startswith(exact) and article.number != exact:
                yield Suggestion(law, edition, article.number, article.gist, article.role)


def _edition(law: Law, date: str | None) -> Edition:
    return ((law.editions_at(date) if date else ()) or law.editions)[-1]
