"""What the workbench does: tags, keeps a queue sorted by doubt, saves corrections as cases, retrains.

One object for all requests. Corrections go through the same door as `tagger add`; the queue itself
lives in memory and is read anew from the results file at the next start.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from tagger import learning, store
from tagger.card import CaseCard
from tagger.errors import TaggerError
from tagger.notice import Document
from tagger.rows import read_record
from tagger.taxonomy import TARGETS
from tagger.workspace import Workspace

MOST_PASTED = 200
"""Pasted notices kept in the queue; the oldest accepted ones go first."""


class Tags(Protocol):
    """What the workbench needs of a Tagger."""

    def tag_document(
        self, document: Document, *, split: bool = True, date: str | None = None, explain: bool = False
    ) -> list[CaseCard]:
        """The cards of a document."""
        ...


class NoSuchCard(TaggerError):
    """A card that the queue does not have."""


class CardChanged(TaggerError):
    """Somebody else corrected the card meanwhile."""


class NothingToCorrect(TaggerError):
    """A card without its text: results that were written without --with-text."""


class EmptyQueueFile(TaggerError):
    """A results file that cannot be read as result lines."""


@dataclass(frozen=True, slots=True)
class QueueCard:
    """A card that waits for a person: its result line, and what was saved of it so far."""

    id: str
    record: Mapping[str, Any]
    version: int = 0
    state: str = "open"
    change: int | None = None
    """The number of the change in the user's casebook that holds the correction."""

    @property
    def doubt(self) -> float:
        """How doubtful the card is: what is missing to certainty at its most doubtful target, plus review."""
        tops = [
            max((e["probability"] for e in self.record.get(target, ())), default=0.0)
            for target in ("industry", "subject", "nature")
        ]
        needed = (self.record.get("review") or {}).get("needed", False)
        return float(bool(needed)) + 1.0 - min(tops)


class Workbench:
    """The state behind the page and the REST interface."""

    def __init__(
        self, workspace: Workspace, load_tagger: Callable[[], Tags], results: Path | None = None
    ) -> None:
        self.workspace = workspace
        self._load, self._tagger = load_tagger, load_tagger()
        self._lock = Lock()
        self._cards: dict[str, QueueCard] = {}
        for record in _read_results(results) if results else ():
            self._enqueue(record)

    # Tagging

    def tag(
        self, text: str, *, title: str = "", date: str | None = None, queue: bool = False
    ) -> list[dict[str, Any]]:
        """The result lines of one pasted notice, with evidence and text; `queue` puts them up for correction."""
        document = Document(source="pasted", text=text, title=title, date=date)
        records = [
            card.to_record(with_text=True)
            for card in self._tagger.tag_document(document, date=date, explain=True)
        ]
        if queue:
            with self._lock:
                for record in records:
                    record["card"] = self._enqueue(record).id
                self._forget_oldest()
        return records

    def reload(self) -> None:
        """Tags with the model that is in use now."""
        self._tagger = self._load()

    # The queue

    def queue(self) -> tuple[QueueCard, ...]:
        """All cards, the most doubtful first, corrected ones last."""
        return tuple(
            sorted(self._cards.values(), key=lambda card: (card.state != "open", -card.doubt, card.id))
        )

    def card(self, card_id: str) -> QueueCard:
        """One card. Raises NoSuchCard."""
        try:
            return self._cards[card_id]
        except KeyError:
            raise NoSuchCard(f"no card {card_id!r} in the queue; reload the page") from None

    def correct(self, card_id: str, version: int, fields: Mapping[str, Any]) -> QueueCard:
        """Saves a card as a case: what a person says in `fields`, over what was assigned.

        `version` is the one that the person saw. Raises CardChanged where it is no longer the current
        one, NothingToCorrect for a card without text, BadCases where a field is wrong.
        """
        with self._lock:
            card = self.card(card_id)
            if card.version != version:
                raise CardChanged("this card was saved from another window meanwhile; reload to see it")
            if not card.record.get("text"):
                raise NothingToCorrect("this card has no text; write the batch with --with-text")
            case = _case_record(card, fields)
            prepared = learning.prepare_labelled(
                [read_record(case, "workbench")], self.workspace, keep_duplicates=True, replacing=card.change
            )
            change = learning.learn(prepared, self.workspace, replacing=card.change)
            corrected = replace(
                card,
                version=version + 1,
                state="saved",
                change=change.number if change else card.change,
                record={**card.record, **_assigned(case)},
            )
            self._cards[card_id] = corrected
            return corrected

    def undo(self) -> str | None:
        """Takes the last saved correction back; the card it came from is open again, its id is returned."""
        with self._lock:
            change = store.undo(self.workspace.cases)
            for card in self._cards.values():
                if card.change == change.number:
                    self._cards[card.id] = replace(card, state="open", version=card.version + 1, change=None)
                    return card.id
            return None

    def _enqueue(self, record: Mapping[str, Any]) -> QueueCard:
        key = record.get("text") or f"{record['source']}:{record['case']}"
        card_id = sha256(str(key).encode("utf-8", "replace")).hexdigest()[:12]
        return self._cards.setdefault(card_id, QueueCard(card_id, record))

    def _forget_oldest(self) -> None:
        pasted = [card for card in self._cards.values() if card.record["source"] == "pasted"]
        pasted.sort(key=lambda card: card.state == "open")
        for card in pasted[: max(0, len(pasted) - MOST_PASTED)]:
            del self._cards[card.id]


def _read_results(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines if line.strip()]
        return [
            r for r in records if "error" not in r and r["source"] and r["case"] and r.get("notice", True)
        ]
    except OSError as error:
        raise EmptyQueueFile(
            f"{path}: {error.strerror}; give the .jsonl that `tagger batch` wrote"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EmptyQueueFile(
            f"{path.name} holds no result lines; give the .jsonl that `tagger batch` wrote"
        ) from error


def _case_record(card: QueueCard, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The casebook row of a corrected card. Its id follows from the text, so that saving twice is one case."""
    record = card.record
    title, text = record.get("title") or "", record["text"]
    facts = text[len(title) + 1 :] if title and text.startswith(title + "\n") else text
    case: dict[str, Any] = {"id": f"w-{card.id}", "title": title, "facts": facts}
    dates = record.get("facts") or {}
    case["date"] = dates.get("decision_date") or dates.get("act_date") or record.get("date")
    for target in TARGETS:
        case[target] = [e["label"] for e in record.get(target, ()) if e["assigned"]]
    case["statutes"] = [s["citation"] for s in record.get("statutes", ()) if s["assigned"]]
    case["keywords"] = list(record.get("keywords", ()))
    allowed = {*TARGETS, "statutes", "keywords", "title", "date"}
    case |= {name: value for name, value in fields.items() if name in allowed}
    return {name: value for name, value in case.items() if value}


def _assigned(case: Mapping[str, Any]) -> dict[str, Any]:
    """The corrected labels in the form of a result line, so that lists and charts show what was decided."""
    corrected: dict[str, Any] = {
        target: [{"label": label, "probability": 1.0, "assigned": True} for label in case.get(target, ())]
        for target in TARGETS
    }
    corrected["statutes"] = [
        {"citation": c, "edition": None, "basis": "cited", "probability": 1.0, "assigned": True}
        for c in case.get("statutes", ())
    ]
    corrected["review"] = {"needed": False, "reasons": []}
    return corrected
