"""What is wrong with a labelled file: every complaint at once, each with its place and its cure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from tagger.errors import TaggerError


class Problem(Struct, frozen=True):
    """One complaint. `row` is counted as a spreadsheet does (headings are row 1), in JSON lines by line.

    `row` and `column` are None where the whole file is meant; `allowed` says what would be right,
    `nearest` what was probably meant.
    """

    file: str
    row: int | None
    column: str | None
    wrong: str
    allowed: str = ""
    nearest: str = ""
    unknown: bool = False
    """Whether it is a label or a law that is not known, and could be announced as new."""

    @property
    def cure(self) -> str:
        """What is wrong and what would be right, without the place."""
        near = f"; did you mean {self.nearest}?" if self.nearest else ""
        allowed = f" (allowed: {self.allowed})" if self.allowed else ""
        return f"{self.wrong}{near}{allowed}"

    def __str__(self) -> str:
        row = "" if self.row is None else f", row {self.row}"
        column = f", {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.cure}"


class BadCases(TaggerError):
    """Labelled cases that cannot be added; the message lists every problem, then a `hint` if there is one."""

    def __init__(self, problems: Sequence[Problem], hint: str = "") -> None:
        super().__init__("\n".join(filter(None, ("nothing was added:", *listed(problems), hint))))
        self.problems = tuple(problems)


def listed(problems: Iterable[Problem]) -> list[str]:
    """A line for each problem; the same problem in many rows is one line that names them all."""
    alike: dict[tuple[str, str | None, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.file, problem.column, problem.cure), []).append(problem)
    lines = []
    for (file, column, cure), group in alike.items():
        rows = sorted({problem.row for problem in group if problem.row is not None})
        place = f", {column}" if column else ""
        if len(rows) <= 1:
            lines.append(str(group[0]))
        else:
            lines.append(f"{file}, rows {ranges(rows)}{place}: {cure}")
    return lines


def counted(number: int, thing: str = "case") -> str:
    """`1 case`, `2 cases`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def ranges(rows: Sequence[int]) -> str:
    """Numbers in their order, runs drawn together: `2-4, 7` for 2, 3, 4 and 7."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
