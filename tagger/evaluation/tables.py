"""The figures as text: what `tagger evaluate` prints and the model card keeps."""

from __future__ import annotations

from collections.abc import Iterable

from tagger.evaluation.figures import TargetFigures
from tagger.evaluation.measure import Measured
from tagger.taxonomy import taxonomy

_HEADINGS = {target: label_set.heading for target, label_set in taxonomy().items()} | {"statutes": "触犯法条"}


def table(title: str, notices: int, systems: Iterable[Measured]) -> list[str]:
    """Markdown: a row for each system and target, with 95 % intervals, and the share right in all three."""
    lines = [
        f"### {title} ({notices} notices)",
        "",
        "| system | target | accuracy | macro recall | set F1 |",
        "|---|---|---|---|---|",
    ]
    for system in systems:
        for target, figures in system.targets.items():
            lines.append(
                f"| {system.system} | {_HEADINGS[target]} | {figures.accuracy} | {figures.macro_recall} "
                f"| {figures.set_f1} |"
            )
        lines.append(f"| {system.system} | industry, subject and nature | {system.all_three} | | |")
    return [*lines, ""]


def confusion(heading: str, figures: TargetFigures) -> list[str]:
    """Markdown: which label is taken for which, and how many of each are right."""
    lines = [f"#### {heading}", "", "| label | right | taken for |", "|---|---|---|"]
    for label, (right, notices) in figures.recall.items():
        others = figures.confusion.get(label, {})
        taken = "、".join(f"{other} {count}" for other, count in others.items() if other != label)
        lines.append(f"| {label} | {right}/{notices} | {taken} |")
    return [*lines, ""]
