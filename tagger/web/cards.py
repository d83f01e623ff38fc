"""The cards that wait for a person: result lines in the order of doubt.

A card is kept as its line, so that ten thousand of them take little room. What was decided of it
stands in the user's casebook alone (decided.py).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
from msgspec import Struct

from tagger.errors import TaggerError
from tagger.web.form import ResultLine

MOST_PASTED = 200
"""Pasted notices kept in the queue; the oldest go first."""


class NoSuchCard(TaggerError):
    """A card that the queue does not have."""


class NoResultLines(TaggerError):
    """A file that cannot be read as result lines."""


class QueueCard(Struct, frozen=True):
    """A card that waits for a person. `doubt` lies in 0..2, or is -1 for what is no notice: see `doubt`."""

    id: str
    title: str
    doubt: float
    line: bytes

    @property
    def record(self) -> dict[str, Any]:
        """The result line as the tagger gave it."""
        record: dict[str, Any] = msgspec.json.decode(self.line)
        return record

    @property
    def case_id(self) -> str:
        """The id under which it is saved. It follows from the text, so that saving twice is one case."""
        return f"w-{self.id}"


def queue_card(record: Mapping[str, Any], line: bytes | None = None) -> QueueCard:
    """The card of a result line, which `line` may have as it was read. Raises msgspec.ValidationError."""
    form = msgspec.convert(record, ResultLine)
    key = form.text or f"{form.source}:{form.case}"
    return QueueCard(
        id=sha256(key.encode()).hexdigest()[:12],
        title=form.title or key[:60].strip(),
        doubt=doubt(form),
        line=line or msgspec.json.encode(record),
    )


def doubt(form: ResultLine) -> float:
    """What is missing to certainty at the most doubtful target, and one more where review is asked for.

    What the tagger takes for no notice comes last: nothing is assigned that could be doubted.
    """
    if not form.notice:
        return -1.0
    tops = [
        max((e.probability for e in ranking), default=0.0)
        for ranking in (form.industry, form.subject, form.nature)
    ]
    return float(form.review.needed) + 1.0 - min(tops)


class Queue:
    """The cards, the most doubtful first."""

    def __init__(self) -> None:
        self._cards: dict[str, QueueCard] = {}
        self._order: list[tuple[float, str]] = []
        self._pasted: list[str] = []
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._cards)

    def __iter__(self) -> Iterator[QueueCard]:
        with self._lock:
            cards = [self._cards[card_id] for _, card_id in self._order]
        return iter(cards)

    def card(self, card_id: str) -> QueueCard:
        """One card. Raises NoSuchCard."""
        try:
            return self._cards[card_id]
        except KeyError:
            raise NoSuchCard(f"no card {card_id!r} in the queue; reload the page") from None

    def add(self, card: QueueCard, *, pasted: bool = False) -> None:
        """Puts a card up; the same text twice is one card, as it was tagged last."""
        with self._lock:
            self._remove(card.id)
            self._cards[card.id] = card
            insort(self._order, (-card.doubt, card.id))
            if pasted:
                self._pasted.append(card.id)
            while len(self._pasted) > MOST_PASTED:
                self._remove(self._pasted[0])

    def _remove(self, card_id: str) -> None:
        card = self._cards.pop(card_id, None)
        if card is not None:
            self._order.remove((-card.doubt, card_id))
        if card_id in self._pasted:
            self._pasted.remove(card_id)


def read_results(path: Path) -> Iterator[QueueCard]:
    """The cards in what `tagger batch` wrote. Raises NoResultLines, naming the line."""
    number = 0
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):  # noqa: B007 - an error names the line
                record = msgspec.json.decode(line) if line.strip() else {"error": None}
                if "error" not in record:
                    yield queue_card(record, line.strip())
    except OSError as error:
        raise NoResultLines(f"{path}: {error.strerror}; give the .jsonl that `tagger batch` wrote") from error
    except (ValueError, TypeError) as error:
        raise NoResultLines(
            f"{path.name}, line {number} is no result line ({error}); "
            "give the .jsonl that `tagger batch --with-text` wrote"
        ) from error
