"""How large the numbers of a model may be, and what its names: one from a stranger may say anything.

Every bound is far from what training gives, and near enough that no sum overflows, no table of labels by
labels fills the memory, and no name moves the cursor of a terminal. Markup in a name is harmless: what
shows it (page, report, terminal) shows text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized

MOST = 1e6
"""The largest weight, score or strength; those of training stay below a hundred."""
_LONGEST = 500
_MOST_LABELS = {"industry": 500, "impact": 500, "statutes": 3000}
_MOST_TOGETHER = 100_000
"""So many triples of subject, nature and liability are looked at for a notice."""


def number(value: object, least: float = -MOST, most: float = MOST) -> float:
    """A number within bounds. Raises ValueError for another, and for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"{str(value)[:40]!r} is no number from {least:g} to {most:g}")
    return float(value)


def name(value: object) -> str:
    """A label, a title, a phrase: a line that can be shown. Raises ValueError for another."""
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise ValueError(f"{str(value)[:40]!r} is no name that can be shown")
    return value


def shown(text: str) -> str:
    """A text made a name: what cannot be shown is a space, what is too long is cut."""
    return "".join(c if c.isprintable() else " " for c in text[:_LONGEST])


def names(values: Iterable[object]) -> tuple[str, ...]:
    """Several of them."""
    return tuple(map(name, values))


def labels(target: str, values: Iterable[object]) -> tuple[str, ...]:
    """The labels of a target: names that differ, not too many. Raises ValueError for others."""
    found = names(values)
    if not found or len(set(found)) < len(found) or len(found) > _MOST_LABELS.get(target, _MOST_TOGETHER):
        raise ValueError(f"{target} has {len(found)} labels, {len(set(found))} of them different")
    if not all(found) or (target == "statutes" and not all(" " in label.strip() for label in found)):
        raise ValueError(f"{target} has a label that is none")
    return found


def triples(by_target: Mapping[str, Sized]) -> None:
    """Whether the targets that are decided together have few enough labels. Raises ValueError."""
    count = 1
    for target in ("subject", "nature", "liability"):
        count *= len(by_target[target])
    if count > _MOST_TOGETHER:
        raise ValueError("subject, nature and liability have too many labels to be decided together")
