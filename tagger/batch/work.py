"""What a worker does with a piece of a batch: read, split, tag, and put the cards into result lines.

Whatever goes wrong with one input becomes its error record, and the others are not touched by it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from tagger.batch.plan import Failure, File, Task, printable
from tagger.card import SCHEMA, CaseCard
from tagger.collector import resting
from tagger.neardup import Marks, sketches
from tagger.notice import Document, Notice
from tagger.notice.errors import ReadError
from tagger.notice.read import MAX_SIZE, read_path
from tagger.notice.split import notices as cases


class Named(Protocol):
    """A model, of which a batch needs the name."""

    @property
    def name(self) -> str:
        """The name that its cards carry."""
        ...


class CardMaker(Protocol):
    """The part of a Tagger that a batch needs."""

    @property
    def model(self) -> Named:
        """What it tags with."""
        ...

    def tag_notices(self, notices: Sequence[Notice], *, explain: bool = False) -> list[CaseCard]:
        """One card for each notice, in order."""
        ...


class Settings(Struct, frozen=True):
    """What decides the result lines of a batch. `date` is for sources that tell none of their own."""

    model: str | None = None
    coverage: float = 0.9
    explain: bool = False
    with_text: bool = False
    split: bool = True
    redact: bool = False
    date: str | None = None
    max_size: int = MAX_SIZE


Load = Callable[[Settings], CardMaker]


class Line(NamedTuple):
    """One result line of a source (JSON without its line break, `group` null), or an error record.

    `sketch` is the packed sketch by which a card is grouped (empty: too short to compare); an error
    record has the `failure` that it tells of instead.
    """

    json: bytes
    source: str
    sketch: bytes = b""
    failure: Failure | None = None


Answer = list[list[Line]]
"""For each task of a piece its lines."""


def load_tagger(settings: Settings) -> CardMaker:
    """The Tagger that the settings ask for. Raises TaggerError where there is none."""
    from tagger.tagger import Tagger

    tagger: CardMaker = Tagger.load(settings.model, coverage=settings.coverage)
    return tagger


_loaded: tuple[tuple[Load, str | None, float], CardMaker] | None = None


def _tagger(load: Load, settings: Settings) -> CardMaker:
    """The Tagger of this process, loaded once."""
    global _loaded
    key = (load, settings.model, settings.coverage)
    if _loaded is None or _loaded[0] != key:
        _loaded = (key, load(settings))
    return _loaded[1]


def model_name(settings: Settings, load: Load = load_tagger) -> str:
    """The name of the model that the cards will carry. Raises TaggerError where there is none."""
    return _tagger(load, settings).model.name


def work(tasks: Sequence[Task], settings: Settings, load: Load) -> Answer:
    """The lines of each task."""
    tagger = _tagger(load, settings)
    # One thread: a worker is meant to take one core, and sums by several threads differ in the last digit.
    with _numeric_libraries().limit(limits=1), resting():
        return _work(tasks, settings, tagger)


@cache
def _numeric_libraries() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _work(tasks: Sequence[Task], settings: Settings, tagger: CardMaker) -> Answer:
    parts = [list(_parts(task, settings)) for task in tasks]
    notices = [part for found in parts for part in found if isinstance(part, Notice)]
    lines = iter(_tagged(notices, tagger, settings))
    return [[next(lines) if isinstance(part, Notice) else part for part in found] for found in parts]


Part = Notice | Line
"""A notice that waits for its card, or what went wrong in its place."""


def _parts(task: Task, settings: Settings) -> Iterator[Part]:
    """The notices of a task in order, and the failures between them."""
    if isinstance(task, Failure):
        yield _failure(task)
        return
    documents = iter((task,)) if isinstance(task, Document) else _read(task, settings)
    while True:
        try:
            document = next(documents, None)
            if document is None:
                return
            yield from _notices(document, settings)
        except ReadError as error:  # of a document: the others of its archive are not touched
            yield _failure(Failure.of(error))
        except Exception as error:  # a parser may raise anything; the batch goes on
            yield _gave_up(source_of(task), error)


def _notices(document: Document, settings: Settings) -> list[Notice]:
    found = cases(document, split=settings.split)
    if settings.date is None:
        return found
    return [notice if notice.date else replace(notice, date=settings.date) for notice in found]


def _read(file: File, settings: Settings) -> Iterator[Document]:
    entry = file.entry
    if file.content is None:
        entry.verify()
        yield from _read_path(Path(entry.path), entry.source, settings)
        return
    with tempfile.TemporaryDirectory(prefix="tagger-") as folder:
        path = Path(folder, "input").with_suffix(Path(entry.path).suffix)
        path.write_bytes(file.content)
        yield from _read_path(path, entry.source, settings)


def _read_path(path: Path, source: str, settings: Settings) -> Iterator[Document]:
    for document in read_path(path, source, settings.max_size):
        yield replace(document, source=printable(document.source))


def _tagged(notices: Sequence[Notice], tagger: CardMaker, settings: Settings) -> list[Line]:
    """The lines of notices. Where tagging them at once fails, halves show with which it does."""
    if not notices:
        return []
    try:
        return _rendered(tagger.tag_notices(notices, explain=settings.explain), settings)
    except Exception as error:
        if len(notices) == 1:
            return [_gave_up(notices[0].source, error)]
        half = len(notices) // 2
        return _tagged(notices[:half], tagger, settings) + _tagged(notices[half:], tagger, settings)


def _rendered(cards: Sequence[CaseCard], settings: Settings) -> list[Line]:
    packed = sketches([card.text for card in cards], [_marks(card) for card in cards])
    return [
        Line(_line(card, settings), card.source, sketch.to_bytes())
        for card, sketch in zip(cards, packed, strict=True)
    ]


def _line(card: CaseCard, settings: Settings) -> bytes:
    if settings.redact:
        from tagger.redact import redact_card

        card = redact_card(card)
    if card.group is not None:
        card = replace(card, group=None)
    return card.to_json(with_text=settings.with_text)


def _marks(card: CaseCard) -> Marks:
    """What is particular to the event that a card tells of."""
    facts = card.facts
    fines = [s.amount_yuan for s in card.sanctions if s.kind == "fine" and s.amount_yuan is not None]
    month = facts.decision_date[:7] if facts.decision_date and len(facts.decision_date) >= 7 else None
    return Marks(document=facts.document, month=month, fine=max(fines, default=None))


def _json(record: dict[str, Any]) -> bytes:
    import msgspec

    return msgspec.json.encode(record)


def in_group(line: bytes, group: str) -> bytes:
    """The result line with its group."""
    # Within a JSON text every quote is escaped, so that these bytes can only be the field.
    return line.replace(b'"group":null', b'"group":"' + group.encode() + b'"', 1)


def needs_review(line: bytes) -> bool:
    """Whether a result line's card asks for a person."""
    return b'"review":{"needed":true' in line


def source_of(task: Task) -> str:
    """The name of a task's input in the output."""
    return task.entry.source if isinstance(task, File) else task.source


def crashed(source: str, why: str) -> Line:
    """The line of an input with which a reader, the tagger or a worker gave up."""
    return _failure(Failure(source, "crashed", f"{source}: {why}"))


def _gave_up(source: str, error: Exception) -> Line:
    return crashed(source, f"the reader or tagger gave up ({type(error).__name__}: {error})")


def _failure(failure: Failure) -> Line:
    error = {"kind": failure.kind, "message": failure.message}
    record = {"schema": SCHEMA, "source": failure.source, "error": error}
    return Line(_json(record), failure.source, failure=failure)
