"""`tagger cases`: what the user added: its history, a backup of it, and cases erased for good."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def command() -> None:
    """List, export or erase the cases that you added."""


@command.command("list")
def list_() -> None:
    """List the additions to your casebook, oldest first."""
    from tagger import store
    from tagger.problems import counted
    from tagger.workspace import workspace

    log = store.read_log(workspace().cases)
    for change in log.changes:
        if change.undoes is not None:
            click.echo(f"{change.number}\t{change.at}\ttook {change.undoes} back")
            continue
        state = " (taken back)" if change.number in log.undone else ""
        files = ", ".join(f"{source.file} ({source.sha256[:12]})" for source in change.sources)
        click.echo(f"{change.number}\t{change.at}\t{counted(len(change.entries))}\t{files}{state}")
    click.echo(f"{counted(len(log.cases))} in your casebook", err=True)


@command.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, allow_dash=True), default="-", help="A .jsonl file."
)
def export(output: Path) -> None:
    """Write your cases as casebook rows (JSON lines), for a backup or a colleague's `tagger add`."""
    from tagger import store
    from tagger.casebook import dump_cases
    from tagger.durable import write_whole
    from tagger.problems import counted
    from tagger.workspace import workspace

    cases = store.user_cases(workspace().cases)
    if str(output) == "-":
        click.echo(dump_cases(cases), nl=False)
        return
    write_whole(output, dump_cases(cases).encode())
    click.echo(f"{counted(len(cases))} -> {output}", err=True)


@command.command()
@click.argument("ids", nargs=-1)
@click.option("--containing", metavar="TEXT", help="Erase every case that holds TEXT in any field.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(ids: tuple[str, ...], containing: str | None, yes: bool) -> None:
    """Erase cases of your casebook for good, for a person who asks to be forgotten.

    Cases that were taken back are erased too. This cannot be undone.
    """
    from tagger import store
    from tagger.problems import counted
    from tagger.workspace import workspace

    if bool(ids) == (containing is not None) or containing == "":
        raise click.UsageError("give the ids of cases, or --containing TEXT")
    path = workspace().cases
    found = ids if containing is None else store.find_ids(path, containing)
    if not found:
        raise click.ClickException(f"no case of your casebook holds {containing!r}")
    if not yes:
        question = f"Erase {counted(len(found))} for good: {', '.join(found)}?"
        if not click.confirm(question, err=True):
            raise click.ClickException("nothing was erased")
    erased = store.erase(path, found)
    click.echo(f"erased: {', '.join(case.id for case in erased)}")
    click.echo(
        "Models trained on them still know them: run `tagger train`, then remove the older models "
        "(`tagger models remove`).",
        err=True,
    )
