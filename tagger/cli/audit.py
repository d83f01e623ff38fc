"""`tagger audit`: the labels of the casebook that look wrong, worst first."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tagger.audit import Finding


@click.command()
@click.option(
    "-n", "--count", type=click.IntRange(min=1), default=20, show_default=True, help="How many are printed."
)
@click.option("--csv", "output", type=click.Path(path_type=Path), help="Write all of them to this .csv file.")
def command(count: int, output: Path | None) -> None:
    """List the labels and statutes of the casebook that look wrong, worst first, with the evidence.

    The casebook is the shipped one and the cases that you added. Doubt is no proof: look at the text.
    """
    from tagger.audit import audit, write_findings
    from tagger.casebook import read_cases
    from tagger.classify.training import Ground
    from tagger.law.catalogue import load_catalogue
    from tagger.problems import counted
    from tagger.store import user_cases
    from tagger.workspace import workspace

    home = workspace()
    cases = (*read_cases(), *user_cases(home.cases))
    found = audit(cases, Ground.shipped(), load_catalogue(home.law if home.law.is_dir() else None))
    if sys.stdout.isatty():
        _draw(found[:count])
    else:
        for one in found[:count]:
            click.echo("\t".join((f"{one.doubt:.2f}", one.case.id, one.heading, *_told(one))))
    click.echo(f"{counted(len(found), 'finding')} in {counted(len(cases))}", err=True)
    if output is not None:
        write_findings(found, output)
        click.echo(f"all of them -> {output}", err=True)


def _draw(findings: Sequence[Finding]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE)
    for heading in ("doubt", "case", "field", "given", "suggested", "title", "evidence"):
        table.add_column(heading)
    for one in findings:  # Text: a title in brackets is no markup
        table.add_row(f"{one.doubt:.2f}", one.case.id, one.heading, *map(Text, _told(one)))
    Console().print(table)


def _told(one: Finding) -> tuple[str, str, str, str]:
    return "、".join(one.given) or "—", one.suggested, one.case.title, "; ".join(one.evidence)
