"""New labelled cases: read, checked, held against those that are there, added to the user's casebook.

`prepare` changes nothing and finds every problem; `learn` adds what it prepared as one change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from tagger import store
from tagger.admission import Rules, admit
from tagger.casebook import Case, label_sets, read_cases
from tagger.law.catalogue import load_catalogue
from tagger.problems import BadCases, Problem
from tagger.rows import Labelled, read_labelled
from tagger.store import Change, Entry, Source
from tagger.taxonomy import TARGETS, taxonomy
from tagger.workspace import Workspace

_COMPARED = 256
"""How many cases of one event a new one is held against, to name the one that it is most like."""


class Duplicate(Struct, frozen=True):
    """A new case that tells what another one tells. `similarity` is the share of text in common, 0..1."""

    file: str
    row: int
    case: Case
    of: Case
    similarity: float

    def __str__(self) -> str:
        title = f" {self.of.title}" if self.of.title else ""
        told = f"{self.file}, row {self.row}: {self.similarity:.0%} like {self.of.id}{title}"
        if not self.differing:
            return told
        return (
            f"{told}, which has another {', '.join(self.differing)}; to take the new labels, take the "
            "earlier ones back first (tagger add --undo, or tagger cases erase)"
        )

    @property
    def differing(self) -> tuple[str, ...]:
        """The headings of the targets whose labels differ."""
        pairs = ((target, self.case.labels(target), self.of.labels(target)) for target in TARGETS)
        return tuple(taxonomy()[target].heading for target, new, old in pairs if set(new) != set(old))


class Prepared(Struct, frozen=True):
    """What would be added, what is skipped as a near-duplicate, and what is wrong.

    `passed_over` counts rows of a batch output that hold no case, `unchecked` rows that ask whether they
    were checked, and were not.
    """

    entries: tuple[Entry, ...]
    duplicates: tuple[Duplicate, ...]
    problems: tuple[Problem, ...]
    passed_over: int = 0
    unchecked: int = 0


def prepare(
    paths: Iterable[Path],
    workspace: Workspace,
    *,
    new_labels: Collection[str] = (),
    keep_duplicates: bool = False,
) -> Prepared:
    """Check the cases of some files, as `prepare_labelled` does those of rows that are read already."""
    return prepare_labelled(
        map(read_labelled, paths), workspace, new_labels=new_labels, keep_duplicates=keep_duplicates
    )


def prepare_labelled(
    files: Iterable[Labelled],
    workspace: Workspace,
    *,
    new_labels: Collection[str] = (),
    keep_duplicates: bool = False,
    replacing: int | None = None,
) -> Prepared:
    """Check the cases of some files against the label sets, the law and the cases that are there.

    Near-duplicates are left out, or with `keep_duplicates` share the event of what they repeat, so
    that no evaluation tests on a copy of what it learnt. The cases of the addition that `learn` is
    to replace, by its number, are not held against.
    """
    shipped, log = read_cases(), store.read_log(workspace.cases)
    own = [entry.case for change in log.live if change.number != replacing for entry in change.entries]
    rules = Rules(
        labels=label_sets(log.cases),
        catalogue=load_catalogue(workspace.law if workspace.law.is_dir() else None),
        taken={case.id: "a case of the shipped casebook" for case in shipped}
        | {case.id: "a case of your casebook" for case in own},
        new_labels=new_labels,
    )
    problems: list[Problem] = []
    candidates: list[tuple[str, int, Entry]] = []
    taken: dict[str, str] = {}
    passed_over = unchecked = 0
    for labelled in files:
        admission = admit(labelled, rules, taken)
        problems += admission.problems
        passed_over += labelled.passed_over
        unchecked += labelled.unchecked
        source = Source(labelled.file, labelled.sha256)
        candidates += [(labelled.file, row, Entry(case, source)) for row, case in admission.cases.items()]
    duplicates = _duplicates((*shipped, *own), candidates)
    repeated = {duplicate.case.id: duplicate.of for duplicate in duplicates}
    if keep_duplicates:
        entries = [_of_event(entry, repeated.get(entry.case.id)) for _, _, entry in candidates]
        duplicates = []
    else:
        entries = [entry for _, _, entry in candidates if entry.case.id not in repeated]
    return Prepared(tuple(entries), tuple(duplicates), tuple(problems), passed_over, unchecked)


def learn(prepared: Prepared, workspace: Workspace, *, replacing: int | None = None) -> Change:
    """Add the sound cases that were prepared, as one change; `replacing` is as `store.add_cases` has it.

    Raises BadCases where there is none.
    """
    if not prepared.entries:
        raise BadCases(prepared.problems)
    return store.add_cases(workspace.cases, prepared.entries, replacing=replacing)


def _duplicates(known: Sequence[Case], candidates: Sequence[tuple[str, int, Entry]]) -> list[Duplicate]:
    """The candidates that tell of an event that a known case, or a candidate before them, tells of."""
    from tagger.neardup import Groups, Marks, nearest, sketches

    places: list[tuple[str, int] | None] = [None] * len(known)
    places += [(file, row) for file, row, _ in candidates]
    cases = [*known, *(entry.case for _, _, entry in candidates)]
    months = (case.date[:7] if case.date and len(case.date) > 4 else None for case in cases)
    drawn = sketches([case.text for case in cases], [Marks(month=month) for month in months])
    groups = Groups().assign(drawn, [case.id for case in cases])
    members: dict[str, list[int]] = defaultdict(list)
    found = []
    for number, (group, place) in enumerate(zip(groups, places, strict=True)):
        before = members[group][-_COMPARED:]
        if place and before:
            # An event grows from report to report, so the first of its group may be told otherwise.
            best, likeness = nearest(drawn[number], [drawn[n] for n in before])
            found.append(Duplicate(*place, cases[number], cases[before[best]], likeness))
        members[group].append(number)
    return found


def _of_event(entry: Entry, of: Case | None) -> Entry:
    if of is None or entry.case.event != entry.case.id:
        return entry
    return replace(entry, case=replace(entry.case, event=of.event))
