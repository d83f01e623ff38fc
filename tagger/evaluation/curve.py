"""The learning curve: how many notices are right that no model has seen, by how many cases were learnt.

On the development notices: from the written examples alone, from parts of the casebook (drawn anew in
each repeat, a smaller part within the larger), from all of it, and from all of it with the development
notices of the other folds. Then on casebook and development notices together, by cross-validation:
what the cases outside the fold teach without the development notices, and with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from msgspec import Struct

from tagger.classify.folds import Indices
from tagger.classify.training import priors_for
from tagger.evaluation.pool import ASKED, Pool, Right, mean, spread
from tagger.promotion import ALL_THREE, Row, compared
from tagger.selection import MAIN
from tagger.taxonomy import taxonomy

DEVELOPMENT = "development notices"
BOTH = "casebook and development notices"
PARTS = (25, 50, 75)
FOLDS = 5


class Point(Struct, frozen=True):
    """What one amount of cases is worth: by target the figure beside that of the casebook alone."""

    learnt: str
    cases: float
    """How many cases were learnt from, in the mean over folds."""
    rows: tuple[Row, ...]

    def row(self, target: str) -> Row:
        """The row of one target."""
        return next(row for row in self.rows if row.target == target)


def learning_curve(pool: Pool, *, parts: Sequence[int] = PARTS, repeats: int = 2) -> tuple[Point, ...]:
    """The points of the curve, those on the development notices first."""
    priors = priors_for(pool.ground, pool.data, ASKED)
    notices = pool.development
    alone = pool.right(pool.casebook, notices, priors)
    found = [("the written examples alone", 0.0, pool.right(notices[:0], notices, priors))]
    orders = [np.random.default_rng(repeat).permutation(pool.casebook) for repeat in range(repeats)]
    for part in parts:
        if part < pool.cases:
            taught = mean([pool.right(np.sort(order[:part]), notices, priors) for order in orders])
            found.append((f"{part} cases of the casebook", float(part), taught))
    found.append(("the casebook", float(pool.cases), alone))
    more, with_others = [], []
    for repeat in range(repeats):
        judged = []
        for seen, unseen in pool.folds(notices, FOLDS, repeat):
            learnt = np.concatenate([pool.casebook, seen])
            more.append(len(learnt))
            judged.append((unseen, pool.right(learnt, unseen, priors)))
        with_others.append(spread(judged, notices))
    found.append(("the casebook and other development notices", float(np.mean(more)), mean(with_others)))
    points = _points(DEVELOPMENT, pool.events(notices), alone, found)
    return (*points, *_of_both(pool, repeats))


def _of_both(pool: Pool, repeats: int) -> Iterator[Point]:
    """Every case and notice left out in its turn: what the others teach, without and with the notices."""
    priors = priors_for(pool.ground, pool.data, ASKED)
    rows = np.arange(len(pool.data))
    fewer, more = [], []
    without, together = [], []
    for repeat in range(repeats):
        judged: tuple[list[tuple[Indices, Right]], list[tuple[Indices, Right]]] = ([], [])
        for seen, unseen in pool.folds(rows, FOLDS, repeat):
            own = seen[seen < pool.cases]
            fewer.append(len(own))
            more.append(len(seen))
            judged[0].append((unseen, pool.right(own, unseen, priors)))
            judged[1].append((unseen, pool.right(seen, unseen, priors)))
        without.append(spread(judged[0], rows))
        together.append(spread(judged[1], rows))
    alone = mean(without)
    found = [
        ("the casebook", float(np.mean(fewer)), alone),
        ("the casebook and the development notices", float(np.mean(more)), mean(together)),
    ]
    yield from _points(BOTH, pool.events(rows), alone, found)


def _points(
    measured: str, events: Sequence[str], alone: Right, found: Iterable[tuple[str, float, Right]]
) -> Iterator[Point]:
    for learnt, cases, right in found:
        yield Point(learnt, cases, compared(measured, events, alone, right))


def lines(points: Iterable[Point]) -> list[str]:
    """Markdown: a table for each set of notices."""
    shown: list[str] = []
    measured = ""
    for point in points:
        whole = point.row(ALL_THREE)
        if whole.measured != measured:
            measured = whole.measured
            headings = " | ".join(taxonomy()[target].heading for target in MAIN)
            shown += [
                *([""] if shown else []),
                f"### learning curve: {measured} ({whole.notices} notices, each unseen)",
                "",
                f"| learnt from | cases | {headings} | all three | beside the casebook alone |",
                "|---|---|---|---|---|---|---|",
            ]
        figures = " | ".join(f"{point.row(target).candidate.value:.3f}" for target in MAIN)
        shown.append(
            f"| {point.learnt} | {point.cases:.0f} | {figures} | {whole.candidate} | {_difference(whole)} |"
        )
    return [*shown, ""]


def _difference(row: Row) -> str:
    found = row.difference
    if found.value == found.low == found.high == 0:
        return ""
    return f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"
