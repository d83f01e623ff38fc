"""The law looked up: by any alias, article and date; what sanctions what; what a number was before.

A statute is always (law, edition, article): the same number may mean another thing in the next
edition. The tables are small and read when first asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path

from tagger.errors import TaggerError
from tagger.law import provisions
from tagger.law.provisions import (
    STATE,
    Article,
    Charge,
    Edition,
    GeneralProvisions,
    Law,
    PenaltyLink,
    Renumbering,
    Trap,
    article_key,
    bare_name,
    has_article,
)
from tagger.law.tables import BrokenLawTable, Row, read_table


class UnknownLaw(TaggerError):
    """A law that the catalogue lacks."""

    def __init__(self, name: str, nearest: Iterable[str]) -> None:
        near = "、".join(nearest)
        hint = f"did you mean {near}?" if near else "its names are in data/law/laws.csv"
        super().__init__(f"no law {name!r} in the catalogue; {hint}")
        self.name = name


class UnknownArticle(TaggerError):
    """An article that its law does not have, or that the catalogue does not describe."""


_REMEMBERED = 4096
"""How many answers of each kind a catalogue keeps."""


class Catalogue:
    """The law tables, looked up. `overlay` is a folder whose tables are laid over the shipped ones."""

    def __init__(self, overlay: Path | None = None) -> None:
        self._overlay = overlay
        # Notices cite the same few articles over and over.
        self._penalties = lru_cache(_REMEMBERED)(self._penalties_of)
        self._tiers = lru_cache(_REMEMBERED)(self._penalty_links)
        self._named = lru_cache(_REMEMBERED)(self._find_law)
        self._kinds = lru_cache(_REMEMBERED)(self._general_kind)

    def _rows(self, table: str) -> list[Row]:
        return read_table(table, self._overlay)

    # Laws and editions

    @cached_property
    def laws(self) -> tuple[Law, ...]:
        """Every law, in the order of the table."""
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows("laws.csv"):
            rows[row["law_id"]].append(row)
        return tuple(provisions.law_from_rows(law_id, editions) for law_id, editions in rows.items())

    @cached_property
    def aliases(self) -> Mapping[str, Law]:
        """Every name, short name and alias (without 《》), and its law."""
        found: dict[str, Law] = {}
        for law in self.laws:
            for alias in law.aliases:
                if found.setdefault(alias, law) is not law:
                    named = f"{alias} names both {found[alias].name} and {law.name}"
                    raise BrokenLawTable(Path("laws.csv"), 1, named)
        return found

    @cached_property
    def editions(self) -> Mapping[str, Edition]:
        """Every edition by its id (`CSL-2017`)."""
        return {edition.id: edition for law in self.laws for edition in law.editions}

    @cached_property
    def _laws_by_id(self) -> dict[str, Law]:
        return {law.id: law for law in self.laws}

    def law_of(self, edition: Edition) -> Law:
        """The law that an edition belongs to."""
        return self._laws_by_id[edition.law_id]

    def find_law(self, name: str) -> Law | None:
        """The law of that name, short name or alias, with or without 《》 and 中华人民共和国."""
        return self._named(name)

    def _find_law(self, name: str) -> Law | None:
        bare = bare_name(name)
        return self.aliases.get(bare) or self.aliases.get(bare.removeprefix(STATE))

    def law(self, name: str) -> Law:
        """As `find_law`; raises UnknownLaw with the nearest names."""
        law = self.find_law(name)
        if law is None:
            from difflib import get_close_matches

            near = get_close_matches(bare_name(name), self.aliases, n=6, cutoff=0.5)
            raise UnknownLaw(name, dict.fromkeys(self.aliases[alias].name for alias in near))
        return law

    # Articles

    @cached_property
    def _articles(self) -> dict[str, dict[str, Article]]:
        found: dict[str, dict[str, Article]] = defaultdict(dict)
        described = map(provisions.article_from_row, self._rows("articles.csv"))
        for article in sorted(described, key=lambda article: article_key(article.number)):
            edition = self._edition(article.edition, article.source)
            if has_article(edition, article.number) is False:
                raise provisions.broken(
                    article.source, f"{edition.id} has articles 1 to {edition.article_count}"
                )
            found[article.edition][article.number] = article
        return found

    def _edition(self, called: str, source: str) -> Edition:
        """The edition that a row speaks of. Raises BrokenLawTable."""
        edition = self.editions.get(called)
        if edition is None:
            raise provisions.broken(source, f"no edition is called {called!r}; laws.csv names them")
        return edition

    def articles(self, edition: Edition) -> tuple[Article, ...]:
        """The described articles of an edition, in the order of their numbers."""
        return tuple(self._articles.get(edition.id, {}).values())

    def find_article(self, edition: Edition, number: str) -> Article | None:
        """The article ("253之一"; "28.2" is served by the row of 28), if it is described."""
        return self._articles.get(edition.id, {}).get(number.partition(".")[0])

    def article(self, edition: Edition, number: str) -> Article:
        """As `find_article`; raises UnknownArticle, saying how far the edition goes."""
        found = self.find_article(edition, number)
        if found is not None:
            return found
        name = f"{self.law_of(edition).name} (in force from {edition.in_force})"
        if has_article(edition, number) is False:
            raise UnknownArticle(f"{name} has articles 1 to {edition.article_count}; there is no {number}")
        known = "、".join(article.number for article in self.articles(edition)) or "none"
        raise UnknownArticle(f"article {number} of {name} is not described; described are {known}")

    # What sanctions what

    @cached_property
    def _links(self) -> dict[str, list[PenaltyLink]]:
        found: dict[str, list[PenaltyLink]] = defaultdict(list)
        for row in self._rows("penalty_links.csv"):
            found[row["version_id"]].append(provisions.link_from_row(row))
        return found

    def links(self, edition: Edition) -> tuple[PenaltyLink, ...]:
        """Every penalty link of an edition, one a tier of a paragraph."""
        return tuple(self._links.get(edition.id, ()))

    def penalties_of(self, edition: Edition, duty: str) -> tuple[PenaltyLink, ...]:
        """What sanctions a duty ("21", "22.1"), with the fines of each tier."""
        return self._penalties(edition.id, duty)

    def _penalties_of(self, edition: str, duty: str) -> tuple[PenaltyLink, ...]:
        return tuple(link for link in self._links.get(edition, ()) if link.sanctions(duty))

    def penalty_links(
        self, edition: Edition, penalty: str, paragraph: str | None = None
    ) -> tuple[PenaltyLink, ...]:
        """The tiers of a penalty article, or of one of its paragraphs."""
        return self._tiers(edition.id, penalty, paragraph)

    def _penalty_links(self, edition: str, penalty: str, paragraph: str | None) -> tuple[PenaltyLink, ...]:
        return tuple(
            link
            for link in self._links.get(edition, ())
            if link.penalty == penalty and paragraph in (None, link.paragraph)
        )

    # What a number was, and what it became

    @cached_property
    def _renumberings(self) -> tuple[Renumbering, ...]:
        rows = self._rows("concordance.csv")
        for row in rows:
            for column in ("old_version", "new_version"):
                self._edition(row[column], row["source"])
        return tuple(map(provisions.renumbering_from_row, rows))

    @cached_property
    def _traps(self) -> tuple[Trap, ...]:
        return tuple(map(provisions.trap_from_row, self._rows("version_traps.csv")))

    def renumberings(self, edition: Edition, number: str) -> tuple[Renumbering, ...]:
        """Where an article stands in the next edition, and where it stood in the one before."""
        here = (edition.id, number)
        return tuple(
            row
            for row in self._renumberings
            if here in ((row.old_edition, row.old_article), (row.new_edition, row.new_article))
        )

    @cached_property
    def _renumbered(self) -> frozenset[str]:
        return frozenset(self.editions[row.new_edition].law_id for row in self._renumberings)

    def renumbered(self, law: Law) -> bool:
        """Whether the articles of a law have other numbers in another of its editions."""
        return law.id in self._renumbered

    @cached_property
    def _translations(self) -> Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]:
        """(edition, other edition) -> article -> its numbers there."""
        found: dict[tuple[str, str], dict[str, tuple[str, ...]]] = defaultdict(dict)
        for row in self._renumberings:
            for here, there, number, other in (
                (row.old_edition, row.new_edition, row.old_article, row.new_article),
                (row.new_edition, row.old_edition, row.new_article, row.old_article),
            ):
                if number and other:
                    numbers = found[here, there]
                    numbers[number] = (*numbers.get(number, ()), other)
        return found

    def translate(self, number: str, source: Edition, target: Edition) -> tuple[str, ...]:
        """The numbers that an article of one edition has in another; the same where no table tells more."""
        between = self._translations.get((source.id, target.id))
        if between is None or source.id == target.id:
            return (number,)
        return between.get(number.partition(".")[0], ())

    def traps(self, edition: Edition, number: str) -> tuple[Trap, ...]:
        """What else the same number means in the edition before or after."""
        return tuple(
            trap
            for trap in self._traps
            if trap.article == number and edition.id in (trap.old_edition, trap.new_edition)
        )

    # Charges and general provisions

    @cached_property
    def charges(self) -> tuple[Charge, ...]:
        """Every charge of the table."""
        return tuple(map(provisions.charge_from_row, self._rows("charges.csv")))

    @cached_property
    def charge_names(self) -> Mapping[str, Charge]:
        """Charges by name and short form, longest first: the longest match names the charge."""
        names = {name: charge for charge in self.charges for name in (charge.name, *charge.aliases)}
        return dict(sorted(names.items(), key=lambda item: -len(item[0])))

    @cached_property
    def _general(self) -> tuple[GeneralProvisions, ...]:
        return tuple(map(provisions.general_from_row, self._rows("general_provisions.csv")))

    def general_provision(self, law: Law, number: str, edition: Edition | None = None) -> str | None:
        """Its kind, "sentencing" or "procedure", where an article is no ground of a case.

        Without an edition: where it is none in any edition of the law.
        """
        return self._kinds(law.id, article_key(number)[0], edition.id if edition is not None else None)

    def _general_kind(self, law_id: str, base: int, edition: str | None) -> str | None:
        law = self._laws_by_id[law_id]
        kinds = [
            next((row.kind for row in self._general if row.covers(law, one, base)), None)
            for one in (law.editions if edition is None else (self.editions[edition],))
        ]
        return kinds[0] if all(kinds) else None


@cache
def load_catalogue(overlay: Path | None = None) -> Catalogue:
    """The shipped law tables, with the tables of a user's folder (`workspace().law`) laid over them."""
    return Catalogue(overlay)
