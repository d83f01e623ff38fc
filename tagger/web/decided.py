"""What a person decided of the cards: read from the user's casebook, which alone remembers it.

So whatever another window, the command line or a crash did is seen as it is: a card's version is the
number of the change that holds its case, 0 where none does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from msgspec import Struct

from tagger import store
from tagger.casebook import Case
from tagger.law.catalogue import Catalogue
from tagger.taxonomy import TARGETS
from tagger.web.cards import QueueCard


class Decision(Struct, frozen=True):
    """A saved card: its case, and the number of the change that holds it."""

    change: int
    case: Case


class Decisions:
    """The decisions in a user's casebook, read anew when the file changed."""

    def __init__(self, casebook: Path) -> None:
        self._path = casebook
        self._stamp: tuple[int, int] | None = None
        self._found: Mapping[str, Decision] = {}
        self._lock = Lock()

    def of(self, card: QueueCard) -> Decision | None:
        """What was decided of a card. Raises BrokenCasebook and NewerCasebook as `store.read_log` does."""
        return self.all().get(card.case_id)

    def all(self) -> Mapping[str, Decision]:
        """Every decision, by the id of its case."""
        with self._lock:
            stamp = self._file()
            if stamp != self._stamp:
                log = store.read_log(self._path)
                self._found = {
                    entry.case.id: Decision(change.number, entry.case)
                    for change in log.live
                    for entry in change.entries
                }
                self._stamp = stamp
            return self._found

    def _file(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def case_record(card: QueueCard, record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The casebook row of a card: what is assigned in `record`, and over it what a person says (`fields`)."""
    title, text = record["title"], record["text"]
    facts = record["facts"]
    row: dict[str, Any] = {target: _labels(record, target) for target in TARGETS}
    row |= {
        "id": card.case_id,
        "title": title,
        "facts": text[len(title) + 1 :] if title and text.startswith(f"{title}\n") else text,
        "date": facts["decision_date"] or facts["act_date"],
        "published": record["date"],
        "statutes": [statute["citation"] for statute in record["statutes"] if statute["assigned"]],
        "keywords": list(record["keywords"]),
    }
    return row | dict(fields)


def decided(record: Mapping[str, Any], case: Case, catalogue: Catalogue) -> dict[str, Any]:
    """The result line with a person's decision in it, so that pages and charts show what was decided."""
    corrected: dict[str, Any] = {
        **record,
        "notice": True,
        "title": case.title,
        "keywords": list(case.keywords),
    }
    for target in TARGETS:
        labels = case.labels(target)
        chosen = [{"label": label, "probability": 1.0, "assigned": True} for label in labels]
        others = [{**e, "assigned": False} for e in record[target] if e["label"] not in labels]
        corrected[target] = chosen + others
    known = {statute["citation"]: statute for statute in record["statutes"]}
    chosen = [
        (known.get(c) or _statute(c, case.as_of, catalogue)) | {"probability": 1.0, "assigned": True}
        for c in case.statutes
    ]
    others = [{**s, "assigned": False} for c, s in known.items() if c not in case.statutes]
    return corrected | {"statutes": chosen + others, "review": {"needed": False, "reasons": []}}


def _labels(record: Mapping[str, Any], target: str) -> list[str]:
    return [entry["label"] for entry in record[target] if entry["assigned"]]


_CITATION = re.compile(
    r"(?P<law>.{1,200}?)(?:\((?P<edition>\d{4}-\d\d-\d\d)\))?第(?P<article>\d{1,4})条(?P<inserted>.{0,4})"
)


def _statute(citation: str, date: str | None, catalogue: Catalogue) -> dict[str, Any]:
    """An article that a person added, in the form of a result line."""
    match = _CITATION.fullmatch(citation)
    law_name, article, edition = citation, "", None
    if match is not None:
        law_name, article = match["law"], match["article"] + match["inserted"]
        law = catalogue.find_law(law_name)
        editions = law.editions_at(date) if law and date else ()
        edition = match["edition"] or (editions[0].in_force if len(editions) == 1 else None)
    return {
        "citation": citation,
        "law": law_name,
        "article": article,
        "edition": edition,
        "basis": "predicted",
        "pinpoints": [],
        "spans": [],
    }
