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

    model, data = training.quick_model(read_cases())
    ids = tuple(case.id for case in data.cases)
    name = storing.save(model, shipped.MODELS, manifest={"data": {"cases": len(ids)}}, out_of_fold=storing.OutOfFold(ids))
    for old in shipped.MODELS.glob("*/manifest.json"):
        if old.parent.name != name:
            shutil.rmtree(old.parent)
    click.echo(name)
