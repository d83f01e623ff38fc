"""The ablation: how many unseen notices stay right when one group of what the tagger knows is left out.

A group of features is left out everywhere: the written examples are learnt anew without it, then the
cases. So what else says the same may take its place, and the loss is what only this group knew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tagger.classify.lessons import Lessons
from tagger.classify.matrices import TrainingSet, training_set
from tagger.classify.training import learn_lessons, priors_for
from tagger.evaluation.pool import ASKED, Pool, Right, spread
from tagger.promotion import ALL_THREE, Row, compared

CASEBOOK = "cross-validation"
DEVELOPMENT = "development notices"
FOLDS = 5

_GATES = ("org", "both", "officer", "person", "none")
_OF_ROLES = ("-doer", "-punished", "-named", "-means")


def _industry(zone: str, meaning: str) -> bool:
    return meaning.startswith("industry.")


def _role(zone: str, meaning: str) -> bool:
    facts = zone in ("punished-as", "named-as", "persons", "outsiders", "tasks") or zone.endswith(_OF_ROLES)
    return facts or meaning.startswith("role.")


def _act(zone: str, meaning: str) -> bool:
    return meaning.startswith(("act.", "duty.", "harm.", "group."))


def _gate(zone: str, meaning: str) -> bool:
    of_gate = zone in ("gate", "sanction", *_GATES) or zone.startswith(tuple(f"{gate}-" for gate in _GATES))
    return meaning.startswith("outcome.") or (of_gate and not zone.endswith("-does"))


class Group(Struct, frozen=True):
    """What is left out: features by zone and meaning, the text terms, the examples, or deciding together."""

    name: str
    drops: Callable[[str, str], bool] | None = None
    text: bool = False
    examples: bool = False
    joint: bool = False


GROUPS = (
    Group("text terms", text=True),
    Group("words of industries", _industry),
    Group("roles", _role),
    Group("acts, duties and harms", _act),
    Group("who is punished and how", _gate),
    Group("written examples", examples=True),
    Group("deciding together", joint=True),
)


class Ablated(Struct, frozen=True):
    """One group left out, beside everything: a row a target and set of notices."""

    group: str
    rows: tuple[Row, ...]

    def row(self, measured: str, target: str = ALL_THREE) -> Row:
        """The row of one target on one set of notices; `candidate` is what is right without the group."""
        return next(row for row in self.rows if (row.measured, row.target) == (measured, target))


def ablation(
    pool: Pool, groups: Sequence[Group] = GROUPS, *, cores: int | None = None
) -> tuple[Ablated, ...]:
    """Every group left out in its turn. Learns the examples once a group, on all cores."""
    from joblib import Parallel, cpu_count, delayed

    ground = pool.ground
    whole = _judged(pool, pool.data, ground.lessons, joint=True)
    examples = training_set(ground.examples, ground.reader) if ground.examples else None
    plain = replace(pool, ground=replace(ground))  # a reader that was made already cannot be sent
    found: list[dict[str, Right]] = Parallel(n_jobs=cores or cpu_count())(
        delayed(_without)(plain, group, examples, ground.lessons) for group in groups
    )
    events = {CASEBOOK: pool.events(pool.casebook), DEVELOPMENT: pool.events(pool.development)}
    return tuple(
        Ablated(
            group.name,
            tuple(
                row
                for measured, right in one.items()
                for row in compared(measured, events[measured], whole[measured], right)
            ),
        )
        for group, one in zip(groups, found, strict=True)
    )


def _without(
    pool: Pool, group: Group, examples: TrainingSet | None, lessons: Lessons | None
) -> dict[str, Right]:
    data = pool.data
    if group.drops or group.text:
        data = dropped(data, group)
        lessons = learn_lessons(pool.ground, dropped(examples, group), ASKED) if examples else None
    return _judged(pool, data, None if group.examples else lessons, joint=not group.joint)


def dropped(data: TrainingSet, group: Group) -> TrainingSet:
    """The same cases without a group's features or text terms."""
    from scipy.sparse import csr_array, diags_array

    drops = group.drops or (lambda zone, meaning: False)
    kept = np.array([not drops(*name.partition("|")[::2]) for name in data.names], dtype=float)
    counts = csr_array(data.counts.shape, dtype=data.counts.dtype) if group.text else data.counts
    return replace(data, knowledge=csr_array(data.knowledge @ diags_array(kept)), counts=counts)


def _judged(pool: Pool, data: TrainingSet, lessons: Lessons | None, *, joint: bool) -> dict[str, Right]:
    """The casebook by cross-validation, and what it teaches on the development notices."""
    ground = pool.ground
    taught = replace(ground, taught=lessons, examples=ground.examples if lessons else ())
    priors = priors_for(taught, data, ASKED)
    rows = pool.casebook
    folds = [
        (unseen, pool.right(seen, unseen, priors, data=data, joint=joint))
        for seen, unseen in pool.folds(rows, FOLDS, 0)
    ]
    development = pool.right(rows, pool.development, priors, data=data, joint=joint)
    return {CASEBOOK: spread(folds, rows), DEVELOPMENT: development}


def lines(found: Iterable[Ablated]) -> list[str]:
    """Markdown: a row for everything, then one a group: all three right without it, and the difference."""
    some = tuple(found)
    rows = [some[0].row(measured) for measured in (CASEBOOK, DEVELOPMENT)]
    shown = [
        "### ablation: industry, subject and nature all right without one group",
        "",
        "| left out | " + " | | ".join(f"{row.measured} ({row.notices} notices)" for row in rows) + " | |",
        "|---|---|---|---|---|",
        f"| nothing | {rows[0].current} | | {rows[1].current} | |",
    ]
    for one in some:
        cells = [f"{row.candidate} | {_signed(row)}" for row in map(one.row, (CASEBOOK, DEVELOPMENT))]
        shown.append(f"| {one.group} | {' | '.join(cells)} |")
    return [*shown, ""]


def _signed(row: Row) -> str:
    return "{:+.3f} [{:+.3f}, {:+.3f}]".format(
        *(row.difference.value, row.difference.low, row.difference.high)
    )
