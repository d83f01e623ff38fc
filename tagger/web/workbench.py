"""What the workbench does: tags, keeps the queue, saves corrections as cases, puts models in use.

One object for all requests, used by many threads. What a person decides goes through the same door
as `tagger add` and is kept nowhere else.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePath
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, json
from msgspec.structs import replace

from tagger import learning, models, store
from tagger.batch.work import Settings, in_group, work
from tagger.card import SCHEMA, CaseCard
from tagger.casebook import read_cases
from tagger.errors import TaggerError
from tagger.law.catalogue import Catalogue
from tagger.law.suggest import suggest
from tagger.neardup import Groups, Sketch
from tagger.notice import Document, Notice
from tagger.notice.errors import ReadError
from tagger.notice.read import read_pasted, read_path, read_piped
from tagger.notice.split import notices
from tagger.problems import BadCases
from tagger.rows import read_records
from tagger.taxonomy import TARGETS
from tagger.web.cards import Queue, QueueCard, queue_card, read_results
from tagger.web.decided import Decision, Decisions, case_record, decided
from tagger.workspace import Workspace

if TYPE_CHECKING:
    from tagger.report.figures import Figures

LONGEST = 100_000
"""Characters of the longest text that is tagged at the page; longer ones are for `tagger batch`."""
WORKBENCH = "workbench"
"""What stands for the file's name in the casebook, where a case comes from here."""


class Named(Protocol):
    """A model, of which the workbench needs the name."""

    @property
    def name(self) -> str:
        """The name that its cards carry."""
        ...


class Tags(Protocol):
    """What the workbench needs of a Tagger."""

    @property
    def model(self) -> Named:
        """What it tags with."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The law that it knows."""
        ...

    def tag_notices(self, notices: Sequence[Notice], *, explain: bool = False) -> list[CaseCard]:
        """One card for each notice, in order."""
        ...


class Asked(Struct, frozen=True):
    """What is asked for; `queue` puts the cards up for correction and adds to each line its `card`."""

    explain: bool = False
    with_text: bool = False
    split: bool = True
    queue: bool = False

    @property
    def explained(self) -> bool:
        """Whether the cards have their grounds: a card to be corrected needs them."""
        return self.explain or self.queue


_Draft = Sequence[Sequence[Notice] | ReadError]
"""What a request is about: the notices of each document, or why it has none."""


class TextTooLong(TaggerError):
    """A text that would keep the page waiting."""


class CardChanged(TaggerError):
    """Somebody else corrected the card meanwhile."""


class NothingToCorrect(TaggerError):
    """A card without its text: results that were written without --with-text."""


class Workbench:
    """The state behind the page and the REST interface.

    `load` gives a Tagger for a model's name, None for the model in use.
    """

    def __init__(
        self,
        workspace: Workspace,
        load: Callable[[str | None], Tags],
        *,
        model: str | None = None,
        results: Path | None = None,
    ) -> None:
        self.workspace = workspace
        self._load, self._tagger = load, load(model)
        self._decisions = Decisions(workspace.cases)
        self._saving, self._drawing = Lock(), Lock()
        self._queue = Queue()
        for card in read_results(results) if results else ():
            self._queue.add(card)

    # Tagging

    def tag(
        self, documents: Sequence[Document], *, explain: bool = False, with_text: bool = False,
        split: bool = True, queue: bool = False,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """The result lines of documents.

        Where one of several documents cannot be read its error record stands in its place. Raises
        TextTooLong, and ReadError for a single one.
        """
        (answer,) = self.tag_together([(documents, Asked(explain, with_text, split, queue))])
        if isinstance(answer, TaggerError):
            raise answer
        return list(map(json.decode, answer))

    def tag_together(
        self, requests: Sequence[tuple[Sequence[Document], Asked]]
    ) -> list[list[bytes] | TaggerError]:
        """Each request's result lines (JSON), or what is wrong with it. All is tagged in one go."""
        drafts = [_draft(documents, asked) for documents, asked in requests]
        cards: dict[bool, Iterator[CaseCard]] = {}
        for explain in (False, True):
            some = [
                notice
                for draft, (_, asked) in zip(drafts, requests, strict=True)
                if not isinstance(draft, TaggerError) and asked.explained == explain
                for part in draft
                if not isinstance(part, ReadError)
                for notice in part
            ]
            cards[explain] = iter(self._tagger.tag_notices(some, explain=explain) if some else ())
        return [
            draft if isinstance(draft, TaggerError) else self._lines(draft, cards[asked.explained], asked)
            for draft, (_, asked) in zip(drafts, requests, strict=True)
        ]

    def _lines(self, draft: _Draft, cards: Iterator[CaseCard], asked: Asked) -> list[bytes]:
        """The result lines of a request; `cards` has those of its notices next."""
        lines: list[bytes] = []
        for part in draft:
            if isinstance(part, ReadError):
                failure = {"kind": part.kind, "message": str(part)}
                lines.append(json.encode({"schema": SCHEMA, "source": part.source, "error": failure}))
                continue
            for card in islice(cards, len(part)):
                lines.append(self._queued(card) if asked.queue else card.to_json(with_text=asked.with_text))
        return lines

    def _queued(self, card: CaseCard) -> bytes:
        """The result line of a card that was put up for correction."""
        line = card.to_json(with_text=True)
        shown = queue_card(json.decode(line), line)
        self._queue.add(shown, pasted=True)
        return line[:-1] + b"," + json.encode({"card": shown.id})[1:]

    def batch(
        self, documents: Sequence[Document], *, explain: bool, with_text: bool, split: bool
    ) -> list[bytes]:
        """The result lines (JSON) of documents, grouped by event, as `tagger batch` gives them.

        Where one cannot be read its error record stands in its place. Raises TextTooLong.
        """
        _bounded(documents)
        tagger = self._tagger
        settings = Settings(model=tagger.model.name, explain=explain, with_text=with_text, split=split)
        lines = [line for answer in work(documents, settings, self._as_loaded) for line in answer]
        cards = [line for line in lines if line.failure is None]
        sketches = [Sketch.from_bytes(line.sketch) for line in cards]
        groups = iter(Groups().assign(sketches, [line.source for line in cards]))
        return [line.json if line.failure else in_group(line.json, next(groups)) for line in lines]

    def _as_loaded(self, _: Settings) -> Tags:
        return self._tagger

    def suggest(self, typed: str, date: str | None) -> list[dict[str, Any]]:
        """Articles that a few keystrokes may mean."""
        return [found.to_record() for found in suggest(self._tagger.catalogue, typed, date)]

    # The queue

    def queue(self) -> Iterator[tuple[QueueCard, Decision | None]]:
        """All cards, the most doubtful first, with what was decided of them."""
        decisions = self._decisions.all()
        for card in self._queue:
            yield card, decisions.get(card.case_id)

    def card(self, card_id: str) -> tuple[QueueCard, Decision | None]:
        """One card, and what was decided of it. Raises NoSuchCard."""
        card = self._queue.card(card_id)
        return card, self._decisions.of(card)

    def record(self, card: QueueCard, decision: Decision | None) -> dict[str, Any]:
        """The result line of a card, with what was decided of it."""
        record = card.record
        return decided(record, decision.case, self._tagger.catalogue) if decision else record

    def correct(self, card_id: str, version: int, fields: Mapping[str, Any]) -> Decision:
        """Saves a card as a case: what a person says in `fields`, over what is assigned.

        `version` is the one that the person saw: the number of the change that holds the card's case,
        0 where none does. Raises CardChanged where it is no longer so, NothingToCorrect for a card
        without text, BadCases where a field is wrong.
        """
        with self._saving:
            card, decision = self.card(card_id)
            _expect(version, decision)
            record = self.record(card, decision)
            if not record.get("text"):
                raise NothingToCorrect("this card has no text to learn from; run the batch with --with-text")
            labelled = read_records([case_record(card, record, fields)], WORKBENCH)
            replacing = decision.change if decision else None
            prepared = learning.prepare_labelled(
                [labelled],
                self.workspace,
                new_labels=_named(record),
                keep_duplicates=True,
                replacing=replacing,
            )
            if prepared.problems:
                raise BadCases(prepared.problems)
            try:
                change = learning.learn(prepared, self.workspace, replacing=replacing)
            except (store.IdTaken, store.AlreadyReplaced) as error:
                raise CardChanged(_MEANWHILE) from error
            return Decision(change.number, change.entries[0].case)

    def take_back(self, card_id: str, version: int) -> Decision | None:
        """Takes the saved correction of a card back; what was saved before it, if anything, stands again.

        Raises CardChanged where `version` is no longer the card's.
        """
        with self._saving:
            _, decision = self.card(card_id)
            _expect(version, decision)
            try:
                store.undo(self.workspace.cases, version)
            except store.NothingToUndo as error:
                raise CardChanged(_MEANWHILE) from error
            return self.card(card_id)[1]

    def figures(self) -> Figures:
        """What the report counts: the queue as it was decided, or the casebook where the queue is empty."""
        from tagger.report.entries import batch_of
        from tagger.report.figures import count

        if len(self._queue):
            return count(batch_of(self.record(card, decision) for card, decision in self.queue()))
        cases = (*read_cases(), *store.user_cases(self.workspace.cases))
        return count(batch_of(case.to_record() for case in cases))

    def report(self) -> bytes:
        """The report as a page of its own. Raises MissingExtra."""
        from tagger.report import page

        with self._drawing:  # matplotlib is not made for threads
            return page.html(self.figures(), "网络安全行政执法案例分析报告")

    # Cases

    def add(
        self, rows: Sequence[Mapping[str, Any]], *, new_labels: Sequence[str], keep_duplicates: bool
    ) -> tuple[list[str], list[str]]:
        """Adds labelled cases as `tagger add` does; gives their ids and what was skipped.

        Raises BadCases, and adds nothing, where a row is wrong.
        """
        with self._saving:
            prepared = learning.prepare_labelled(
                [read_records(rows, WORKBENCH)],
                self.workspace,
                new_labels=new_labels,
                keep_duplicates=keep_duplicates,
            )
            if prepared.problems:
                raise BadCases(prepared.problems)
            skipped = [str(duplicate) for duplicate in prepared.duplicates]
            if not prepared.entries:
                return [], skipped
            change = learning.learn(prepared, self.workspace)
            return [entry.case.id for entry in change.entries], skipped

    # Models

    def models(self) -> list[dict[str, Any]]:
        """The models, and which one answers."""
        return [
            {
                "name": version.name,
                "in_use": version.in_use,
                "answers": version.manifest is not None
                and version.manifest["name"] == self._tagger.model.name,
                "damage": version.damage,
            }
            for version in models.versions(self.workspace)
        ]

    def use(self, name: str) -> None:
        """Puts a model in use; from the next request on it answers. Raises as `models.use` does."""
        models.use(self.workspace, name)
        self._tagger = self._load(None)


def _named(record: Mapping[str, Any]) -> set[str]:
    """The labels and laws that a card names itself, which are none of the person's slips."""
    labels = {entry["label"] for target in TARGETS for entry in record[target]}
    return labels | {statute["law"] for statute in record["statutes"]}


def pasted(text: str, *, title: str = "", date: str | None = None, source: str = "pasted") -> list[Document]:
    """The documents of a pasted text; the source of a page is read as the page. Raises ReadError."""
    page = text[:500].lstrip("\ufeff \t\r\n").startswith("<")
    found = list(read_piped(text.encode(), source)) if page else [read_pasted(text, source)]
    return [replace(one, title=title or one.title, date=date or one.date) for one in found]


def dropped(name: str, data: bytes, *, date: str | None = None) -> list[Document]:
    """The documents of a file that was dropped on the page. Raises ReadError."""
    source = PurePath(name).name or "file"
    with tempfile.TemporaryDirectory(prefix="tagger-") as folder:
        path = Path(folder, "dropped").with_suffix(_suffix(source))
        path.write_bytes(data)
        found = list(read_path(path, source))
    # Halves of characters, as a table's "\\ud83d" gives them, cannot be answered as JSON.
    whole = (replace(one, text=one.text.encode("utf-8", "replace").decode()) for one in found)
    return [replace(one, date=date or one.date) for one in whole]


def _draft(documents: Sequence[Document], asked: Asked) -> _Draft | TaggerError:
    draft: list[Sequence[Notice] | ReadError] = []
    try:
        _bounded(documents)
    except TextTooLong as error:
        return error
    for document in documents:
        try:
            draft.append(notices(document, split=asked.split))
        except ReadError as error:
            if len(documents) == 1:
                return error
            draft.append(error)
    return draft


def _bounded(documents: Sequence[Document]) -> None:
    length = sum(len(document.text) for document in documents)
    if length > LONGEST:
        raise TextTooLong(
            f"the text has {length:,} characters, the workbench takes {LONGEST:,} at once; "
            "put it into a file and use `tagger batch`"
        )


def _suffix(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix.removeprefix(".").isalnum() and len(suffix) <= 10 else ""


def _expect(version: int, decision: Decision | None) -> None:
    if version != (decision.change if decision else 0):
        raise CardChanged(_MEANWHILE)


_MEANWHILE = "this card was saved in another window meanwhile; open it again to see how"
