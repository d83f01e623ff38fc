"""`tagger train`: a model of the shipped casebook and the user's; `train.py` trains the shipped one."""

from __future__ import annotations

import shutil

import click

from tagger import shipped


@click.command()
@click.option("--quick", is_flag=True, help="Train only, without evaluation.")
def command(quick: bool) -> None:
    """Train a model."""
    train_shipped()


def train_shipped() -> None:
    """Trains the model under models/ from data/cases.jsonl alone."""
    from tagger.casebook import read_cases
    from tagger.classify import storing, training
    from tagger.classify.heads import HEADS
    from tagger.classify.out_of_fold import score_out_of_fold, with_doubt

    ground = training.Ground.shipped()
    model, data = training.quick_model(read_cases(), ground)
    strengths = {spec.target: training.FIRM for spec in HEADS}
    priors = training.priors_for(ground, data)
    unseen = score_out_of_fold(model.reader, data, priors, strengths)
    name = storing.save(
        with_doubt(model, data, unseen),
        shipped.MODELS,
        manifest={"data": {"cases": len(data)}},
        out_of_fold=unseen.whole,
    )
    for old in shipped.MODELS.glob("*/manifest.json"):
        if old.parent.name != name:
            shutil.rmtree(old.parent)
    click.echo(name)
