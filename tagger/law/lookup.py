"""One article looked up: what it says, what sanctions it, and its number in the other editions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from tagger.errors import TaggerError
from tagger.law.articles import read_articles
from tagger.law.catalogue import Catalogue, UnknownArticle
from tagger.law.compact import compact
from tagger.law.provisions import Article, Edition, Law, PenaltyLink, Trap, has_article

DOUBTFUL = ("unverified", "secondary")
"""What a reader must be told: not read in the text of the law."""


class NotInForce(TaggerError):
    """No edition of the law was in force at the date."""


class UnreadableArticle(TaggerError):
    """What was given as an article is none."""


class Elsewhere(Struct, frozen=True):
    """The same provision in another edition; `articles` is empty where that edition does not have it."""

    edition: Edition
    articles: tuple[str, ...]
    change: str
    note: str


class Entry(Struct, frozen=True):
    """One article of one edition. `article` is None where the catalogue does not describe it."""

    law: Law
    edition: Edition
    number: str
    article: Article | None
    sanctioned_by: tuple[PenaltyLink, ...]
    sanctions: tuple[PenaltyLink, ...]
    elsewhere: tuple[Elsewhere, ...]
    traps: tuple[Trap, ...]

    def to_record(self) -> dict[str, Any]:
        """As `tagger law --json` prints it."""
        article = self.article
        return {
            "law": self.law.name,
            "article": self.number,
            "edition": edition_record(self.edition),
            "role": article.role if article else None,
            "gist": article.gist if article else None,
            "keywords": list(article.keywords) if article else [],
            "note": article.note if article else "",
            "verified": article.verified if article else None,
            "sanctioned_by": [_link_record(link) for link in self.sanctioned_by],
            "sanctions": [_link_record(link) for link in self.sanctions],
            "elsewhere": [
                {
                    "edition": other.edition.in_force,
                    "articles": list(other.articles),
                    "change": other.change,
                    "note": other.note,
                }
                for other in self.elsewhere
            ],
            "other_meanings": [
                {"edition": edition, "meaning": meaning} for edition, meaning in self.other_meanings()
            ],
        }

    def other_meanings(self) -> list[tuple[str, str]]:
        """What the same number means in another edition: (in force from, the meaning)."""
        dates = {edition.id: edition.in_force for edition in self.law.editions}
        meanings = [
            (trap.new_edition, trap.new_meaning)
            if trap.old_edition == self.edition.id
            else (trap.old_edition, trap.old_meaning)
            for trap in self.traps
        ]
        return [(dates.get(edition, edition), meaning) for edition, meaning in meanings]


def look_up(catalogue: Catalogue, law: Law, article: str, on: str) -> tuple[Entry, ...]:
    """An article as it stood on a date (YYYY-MM-DD; in a month or year with a change inside: twice).

    `article` is written in any way: 27, 二十七, 第二十七条第一款, 253之一, 59.1.
    Raises NotInForce, UnreadableArticle, and UnknownArticle for a number beyond the law's last.
    """
    number, paragraph = read_article(article)
    editions = editions_on(law, on)
    entries = tuple(
        _entry(catalogue, law, edition, number, paragraph)
        for edition in editions
        if has_article(edition, number) is not False
    )
    if not entries:
        last = editions[-1]
        raise UnknownArticle(
            f"{law.name} (in force from {last.in_force}) has articles 1 to {last.article_count}; "
            f"there is no {number}"
        )
    return entries


def editions_on(law: Law, on: str) -> tuple[Edition, ...]:
    """The editions in force on a date. Raises NotInForce."""
    editions = law.editions_at(on)
    if not editions:
        spans = "; ".join(f"{e.in_force} to {e.until or 'now'}" for e in law.editions)
        raise NotInForce(f"{law.name} was not in force on {on} as far as the catalogue knows: {spans}")
    return editions


def read_article(written: str) -> tuple[str, str]:
    """An article and its paragraph ("" where there is none): 第二十七条第一款 -> ("27", "1").

    Raises UnreadableArticle.
    """
    plain = re.fullmatch(r"\s*([0-9]{1,4}(?:之[一二三四五六七八九十])?)(?:\.([0-9]{1,2}))?\s*", written)
    if plain is not None:
        return plain[1], plain[2] or ""
    listed = read_articles(compact(written), 0, bare=True) or read_articles(
        compact(f"第{written}条"), 0, bare=True
    )
    if len(listed) != 1:
        raise UnreadableArticle(f"{written!r} is no article; write it as 27, 253之一 or 第二十七条第一款")
    paragraphs = [pin.partition(".")[2].partition("(")[0] for pin in listed[0].pinpoints]
    return listed[0].article, next(filter(None, paragraphs), "")


def _entry(catalogue: Catalogue, law: Law, edition: Edition, number: str, paragraph: str) -> Entry:
    pinpoint = f"{number}.{paragraph}" if paragraph else number
    return Entry(
        law=law,
        edition=edition,
        number=number,
        article=catalogue.find_article(edition, number),
        sanctioned_by=tuple(
            link for link in catalogue.penalties_of(edition, pinpoint) if link.penalty != number
        ),
        sanctions=catalogue.penalty_links(edition, number, paragraph or None),
        elsewhere=_elsewhere(catalogue, law, edition, number),
        traps=catalogue.traps(edition, number),
    )


def _elsewhere(catalogue: Catalogue, law: Law, edition: Edition, number: str) -> tuple[Elsewhere, ...]:
    found: list[Elsewhere] = []
    rows = catalogue.renumberings(edition, number)
    for other in law.editions:
        between = [r for r in rows if other.id in (r.old_edition, r.new_edition) and other.id != edition.id]
        if not between:
            continue
        articles = catalogue.translate(number, edition, other)
        changes = "、".join(dict.fromkeys(row.change for row in between))
        notes = "；".join(dict.fromkeys(row.note for row in between))
        found.append(Elsewhere(other, articles, changes, notes))
    return tuple(found)


def edition_record(edition: Edition) -> dict[str, Any]:
    """An edition for `--json`."""
    return {
        "in_force": edition.in_force,
        "until": edition.until,
        "official_name": edition.official_name,
        "articles": edition.article_count,
        "verified": edition.verified,
        "note": edition.note,
    }


def law_record(catalogue: Catalogue, law: Law, editions: Sequence[Edition]) -> dict[str, Any]:
    """A law for `--json`: its editions, and the described articles of those that are asked for."""
    return {
        "law": law.name,
        "aliases": list(law.aliases),
        "issuer": law.issuer,
        "kind": law.kind,
        "editions": [edition_record(edition) for edition in law.editions],
        "articles": [
            {
                "edition": edition.in_force,
                "article": article.number,
                "role": article.role,
                "gist": article.gist,
                "verified": article.verified,
            }
            for edition in editions
            for article in catalogue.articles(edition)
        ],
    }


def _link_record(link: PenaltyLink) -> dict[str, Any]:
    return {
        "penalty": link.penalty,
        "paragraph": link.paragraph,
        "duties": list(link.duties),
        "subject": link.subject,
        "tier": link.tier,
        "entity_fine_yuan": list(link.entity_fine) if link.entity_fine else None,
        "individual_fine_yuan": list(link.individual_fine) if link.individual_fine else None,
        "individual_scope": link.individual_scope,
        "other_sanctions": list(link.other_sanctions),
        "remark": link.remark,
        "source": link.source,
    }
