"""`tagger law LAW [ARTICLE] [--on DATE]`: a statute looked up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tagger.law.catalogue import Catalogue
    from tagger.law.lookup import Entry
    from tagger.law.provisions import Edition, Law, PenaltyLink, Range


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A date, or a whole month or year."""
    if value is None:
        return None
    try:
        if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value):
            raise ValueError
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no date; write YYYY-MM-DD, YYYY-MM or YYYY") from error
    return value


@click.command("law")
@click.argument("law_name", metavar="LAW")
@click.argument("article", required=False)
@click.option("--on", metavar="DATE", callback=_day, help="The date that counts (YYYY-MM-DD); else today.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(law_name: str, article: str | None, on: str | None, as_json: bool) -> None:
    """Look a statute up: gist, role, what sanctions it, its number in the other edition.

    LAW is a name or alias (网络安全法, 网安法, 33号令) or a charge (帮信罪); ARTICLE is written as 27,
    253之一 or 第二十七条第一款. Without ARTICLE: the law's editions and the articles that are described.
    """
    from tagger.law.catalogue import load_catalogue
    from tagger.law.lookup import editions_on, law_record, look_up
    from tagger.workspace import workspace

    catalogue = load_catalogue(workspace().law)
    charge = catalogue.charge_names.get(law_name) if article is None else None
    if charge is not None:
        law_name, article = "刑法", charge.article
    law = catalogue.law(law_name)
    day = on or date.today().isoformat()
    if article is None:
        editions = editions_on(law, day) if on else law.editions_at(day) or law.editions[-1:]
        if as_json:
            _print_json(law_record(catalogue, law, editions))
        else:
            _print_lines(_law(catalogue, law, editions))
        return
    entries = look_up(catalogue, law, article, day)
    if as_json:
        _print_json([entry.to_record() for entry in entries] if len(entries) > 1 else entries[0].to_record())
    else:
        for entry in entries:
            _print_lines(_entry(entry))


def _print_json(record: object) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


def _print_lines(lines: Iterator[str]) -> None:
    click.echo("\n".join(lines))


def _law(catalogue: Catalogue, law: Law, editions: tuple[Edition, ...]) -> Iterator[str]:
    yield f"{law.name} · {law.kind} · {law.issuer}"
    yield f"  also: {'、'.join(alias for alias in law.aliases if alias != law.name)}"
    for edition in law.editions:
        count = f", {edition.article_count} articles" if edition.article_count else ""
        yield f"  {_period(edition)}{count}{_doubt(edition.verified)}"
        if edition.note:
            yield f"    {edition.note}"
    for edition in editions:
        described = catalogue.articles(edition)
        yield f"Articles described, edition in force from {edition.in_force}: {len(described)}"
        for article in described:
            yield f"  第{article.number}条  {article.role:11} {article.gist}{_doubt(article.verified)}"


def _entry(entry: Entry) -> Iterator[str]:
    from tagger.card import citation

    yield f"{citation(entry.law.name, entry.number)} · {_period(entry.edition)}"
    if entry.article is None:
        yield f"  The catalogue does not describe this article.{_doubt(entry.edition.verified)}"
    else:
        yield f"  {entry.article.role}: {entry.article.gist}{_doubt(entry.article.verified)}"
        if entry.article.keywords:
            yield f"  keywords: {'、'.join(entry.article.keywords)}"
        if entry.article.note:
            yield f"  note: {entry.article.note}"
    for link in entry.sanctioned_by:
        yield f"  sanctioned by 第{link.penalty}条第{link.paragraph}款: {_terms(link)}"
    for link in entry.sanctions:
        yield f"  第{link.paragraph}款 sanctions {_duties(link)}: {_terms(link)}"
    for other in entry.elsewhere:
        there = "、".join(f"第{number}条" for number in other.articles) or "no article"
        yield f"  edition {_period(other.edition)}: {there} ({other.change}) {other.note}"
    for edition, meaning in entry.other_meanings():
        yield f"  CAUTION: 第{entry.number}条 means something else in the edition of {edition}: {meaning}"


def _duties(link: PenaltyLink) -> str:
    if link.duties == ("*",):
        return "every duty of the law"
    return "what it describes" if link.duties == (link.penalty,) else "、".join(link.duties)


def _terms(link: PenaltyLink) -> str:
    terms = [link.tier, link.subject]
    if link.entity_fine:
        terms.append(f"fine {_yuan(link.entity_fine)}")
    if link.individual_fine:
        terms.append(f"{link.individual_scope} {_yuan(link.individual_fine)}")
    return " · ".join(filter(None, [*terms, ", ".join(link.other_sanctions), link.remark]))


def _yuan(fine: Range) -> str:
    low, high = fine
    if high is None:
        return f"{low or 0:,} yuan and more"
    return f"up to {high:,} yuan" if not low else f"{low:,}–{high:,} yuan"


def _period(edition: Edition) -> str:
    return f"{edition.in_force} to {edition.until or 'now'}"


def _doubt(verified: str) -> str:
    from tagger.law.lookup import DOUBTFUL

    return f" [{verified}]" if verified in DOUBTFUL else ""
