"""Training: the same cases give the same model, byte for byte, and what is not labelled teaches nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from msgspec.structs import replace

from tagger.casebook import read_cases
from tagger.classify.heads import case_labels
from tagger.classify.training import RECIPE, Ground, fit, fit_model, priors_for, quick_model

TRAIN = """
from hashlib import sha256
from msgspec.structs import replace
from tagger.casebook import read_cases
from tagger.classify.training import Ground, quick_model
ground = Ground.shipped()
model, _ = quick_model(read_cases()[:20], replace(ground, examples=ground.examples[::40]))
print(sha256(model.weights.tobytes() + model.bias.tobytes() + model.idf.tobytes()).hexdigest())
"""


def test_two_trainings_give_one_model() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", TRAIN],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


@pytest.fixture(scope="module")
def ground() -> Ground:
    shipped = Ground.shipped()
    return replace(shipped, examples=shipped.examples[::40])


def test_examples_teach(ground: Ground) -> None:
    cases = read_cases()[:20]
    taught, _ = quick_model(cases, ground)
    untaught, _ = quick_model(cases, replace(ground, examples=()))
    assert set(untaught.terms) < set(taught.terms)


def test_a_case_without_labels_of_a_target_teaches_it_nothing(ground: Ground) -> None:
    cases = read_cases()[:20]
    silent = tuple(replace(case, impact=()) for case in cases)
    data, unlabelled = ground.training_set(cases), ground.training_set(silent)
    priors = priors_for(ground, data)
    model = fit_model(ground, unlabelled, np.arange(20), priors, RECIPE)
    head = next(head for head in model.heads if head.target == "impact")
    rows = [data.names.index(name) for name in model.features]
    assert np.allclose(model.weights[: len(rows), head.columns], priors.weights["impact"][rows], atol=1e-6)


def test_statutes_are_learnt_in_one_numbering() -> None:
    old, new = (
        replace(read_cases()[1], statutes=statutes, date=date)
        for statutes, date in (
            (("网络安全法第21条", "网络安全法第59条"), "2019-05"),
            (("网络安全法第23条", "网络安全法第61条"), "2026-03"),
        )
    )
    assert case_labels(old, "statutes") == case_labels(new, "statutes") == ("网络安全法 21", "网络安全法 59")


def test_rare_terms_hold_more_firmly(ground: Ground) -> None:
    cases = read_cases()[:20]
    data = ground.training_set(cases)
    priors = priors_for(ground, data)
    moved = []
    for rare in (0.0, 4.0):
        strengths = {target: replace(one, rare=rare) for target, one in RECIPE.items()}
        learnt = fit(data, np.arange(20), priors, strengths)
        head = next(head for head in learnt.heads if head.target == "subject")
        columns = len(data.names) + learnt.kept
        change = learnt.weights[len(data.names) :, head.columns] - priors.weights["subject"][columns]
        moved.append(np.abs(change).sum(axis=1))
    alike, by_rarity = moved
    said = np.flatnonzero(alike)
    rarest, commonest = said[learnt.idf[said].argsort()[[-1, 0]]]
    assert by_rarity[rarest] / by_rarity[commonest] < alike[rarest] / alike[commonest] / 10
