"""The labelled cases: one frozen record a case, read from and written to JSON lines.

Origin, fields and known slips of the shipped casebook: data/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from tagger import shipped
from tagger.errors import TaggerError
from tagger.taxonomy import TARGETS, LabelSet, Target, taxonomy

SHIPPED_CASES = shipped.DATA / "cases.jsonl"
FIELD_NOTICES = shipped.DATA / "field" / "dev.jsonl"


class BrokenCasebook(TaggerError):
    """A casebook file that cannot be read; says the file and the line."""


class Case(Struct, frozen=True):
    """One labelled case (docs/card.md says what each field holds; `statutes` as `网络安全法第21条`).

    `date` is the act's or the decision's, as YYYY, YYYY-MM or YYYY-MM-DD, None where the text does
    not tell; `published` is when the source appeared. Cases of one `event` tell the same story twice.
    """

    id: str
    title: str
    facts: str
    industry: tuple[str, ...]
    subject: tuple[str, ...]
    nature: tuple[str, ...]
    impact: tuple[str, ...] = ()
    liability: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    statutes: tuple[str, ...] = ()
    law_text: str = ""
    date: str | None = None
    published: str | None = None
    event: str = ""
    source: str = ""
    printed: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Title and facts, as a notice prints them."""
        return f"{self.title}\n{self.facts}" if self.title else self.facts

    @property
    def body_start(self) -> int:
        """Where the facts begin in the text."""
        return len(self.title) + 1 if self.title else 0

    @property
    def as_of(self) -> str | None:
        """The date whose law applies: the case's own, else that of its publication."""
        return self.date or self.published

    def labels(self, target: Target) -> tuple[str, ...]:
        """The labels of one target, the first is the main one."""
        labels: tuple[str, ...] = getattr(self, target)
        return labels

    def to_record(self) -> dict[str, Any]:
        """The casebook's JSON object."""
        record: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "facts": self.facts,
            "law_text": self.law_text,
        }
        record |= {target: list(self.labels(target)) for target in TARGETS if target != "liability"}
        record |= {
            "date": self.date,
            "published": self.published,
            "liability": list(self.liability),
            "keywords": list(self.keywords),
            "statutes": list(self.statutes),
            "printed": dict(self.printed),
            "event": self.event,
            "source": self.source,
        }
        return record


def case_from_record(record: Mapping[str, Any]) -> Case:
    """A Case from the casebook's JSON object; what a user may leave out has its default.

    A list may also be a string joined by 、. Raises KeyError for a case without id or facts and
    TypeError for a value of another kind.
    """
    lists = {name: _entries(record, name) for name in (*TARGETS, "keywords", "statutes")}
    return Case(
        id=_text(record, "id", record["id"]),
        title=_text(record, "title"),
        facts=_text(record, "facts", record["facts"]),
        law_text=_text(record, "law_text"),
        date=_text(record, "date") or None,
        published=_text(record, "published") or None,
        event=_text(record, "event") or record["id"],
        source=_text(record, "source"),
        printed={name: _text(record["printed"], name) for name in record.get("printed") or ()},
        **lists,
    )


def _text(record: Mapping[str, Any], name: str, value: object = None) -> str:
    value = record.get(name) if value is None else value
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}, not a text")
    return value


def _entries(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name) or ()
    if isinstance(value, str):
        return tuple(filter(None, (entry.strip() for entry in value.split("、"))))
    if not isinstance(value, list | tuple) or not all(isinstance(entry, str) for entry in value):
        raise TypeError(f"{name} is {value!r}, not a list of texts")
    return tuple(value)


def read_cases(path: Path = SHIPPED_CASES) -> tuple[Case, ...]:
    """The cases of a casebook file. Raises BrokenCasebook naming the first line that is wrong."""
    return tuple(_cases(path))


def _cases(path: Path) -> Iterator[Case]:
    number = 0
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                number += 1
                yield case_from_record(json.loads(line))
    except OSError as error:
        raise BrokenCasebook(f"{path.name} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BrokenCasebook(f"{path.name}, after line {number}: not UTF-8; is this a casebook?") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        told = str(error)[:200] or type(error).__name__
        raise BrokenCasebook(f"{path.name}, line {number}: {told}; is this a casebook?") from error


def dump_cases(cases: Iterable[Case]) -> str:
    """The cases as JSON lines."""
    return "".join(json.dumps(case.to_record(), ensure_ascii=False) + "\n" for case in cases)


def label_sets(cases: Iterable[Case]) -> dict[Target, LabelSet]:
    """The shipped label sets with the labels that these cases use besides, in their order."""
    used: dict[Target, dict[str, None]] = {target: {} for target in TARGETS}
    for case in cases:
        for target in TARGETS:
            used[target].update(dict.fromkeys(case.labels(target)))
    return {target: labels.with_labels(tuple(used[target])) for target, labels in taxonomy().items()}
