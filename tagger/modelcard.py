"""The model card: what a model learnt from, and its honest figures beside baselines on the same notices.

The figures are those of the recipe, each case judged by models that have not seen it; the strengths are
chosen anew inside every fold, as they were for the model itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import asdict

from tagger import __version__
from tagger.casebook import dump_cases
from tagger.evaluation import measure, tables
from tagger.evaluation.figures import Figure
from tagger.evaluation.measure import Measured, Workshop
from tagger.promotion import Notices

if TYPE_CHECKING:
    from tagger.retraining import Learnt

LIBRARIES = ("numpy", "scipy", "scikit-learn", "jieba")
MOST_CASES = 2_000
"""Of more cases no baselines are trained: they would take longer than the model."""


class Section(Struct, frozen=True):
    """Systems on one set of notices, this tagger first."""

    title: str
    notices: int
    systems: tuple[Measured, ...]


def sections(learnt: Learnt, development: Notices, *, repeats: int = 1) -> tuple[Section, ...]:
    """The casebook by nested cross-validation, and the development notices, beside the baselines."""
    cases = learnt.data.cases
    if len(cases) > MOST_CASES:
        return ()
    shop = Workshop(learnt.ground, learnt.data, learnt.priors)
    found = [
        Section(
            f"cross-validation on the casebook, {repeats} x {measure.FOLDS} folds",
            len(cases) * repeats,
            (
                measure.cross_validated(shop, repeats=repeats),
                *measure.baselines_cross_validated(cases, repeats=repeats),
            ),
        )
    ]
    if development.cases:
        ours = measure.on_notices(shop, np.arange(len(cases)), development, learnt.strengths)
        others = measure.baselines_on_notices(cases, development)
        found.append(Section("development notices", len(development.cases), (ours, *others)))
    return tuple(found)


def provenance(learnt: Learnt) -> dict[str, Any]:
    """For a manifest: the cases and examples by number and sum, how firmly priors hold, what trained it."""
    cases, examples = learnt.data.cases, learnt.ground.examples
    return {
        "data": {"cases": len(cases), "sha256": sha256(dump_cases(cases).encode()).hexdigest()},
        "examples": {"cases": len(examples), "sha256": sha256(dump_cases(examples).encode()).hexdigest()},
        "strengths": {target: asdict(strengths) for target, strengths in learnt.strengths.items()},
        "libraries": {"notice-tagger": __version__} | {name: version(name) for name in LIBRARIES},
    }


def figures(found: Sequence[Section]) -> dict[str, Any]:
    """For a manifest: by section, system and target the share that is right, with its interval."""
    return {
        section.title: {
            one.system: {
                **{target: _numbers(shown.accuracy) for target, shown in one.targets.items()},
                "all three": _numbers(one.all_three),
            }
            for one in section.systems
        }
        for section in found
    }


def _numbers(figure: Figure) -> list[float]:
    return [round(number, 4) for number in (figure.value, figure.low, figure.high)]


def card(learnt: Learnt, found: Sequence[Section]) -> str:
    """The card as Markdown."""
    told = provenance(learnt)
    lines = [
        "# Model card",
        "",
        f"Learnt from {told['data']['cases']} labelled cases (sha256 {told['data']['sha256'][:12]}), "
        f"starting from the word tables and {told['examples']['cases']} written examples "
        f"(sha256 {told['examples']['sha256'][:12]}), which are knowledge and no cases "
        "(data/examples/README.md). What it must not be used for: docs/limits.md.",
        "",
        "Brackets are 95 % bootstrap intervals. Each case is judged by models that have not seen its event. "
        "No model learns from the development notices, but choices were made by their figures.",
        "",
    ]
    for section in found:
        lines += tables.table(section.title, section.notices, section.systems)
    return "\n".join(lines)
