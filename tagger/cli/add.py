"""`tagger add`: new labelled cases into the user's casebook, and the last addition out of it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.problems import Problem
    from tagger.store import Change

_SHOWN = 100
"""How many near-duplicates are listed."""


@click.command()
@click.argument("cases", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; add nothing.")
@click.option("--partial", is_flag=True, help="Add the sound rows although others are not.")
@click.option(
    "--new-label",
    "new_labels",
    multiple=True,
    is_flag=False,
    flag_value="*",
    metavar="[LABEL]",
    help="Take LABEL (or a law of that name) although it is new; without LABEL, any. Repeatable.",
)
@click.option(
    "--keep-duplicates", is_flag=True, help="Add near-duplicates too, as further reports of the same event."
)
@click.option("--undo", is_flag=True, help="Take the last addition back.")
@click.pass_context
def command(
    ctx: click.Context,
    cases: tuple[Path, ...],
    dry_run: bool,
    partial: bool,
    new_labels: tuple[str, ...],
    keep_duplicates: bool,
    undo: bool,
) -> None:
    """Check new labelled cases and add them to your casebook.

    CASES are .jsonl files of casebook rows, or .csv and .xlsx tables under the card's headings:
    the output of `tagger batch`, corrected, is one. Either every row is sound and all are added, or
    none is, and every error is listed. `tagger train` then learns from them.
    """
    from tagger import learning, store
    from tagger.problems import BadCases, counted, listed
    from tagger.tables import CHECKED
    from tagger.workspace import workspace

    if undo == bool(cases):
        raise click.UsageError("give the files of new cases, or --undo alone")
    home = workspace()
    repaired = store.repair(home.cases)
    if repaired:
        click.echo(f"tagger: {repaired}", err=True)
    if undo:
        change = store.undo(home.cases)
        click.echo(f"taken back: {_of(change)}, added {change.at}")
        return
    prepared = learning.prepare(cases, home, new_labels=new_labels, keep_duplicates=keep_duplicates)
    if prepared.problems and not partial:
        raise BadCases(prepared.problems, _hint(prepared.problems))
    for duplicate in prepared.duplicates[:_SHOWN]:
        click.echo(f"skipped: {duplicate}", err=True)
    if prepared.duplicates:
        more = len(prepared.duplicates) - _SHOWN
        rest = f"skipped: {more} more; " if more > 0 else ""
        click.echo(f"{rest}near-duplicates are added with --keep-duplicates", err=True)
    if prepared.passed_over:
        click.echo(f"passed over: {counted(prepared.passed_over, 'row')} without a case", err=True)
    if prepared.unchecked:
        rows = counted(prepared.unchecked, "row")
        click.echo(f"left alone: {rows} that nobody marked as checked ({CHECKED})", err=True)
    for line in listed(prepared.problems):
        click.echo(f"left out: {line}", err=True)
    if dry_run:
        click.echo(f"{counted(len(prepared.entries))} would be added (--dry-run)")
    elif prepared.entries:
        change = learning.learn(prepared, home)
        total = len(store.user_cases(home.cases))
        click.echo(f"added: {_of(change)}; your casebook has {total}. Take it back: tagger add --undo")
    else:
        click.echo("nothing was added: no new case")
    if prepared.problems:
        ctx.exit(1 if prepared.entries else 2)


def _hint(problems: Sequence[Problem]) -> str:
    """How a label that is meant to be new gets in, where one was refused."""
    refused = any(problem.unknown for problem in problems)
    return "what is meant to be new is let in by name: --new-label LABEL" if refused else ""


def _of(change: Change) -> str:
    from tagger.problems import counted

    files = ", ".join(source.file for source in change.sources)
    return f"{counted(len(change.entries))} of {files}"
