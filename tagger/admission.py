"""Rows of a labelled file become cases, or every complaint about them at once.

A label is read as it stands in the taxonomy; anything else, a spelling that the report alone uses too, is
refused with the nearest, unless it was announced as new. Nothing is guessed: a cell that cannot be read
whole is a problem, and a cell whose form is wrong already is not complained of twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from hashlib import sha256

from msgspec import Struct, field

from tagger.casebook import Case
from tagger.expressions import expression
from tagger.law.catalogue import Catalogue
from tagger.problems import Problem
from tagger.rows import REQUIRED, Labelled, Row, Value
from tagger.statutes import read_statutes
from tagger.taxonomy import TARGETS, Label, LabelSet, Target, UnknownLabel, split_entries

_LONGEST_LABEL = 60

ANY = "*"
"""Announces every label that the taxonomy lacks as new."""


class Admission(Struct):
    """What becomes of a file's rows: `cases` by row number, and every problem."""

    cases: dict[int, Case] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Rules(Struct, frozen=True):
    """What rows are held against: the label sets (a user's own labels included), the law, the ids in use.

    `new_labels` are labels and laws that may be new; `ANY` among them lets every one in.
    """

    labels: Mapping[Target, LabelSet]
    catalogue: Catalogue
    taken: Mapping[str, str]
    """Where each id is in use."""
    new_labels: Collection[str] = ()


def admit(labelled: Labelled, rules: Rules, taken: dict[str, str] | None = None) -> Admission:
    """The cases of a file's rows, each of them sound; none of a file that is wrong as a whole.

    `taken` gathers the ids of several files that are admitted together.
    """
    taken = {} if taken is None else taken
    admission = Admission(problems=list(labelled.problems))
    spoilt = {problem.row for problem in labelled.problems}
    said = {(problem.row, problem.column) for problem in labelled.problems}
    whole = spoilt.isdisjoint((None, labelled.top))
    for row in labelled.rows:
        reader = _RowReader(labelled, row, rules)
        case = reader.case(taken)
        admission.problems += [p for p in reader.problems if (p.row, p.column) not in said]
        if whole and not reader.problems and row.number not in spoilt:
            admission.cases[row.number] = case
    return admission


class _RowReader:
    """Reads one row, gathering its problems."""

    def __init__(self, labelled: Labelled, row: Row, rules: Rules) -> None:
        self._labelled, self._row, self._rules = labelled, row, rules
        self.problems: list[Problem] = []
        self._complained: set[str] = set()

    def case(self, taken: dict[str, str]) -> Case:
        """The case; only to be used where no problem was found."""
        title, facts = self._text("title"), self._text("facts")
        if title and f"{facts}\n".startswith(f"{title}\n"):  # a text whose first line is its title
            facts = facts[len(title) :].strip()
        labels = {str(target): self._labels(target) for target in TARGETS}
        for name in REQUIRED:
            if name in self._labelled.missing or name in self._complained:
                continue
            if name == "facts" and not facts:
                self._problem(name, "is empty", "the text of the notice")
            elif name != "facts" and not labels[name]:
                self._problem(name, "is empty", self._allowed(name))
        case_id = self._id(title, facts, taken)
        published, happened = self._date("published"), self._date("date")
        if self._labelled.is_batch:
            published, happened = happened, self._date("decision_date") or self._date("act_date")
        return Case(
            id=case_id,
            title=title,
            facts=facts,
            law_text=self._text("law_text"),
            keywords=self._keywords(),
            statutes=self._statutes(),
            date=happened,
            published=published,
            event=self._text("event") or case_id,
            source=self._text("source") or self._labelled.file,
            industry=labels["industry"],
            subject=labels["subject"],
            nature=labels["nature"],
            impact=labels["impact"],
            liability=labels["liability"],
        )

    def _problem(
        self, name: str, wrong: str, allowed: str = "", nearest: str = "", *, unknown: bool = False
    ) -> None:
        column = self._labelled.column(name)
        problem = Problem(self._labelled.file, self._row.number, column, wrong, allowed, nearest, unknown)
        self.problems.append(problem)
        self._complained.add(name)

    def _value(self, name: str) -> Value:
        value = self._row.values.get(name, "")
        try:
            "".join(value).encode("utf-8")
        except UnicodeEncodeError:
            self._problem(name, "holds half a character (a lone surrogate); type it anew")
            return ""
        return value

    def _text(self, name: str) -> str:
        value = self._value(name)
        return value if isinstance(value, str) else "、".join(value)

    def _allowed(self, name: str) -> str:
        return "、".join(self._rules.labels[name].labels)  # type: ignore[index]

    def _labels(self, target: Target) -> tuple[str, ...]:
        value = self._value(target)
        parts = split_entries(value if isinstance(value, str) else "、".join(value))
        labels = self._rules.labels[target]
        found: dict[Label, None] = {}
        for part in parts:
            try:
                found |= dict.fromkeys(labels.strict().read(part))
            except UnknownLabel:
                if not part.isprintable() or len(part) > _LONGEST_LABEL:
                    self._problem(target, f"{part[:80]!r} cannot be a label", "a short line of text")
                elif self._may_be_new(part):
                    found[Label(part)] = None
                else:
                    nearest = labels.nearest(part) or ""
                    self._problem(
                        target, f"{part!r} is no label", self._allowed(target), nearest, unknown=not nearest
                    )
        return tuple(found)

    def _may_be_new(self, name: str) -> bool:
        return ANY in self._rules.new_labels or name in self._rules.new_labels

    def _statutes(self) -> tuple[str, ...]:
        value = self._value("statutes")
        cell = value if isinstance(value, str) else "、".join(value)
        statutes, unread = read_statutes(cell, self._rules.catalogue)
        for trouble in unread:
            if trouble.law is not None and not trouble.law.isprintable():
                self._problem("statutes", f"{trouble.law[:80]!r} cannot be a law's name")
            elif trouble.law is None or not self._may_be_new(trouble.law):
                unknown = trouble.law is not None
                self._problem("statutes", trouble.wrong, trouble.allowed, trouble.nearest, unknown=unknown)
        return statutes

    def _keywords(self) -> tuple[str, ...]:
        value = self._value("keywords")
        entries = re.split(r"[、，,;；\n]", value) if isinstance(value, str) else value
        return tuple(dict.fromkeys(entry.strip() for entry in entries if entry.strip()))

    def _date(self, name: str) -> str | None:
        written = self._text(name)
        if not written:
            return None
        found = read_date(written)
        if found is None:
            self._problem(name, f"{written!r} is no date", "2019-07-02, 2019-07, 2019, 2019年7月2日")
        return found

    def _id(self, title: str, facts: str, taken: dict[str, str]) -> str:
        """The row's id, else one made of its text, so that the same case always gets the same."""
        given = self._text("id")
        here = f"row {self._row.number} of {self._labelled.file}"
        if not given:
            digest = sha256(f"{title}\n{facts}".encode("utf-8", "replace")).hexdigest()
            given, copy = f"own-{digest[:12]}", 1
            while given in taken or given in self._rules.taken:
                copy += 1
                given = f"own-{digest[:12]}-{copy}"
        owner = self._rules.taken.get(given) or taken.get(given)
        if owner is not None:
            self._problem("id", f"the id {given!r} is in use: {owner}; give the case another")
        taken.setdefault(given, here)
        return given


_DATE = expression(
    r"(?P<year>(?:19|20)\d\d)(?:[年./-](?:(?P<month>\d{1,2})(?:[月./-](?:(?P<day>\d{1,2})日?)?)?)?)?"
    r"(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?Z?)?"
)


def read_date(written: str) -> str | None:
    """A date as people and spreadsheets write it, as YYYY, YYYY-MM or YYYY-MM-DD; None if it is none.

    >>> read_date("2019年7月"), read_date("2019/7/2"), read_date("2019-13")
    ('2019-07', '2019-07-02', None)
    """
    match = _DATE.fullmatch(re.sub(r"\s{0,9}([年月日])\s*", r"\1", written.strip()))
    if match is None:
        return None
    parts = [int(part) for part in match.group("year", "month", "day") if part]
    try:
        date(*parts, *[1] * (3 - len(parts)))
    except ValueError:
        return None
    return "-".join(f"{part:02}" for part in parts)
