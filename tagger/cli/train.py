"""`tagger train`: a model of the shipped casebook and the user's; `train.py` trains the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.evaluation.figures import Figure
    from tagger.modelcard import Section
    from tagger.promotion import Row
    from tagger.retraining import Comparison, Training


@click.command()
@click.option(
    "--quick",
    is_flag=True,
    help="Compare on the development notices only: no cross-validation, no baselines.",
)
@click.option("--force", is_flag=True, help="Use the new model even if it is worse in some target.")
@click.option("--name", default="own", show_default=True, help="What the version's name begins with.")
def command(quick: bool, force: bool, name: str) -> None:
    """Train on the shipped casebook and the cases that you added, and use the model if it is no worse.

    It is compared with the model in use on the same cases, each judged by models that have not seen it,
    and on the development notices; its figures beside baselines are printed and put on its model card. A
    model that is worse in any target beyond noise is kept aside.
    """
    from tagger.retraining import train
    from tagger.workspace import workspace

    training = train(
        workspace(),
        prefix=name,
        quick=quick,
        force=force,
        measure=not quick,
        tell=lambda what: click.echo(what, err=True),
    )
    for line in table(training.comparison):
        click.echo(line)
    _beside_baselines(training.measured)
    click.echo(_verdict(training))


def table(comparison: Comparison) -> list[str]:
    """The comparison in lines, at most 80 columns wide."""
    lines = [f"note: {note}" for note in comparison.notes]
    if comparison.left_out:
        lines.append(f"note: {comparison.left_out} development notices are in your casebook and left out")
    measured = ""
    for row in comparison.rows:
        if row.measured != measured:
            measured = row.measured
            lines += ["", measured, _line("", "notices", "in use", "new", "difference")]
        lines.append(
            _line(
                row.heading,
                str(row.notices),
                _share(row.current),
                _share(row.candidate),
                _difference(row),
            )
        )
    return lines


def _line(*cells: str) -> str:
    from rich.cells import cell_len

    widths = (15, 8, 18, 18, 0)
    return "".join(c + " " * (w - cell_len(c)) for c, w in zip(cells, widths, strict=True)).rstrip()


def _share(figure: Figure) -> str:
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"


def _difference(row: Row) -> str:
    mark = " worse" if row.worse else " better" if row.better else ""
    return (
        "{:+.2f} [{:+.2f}, {:+.2f}]".format(*(row.difference.value, row.difference.low, row.difference.high))
        + mark
    )


def _verdict(training: Training) -> str:
    worse = ", ".join(f"{row.heading} ({row.measured})" for row in training.comparison.worse)
    if training.name == training.current:
        return f"in use: {training.name}, as before: the same cases teach the same model"
    if training.in_use:
        despite = f", although it is worse in {worse}" if worse else ""
        return f"in use: {training.name}, before: {training.current}{despite}"
    why = f"it is worse in {worse}, beyond noise" if worse else "there was nothing to compare it on"
    return (
        f"kept aside: {training.name}; {why}. {training.current} stays in use. "
        f"Use the new one all the same: tagger models use {training.name}"
    )


def _beside_baselines(found: Sequence[Section]) -> None:
    from tagger.evaluation import tables

    for section in found:
        click.echo("\n" + "\n".join(tables.table(section.title, section.notices, section.systems)))


@click.command()
@click.option("--quick", is_flag=True, help="Without the figures of the model card.")
def train_shipped(quick: bool) -> None:
    """Train the model under models/ from data/cases.jsonl, and print its figures beside baselines."""
    import shutil

    from msgspec.structs import replace

    from tagger import modelcard, shipped
    from tagger.casebook import read_cases
    from tagger.classify import lessons, naming, storing
    from tagger.classify.training import Ground, learn_lessons
    from tagger.promotion import development_notices
    from tagger.retraining import learn

    ground = Ground.shipped()
    # Always anew: the sum is of the words and the tables, and the code that reads with them may have changed.
    ground = replace(ground, named=naming.learn_naming(ground.lexicon))
    if ground.named:
        naming.keep(ground.named, naming.sum_of(ground.lexicon))
    lessons.keep(learn_lessons(ground), ground.sum)
    ground = replace(ground, taught=lessons.kept(ground.sum))
    learnt = learn(read_cases(), ground)
    found = () if quick else modelcard.sections(learnt, development_notices(), repeats=2)
    name = storing.save(
        learnt.model,
        shipped.MODELS,
        manifest=modelcard.provenance(learnt) | {"figures": modelcard.figures(found)},
        out_of_fold=learnt.unseen.whole,
        card=modelcard.card(learnt, found),
    )
    for old in shipped.MODELS.glob("*/manifest.json"):
        if old.parent.name != name:
            shutil.rmtree(old.parent)
    _beside_baselines(found)
    click.echo(name)
