"""What the law tables hold: laws, editions, articles, penalty links, charges; and a row read as one.

Facts, their sources and how far each was verified: data/law/README.md.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from tagger.expressions import expression
from tagger.law.tables import BrokenLawTable, Row

Role = Literal["duty", "prohibition", "penalty", "crime"]
_ROLES: dict[str, Role] = {role: role for role in get_args(Role)}
Range = tuple[int | None, int | None]
"""Smallest and largest fine in yuan; None where the law sets no limit."""

STATE = "中华人民共和国"


class Edition(Struct, frozen=True):
    """The text of a law from one date (`in_force`, YYYY-MM-DD) to another (`until`; None: still in force)."""

    id: str
    law_id: str
    official_name: str
    in_force: str
    until: str | None
    article_count: int | None
    names: tuple[str, ...]
    """Names that only this edition has: `新修改的网络安全法`."""
    verified: str
    note: str

    def overlaps(self, date: str) -> bool:
        """Whether it was in force on a date, or at some time in a month (YYYY-MM) or year (YYYY)."""
        first, last = days(date)
        return self.in_force <= last and (self.until is None or first <= self.until)


def days(date: str) -> tuple[str, str]:
    """The first and the last day of a date; every month counts as one of 31 days."""
    return date + "0000-01-01"[len(date) :], date + "9999-12-31"[len(date) :]


class Law(Struct, frozen=True):
    """A law in all its editions, oldest first. `name` is the one name used in results."""

    id: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    issuer: str
    kind: str
    editions: tuple[Edition, ...]

    def editions_at(self, date: str) -> tuple[Edition, ...]:
        """The editions in force on YYYY-MM-DD; several where a year or month has a change inside it."""
        return tuple(edition for edition in self.editions if edition.overlaps(date))


class Article(Struct, frozen=True):
    """What an article says, in one line. `penalty_for` are the duties that it sanctions ("21", "22.1")."""

    edition: str
    number: str
    role: Role
    gist: str
    penalty_for: tuple[str, ...]
    keywords: tuple[str, ...]
    verified: str
    note: str
    source: str


class PenaltyLink(Struct, frozen=True):
    """One tier of a penalty paragraph and the duties that it sanctions (docs: data/law/README.md).

    `entity_fine` is the fine on the `subject`, `individual_fine` that on the persons in
    `individual_scope`; None where there is no fine. `duties` is ("*",) for a clause that covers every
    duty of its law. `source` is the row that says so.
    """

    edition: str
    penalty: str
    paragraph: str
    duties: tuple[str, ...]
    subject: str
    authority: str
    tier: str
    entity_fine: Range | None
    individual_fine: Range | None
    individual_scope: str
    other_sanctions: tuple[str, ...]
    remark: str
    source: str

    def sanctions(self, duty: str) -> bool:
        """Whether this tier sanctions a duty: `22` is met by a link to `22.1`, `22.1` by one to `22`."""
        return "*" in self.duties or any(
            named == duty or named.startswith(duty + ".") or duty.startswith(named + ".")
            for named in self.duties
        )


class Charge(Struct, frozen=True):
    """A crime by name (`侵犯公民个人信息罪`), its short forms, and its article of 刑法."""

    name: str
    article: str
    paragraph: str
    aliases: tuple[str, ...]
    verified: str


class Renumbering(Struct, frozen=True):
    """Where an article of one edition stands in the next; an empty number: it was added or deleted."""

    old_edition: str
    old_article: str
    new_edition: str
    new_article: str
    change: str
    note: str
    confidence: str


class Trap(Struct, frozen=True):
    """A number that means one thing in the old edition and another in the new one."""

    article: str
    old_edition: str
    old_meaning: str
    new_edition: str
    new_meaning: str
    risk: str


class GeneralProvisions(Struct, frozen=True):
    """A range of articles on sentencing or procedure: cited with a case, but no ground of it."""

    law_id: str
    edition: str
    """An edition's id; empty: every edition of the law."""
    first: int
    last: int
    kind: str

    def covers(self, law: Law, edition: Edition, number: int) -> bool:
        """Whether an article of an edition is one of these."""
        return (
            self.law_id == law.id and self.edition in ("", edition.id) and self.first <= number <= self.last
        )


def bare_name(name: str) -> str:
    """A printed name without 《》 and the spaces around it."""
    return name.strip().removeprefix("《").removesuffix("》").strip()


_NUMBER = expression(r"(\d{1,4})(?:之([一二三四五六七八九十]))?")


@lru_cache(maxsize=4096)
def article_key(number: str) -> tuple[int, int]:
    """Sorts article numbers: "253" < "253之一" < "254". A malformed number comes last."""
    match = _NUMBER.match(number)
    if match is None:
        return (10**6, 0)
    return int(match[1]), "一二三四五六七八九十".index(match[2]) + 1 if match[2] else 0


def has_article(edition: Edition, number: str) -> bool | None:
    """Whether an edition is long enough to have the article; None where its length is not known."""
    base = article_key(number)[0]
    if base < 1:
        return False
    return None if edition.article_count is None else base <= edition.article_count


def law_from_rows(law_id: str, rows: list[Row]) -> Law:
    """A law from the rows of its editions. Raises BrokenLawTable."""
    rows = sorted(rows, key=lambda row: row.get("effective_from", ""))
    latest = rows[-1]
    name = latest.get("citation_name") or latest.get("official_name", "").removeprefix(STATE)
    if not name:
        raise _broken(latest, "a law needs a citation_name")
    names = [_names(row) for row in rows]
    shared = set.intersection(*map(set, names))
    return Law(
        id=law_id,
        name=name,
        short_name=latest.get("short_name") or name,
        aliases=tuple(dict.fromkeys(alias for own in names for alias in own)),
        issuer=latest.get("issuer", ""),
        kind=latest.get("kind", ""),
        editions=tuple(
            _edition(row, tuple(alias for alias in own if alias not in shared))
            for row, own in zip(rows, names, strict=True)
        ),
    )


def _names(row: Row) -> dict[str, None]:
    printed = [row.get(column, "") for column in ("official_name", "short_name", "citation_name")]
    return dict.fromkeys(filter(None, map(bare_name, (*_split(row.get("aliases", "")), *printed))))


_DATE = expression(r"\d{4}-\d{2}-\d{2}")


def _edition(row: Row, names: tuple[str, ...]) -> Edition:
    start, end, count = (row.get(c, "") for c in ("effective_from", "effective_to", "article_count"))
    if not _DATE.fullmatch(start) or (end and not _DATE.fullmatch(end)) or (count and not count.isdecimal()):
        raise _broken(row, "dates are YYYY-MM-DD, article_count is a number")
    return Edition(
        id=row["version_id"],
        law_id=row["law_id"],
        official_name=row.get("official_name") or row.get("citation_name", ""),
        in_force=start,
        until=end or None,
        article_count=int(count) if count else None,
        names=names,
        verified=_verified(row),
        note=row.get("note", ""),
    )


_FULL_WIDTH = str.maketrans(",;:", "，；：")


def article_from_row(row: Row) -> Article:
    """An article from its row. Raises BrokenLawTable."""
    role = _ROLES.get(row.get("role", ""))
    if role is None:
        raise _broken(row, f"role {row.get('role', '')!r} is none of {', '.join(_ROLES)}")
    return Article(
        edition=row["version_id"],
        number=_number(row, "article"),
        role=role,
        gist=row.get("gist", "").translate(_FULL_WIDTH),  # the tables have either width
        penalty_for=_split(row.get("penalty_for", "")),
        keywords=_split(row.get("keywords", "")),
        verified=_verified(row),
        note=row.get("note", ""),
        source=row["source"],
    )


def link_from_row(row: Row) -> PenaltyLink:
    """A penalty link from its row. Raises BrokenLawTable."""
    return PenaltyLink(
        edition=row["version_id"],
        penalty=_number(row, "penalty_article"),
        paragraph=row.get("paragraph", ""),
        duties=_split(row.get("duty_articles", "")),
        subject=row.get("subject", ""),
        authority=row.get("authority", ""),
        tier=row.get("tier", ""),
        entity_fine=_range(row, "entity_fine"),
        individual_fine=_range(row, "individual_fine"),
        individual_scope=row.get("individual_scope", ""),
        other_sanctions=_split(row.get("other_sanctions", "")),
        remark=row.get("remark", ""),
        source=row["source"],
    )


def charge_from_row(row: Row) -> Charge:
    """A charge from its row."""
    return Charge(
        name=row["charge"],
        article=row.get("article", ""),
        paragraph=row.get("paragraph", ""),
        aliases=_split(row.get("aliases", "")),
        verified=_verified(row),
    )


def renumbering_from_row(row: Row) -> Renumbering:
    """A row of the concordance."""
    return Renumbering(
        old_edition=row["old_version"],
        old_article=row.get("old_article", ""),
        new_edition=row["new_version"],
        new_article=row.get("new_article", ""),
        change=row.get("changed", ""),
        note=row.get("one_line_note", ""),
        confidence=row.get("confidence", ""),
    )


def trap_from_row(row: Row) -> Trap:
    """A row of the version traps."""
    return Trap(
        article=row["article"],
        old_edition=row["old_version"],
        old_meaning=row.get("old_meaning", ""),
        new_edition=row["new_version"],
        new_meaning=row.get("new_meaning", ""),
        risk=row.get("trap_risk", ""),
    )


def general_from_row(row: Row) -> GeneralProvisions:
    """A range of general provisions from its row. Raises BrokenLawTable."""
    first, last = (row.get(column, "") for column in ("first_article", "last_article"))
    if any(cell and not cell.isdecimal() for cell in (first, last)):
        raise _broken(row, "first_article and last_article are numbers")
    return GeneralProvisions(
        law_id=row["law_id"],
        edition=row["version_id"],
        first=int(first or 1),
        last=int(last or 9999),
        kind=row.get("kind", ""),
    )


def _number(row: Row, column: str) -> str:
    number = row[column]
    if not _NUMBER.fullmatch(number):
        raise _broken(row, f"{column} {number!r} is no number of an article; write 21, or 253之一")
    return number


def _split(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


def _verified(row: Row) -> str:
    return row.get("verified") or "unverified"


def _range(row: Row, name: str) -> Range | None:
    low, high = (row.get(f"{name}_{end}", "") for end in ("min", "max"))
    if any(cell and not cell.isdecimal() for cell in (low, high)):
        raise _broken(row, f"{name} is in whole yuan")
    return (int(low) if low else None, int(high) if high else None) if low or high else None


def _broken(row: Row, what: str) -> BrokenLawTable:
    return broken(row["source"], what)


def broken(source: str, what: str) -> BrokenLawTable:
    """What to raise of a row; `source` is where it stands (`articles.csv:12`)."""
    name, _, line = source.partition(":")
    return BrokenLawTable(Path(name), int(line), what)
