"""`tagger evaluate`: the honest figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tagger.casebook import Case
    from tagger.classify.training import Ground


@click.command()
@click.argument("labelled", required=False, type=click.Path(path_type=Path))
@click.option("--repeats", type=click.IntRange(1, 20), default=2, show_default=True, help="How often.")
@click.option("--quick", is_flag=True, help="One repeat, without nested validation, baselines, curve.")
@click.option("--ablation", is_flag=True, help="Leave each group of features out in turn (minutes more).")
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    help="Draw learning curve and ablation into this .png or .svg.",
)
def command(labelled: Path | None, repeats: int, quick: bool, ablation: bool, picture: Path | None) -> None:
    """Print the honest figures of the recipe, with 95 % intervals.

    Cross-validation on the shipped casebook, grouped by event; the development notices, which no shipped
    model learnt from; and LABELLED, a file of your own in the form that `tagger add` takes. Beside them
    the baselines, on the same notices, and how far the doubt of the model in use can be trusted: whether
    its probabilities keep their promise, and how often the cards that nobody reviews are right. Last the
    learning curve: what more cases are worth.
    """
    import numpy as np

    from tagger.casebook import read_cases
    from tagger.evaluation import measure, tables, trust
    from tagger.evaluation.pictures import kind_of
    from tagger.promotion import Notices, development_notices
    from tagger.tagger import Tagger

    if picture is not None:
        kind_of(picture)  # before minutes are spent
    cases = read_cases()
    shop = measure.Workshop.of(cases)
    sections = [("development notices", development_notices())]
    if labelled is not None:
        sections.append((labelled.name, Notices(_labelled(labelled), {})))
    in_use = Tagger.load()
    for name, notices in sections:
        ours = measure.on_notices(shop, np.arange(len(cases)), notices)
        others = () if quick else measure.baselines_on_notices(cases, notices)
        _print(tables.table(name, len(notices.cases), (ours, *others)))
        for target in ("industry", "subject", "nature"):
            _print(tables.confusion(f"{target}: {name}", ours.targets[target]))
        _print(trust.lines(trust.trust(in_use, notices), in_use.coverage))
    repeats = 1 if quick else repeats
    ours = measure.cross_validated(shop, repeats=repeats, nested=not quick)
    others = () if quick else measure.baselines_cross_validated(cases, repeats=repeats)
    title = f"cross-validation on the casebook, {repeats} x {measure.FOLDS} folds"
    _print(tables.table(title, len(cases) * repeats, (ours, *others)))
    if not quick or ablation or picture is not None:
        _curve(shop.ground, repeats, ablation or picture is not None, picture)


def _curve(ground: Ground, repeats: int, ablated: bool, picture: Path | None) -> None:
    """The learning curve, and the ablation where it is asked for."""
    from tagger.casebook import read_cases
    from tagger.evaluation import ablation, curve
    from tagger.evaluation.pictures import draw
    from tagger.evaluation.pool import Pool
    from tagger.promotion import development_notices

    pool = Pool.of(read_cases(), development_notices(), ground)
    points = curve.learning_curve(pool, repeats=repeats)
    _print(curve.lines(points))
    found = ablation.ablation(pool) if ablated else ()
    if found:
        _print(ablation.lines(found))
    if picture is not None:
        draw(points, found, picture)
        click.echo(f"learning curve and ablation -> {picture}", err=True)


def _print(lines: list[str]) -> None:
    click.echo("\n".join(lines))


def _labelled(path: Path) -> tuple[Case, ...]:
    """The cases of a user's file. Raises BadCases with every problem."""
    from tagger.admission import ANY, Rules, admit
    from tagger.casebook import label_sets
    from tagger.law.catalogue import load_catalogue
    from tagger.problems import BadCases
    from tagger.rows import read_labelled

    admission = admit(
        read_labelled(path), Rules(label_sets(()), load_catalogue(None), taken={}, new_labels=(ANY,))
    )
    if admission.problems:
        raise BadCases(admission.problems)
    return tuple(admission.cases.values())
