"""`tagger models`: the versions of the model, which is in use, and their way between colleagues."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click


@click.group(invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List, show, use, roll back, compare, export, import and remove models."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@command.command("list")
def list_() -> None:
    """List the models; the one in use is marked with *."""
    from tagger.models import versions
    from tagger.workspace import workspace

    for version in versions(workspace()):
        mark = "*" if version.in_use else " "
        told = version.damage if version.manifest is None else _summary(version.manifest)
        click.echo(f"{mark} {version.name}\t{told}")


@command.command()
@click.argument("name", required=False)
def show(name: str | None) -> None:
    """Print what a model was trained on and its figures (its manifest, as JSON)."""
    from tagger.classify.folder import read_manifest
    from tagger.models import find
    from tagger.workspace import workspace

    manifest = {key: value for key, value in read_manifest(find(workspace(), name)).items() if key != "parts"}
    click.echo(_shown(json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)))


@command.command()
@click.argument("name")
def use(name: str) -> None:
    """Put a model in use; 'shipped' is the one of the package."""
    from tagger import models
    from tagger.workspace import workspace

    models.use(workspace(), name)
    click.echo(f"in use: {name}")


@command.command()
def rollback() -> None:
    """Put the model in use that was in use before."""
    from tagger import models
    from tagger.workspace import workspace

    click.echo(f"in use: {models.rollback(workspace())}")


@command.command()
@click.argument("before")
@click.argument("after")
@click.argument("batch", type=click.Path(path_type=Path))
def diff(before: str, after: str, batch: Path) -> None:
    """List the cards of BATCH that the model AFTER fills in otherwise than the model BEFORE.

    BATCH is an output of `tagger batch` with its texts (.jsonl with --with-text, .csv, .xlsx), or notices
    themselves. 'shipped' names the model of the package.
    """
    from tagger.modeldiff import changes, counts
    from tagger.problems import counted
    from tagger.rereading import read_again
    from tagger.tagger import Tagger

    models = Tagger.load(before), Tagger.load(after)
    notices = read_again(batch)
    changed = list(changes(notices, *models))
    for one in changed:
        case = f" ({one.before.case})" if one.before.cases_in_source > 1 else ""
        for heading, (was, now) in one.fields.items():
            told = f"{'、'.join(was) or '—'} -> {'、'.join(now) or '—'}"
            click.echo(f"{one.before.source}{case}\t{one.before.title}\t{heading}\t{told}")
    fields = ", ".join(f"{heading} {number}" for heading, number in counts(changed).items() if number)
    total = f"{len(changed):,} of {counted(len(notices), 'card')} would change"
    click.echo(f"{total}{f': {fields}' if fields else ''}", err=True)


@command.command()
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The file to write.")
def export(name: str | None, output: Path) -> None:
    """Write a model (the one in use without NAME) to one file."""
    from tagger.modelfile import export_model
    from tagger.workspace import workspace

    exported = export_model(workspace(), name, output)
    click.echo(f"{exported} -> {output}")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="Call it so, instead of as its maker did.")
def import_(file: Path, name: str | None) -> None:
    """Take in a model that a colleague exported, once every part of it is checked."""
    from tagger.modelfile import import_model
    from tagger.workspace import workspace

    taken = import_model(workspace(), file, name)
    click.echo(f"imported: {taken}; put it in use with: tagger models use {taken}")


@command.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove a model for good."""
    from tagger import models
    from tagger.workspace import workspace

    models.remove(workspace(), name)
    click.echo(f"removed: {name}")


def _summary(manifest: Mapping[str, Any]) -> str:
    """`164 cases (63 yours), data fd24b7c679d7, all three right 0.71 [0.64, 0.78] by cross-validation`."""
    from tagger.promotion import ALL_THREE

    told = []
    try:
        if data := manifest.get("data"):
            own = f" ({data['own']:,} yours)" if "own" in data else ""
            told.append(f"{data['cases']:,} cases{own}")
            told += [f"data {data['sha256'][:12]}"] if "sha256" in data else []
        for measured, found in manifest.get("figures", {}).items():
            if ALL_THREE in found:
                told.append(
                    "{} right {:.2f} [{:.2f}, {:.2f}] by {}".format(ALL_THREE, *found[ALL_THREE], measured)
                )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        told.append("its manifest is not in order")
    return _shown(", ".join(told))


def _shown(text: str) -> str:
    """A stranger's manifest may hold what moves the cursor or turns the line around."""
    return "".join(c if c == "\n" or c.isprintable() else f"\\u{ord(c):04x}" for c in text)
