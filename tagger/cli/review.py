"""`tagger review`: the cards of a batch that a person should look at first, as a workbook to correct."""

from __future__ import annotations

from pathlib import Path

import click

from tagger.cli.options import model_option


@click.command()
@click.argument("batch", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The workbook to write (.xlsx)."
)
@click.option(
    "-n", "--count", type=click.IntRange(1, 5_000), default=50, show_default=True, help="How many cards."
)
@model_option
def command(batch: Path, output: Path, count: int, model: str | None) -> None:
    """Pick the cards that teach most: doubtful ones, no two alike, none that the casebook tells.

    BATCH is an output of `tagger batch` with its texts (.jsonl with --with-text, .csv, .xlsx), or notices
    themselves. Correct the workbook, mark each row that you checked, and give it to `tagger add`.
    """
    from tagger.casebook import label_sets, read_cases
    from tagger.problems import counted
    from tagger.rereading import read_again
    from tagger.reviewbook import write_review
    from tagger.selection import select, tagged
    from tagger.store import user_cases
    from tagger.tagger import Tagger
    from tagger.workspace import workspace

    if output.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{output.name} is no .xlsx; drop-down lists need a workbook")
    own = user_cases(workspace().cases)
    notices = read_again(batch)
    selection = select(tagged(Tagger.load(model), notices), count, (*read_cases(), *own))
    write_review(selection.picks, label_sets(own), output)
    for number, why in (
        (selection.no_notice, "no notice of this field"),
        (selection.known, "told by the casebook already"),
        (selection.reposts, "a repost of another card"),
    ):
        if number:
            click.echo(f"left out: {counted(number, 'card')}, {why}", err=True)
    click.echo(f"{counted(len(selection.picks), 'card')} of {len(notices):,} -> {output}")
