"""The REST interface: what a request must hold, what is called, what is answered.

An answer is JSON; that of a request that is wrong is `{"error": message}`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import Annotated, Any

import msgspec
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import FastAPI, Query
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from tagger import store
from tagger.admission import read_date
from tagger.errors import TaggerError
from tagger.notice import Document
from tagger.taxonomy import TARGETS
from tagger.web.cards import QueueCard
from tagger.web.decided import Decision
from tagger.web.lane import Lane
from tagger.web.training import Trainer, to_record
from tagger.web.workbench import Asked, Workbench, dropped, pasted

SHORT = 10_000
"""Characters of a text that is tagged in a few hundredths of a second."""
PAGE = 200
"""Cards in one page of the queue."""
_EDITABLE = frozenset({*TARGETS, "statutes", "keywords", "title", "date"})


def _day(written: str) -> str:
    found = read_date(written)
    if found is None:
        raise ValueError("write YYYY-MM-DD, YYYY-MM or YYYY")
    return found


Day = Annotated[str, AfterValidator(_day)]


class NoBase64(TaggerError):
    """A file's content in another form."""


def _bytes(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except ValueError as error:
        raise NoBase64(f"content: {error}; send the file's bytes in Base64") from error


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Options(_Body):
    """What `tagger tag` and `tagger batch` have as options."""

    explain: bool = Field(False, description="add the evidence in the text and the nearest cases")
    with_text: bool = Field(False, description="add the cleaned text, in which spans count")
    split: bool = Field(True, description="take the cases of a round-up apart")


class TagRequest(Options):
    """A notice to tag: its text, or a file's name and content."""

    text: str | None = Field(None, description="the notice's text, or the source of a page")
    title: str = Field("", max_length=500)
    date: Day | None = Field(None, description="when it was published")
    name: str = Field("", max_length=255, description="the file's name; its ending says how to read it")
    content: str | None = Field(None, description="the file's bytes in Base64")
    queue: bool = Field(False, description="put the cards up for correction; adds each one's `card`")

    @model_validator(mode="after")
    def _one(self) -> TagRequest:
        if (self.text is None) == (self.content is None):
            raise ValueError("give either text or content")
        return self


class Notice(_Body):
    """One notice of several."""

    text: str
    title: str = Field("", max_length=500)
    date: Day | None = None
    id: str = Field("", max_length=255, description="becomes `source`; else the number in the list")


class BatchRequest(Options):
    """Notices to tag in one go."""

    notices: list[Notice] = Field(max_length=200)


class Correction(_Body):
    """What a person says of a card: any of the labelled fields, statutes, keywords, title and date."""

    version: int = Field(ge=0, le=2**53, description="the version that the person saw")
    fields: dict[str, str | list[str]]

    @model_validator(mode="after")
    def _known(self) -> Correction:
        foreign = sorted(self.fields.keys() - _EDITABLE)
        if foreign:
            raise ValueError(f"{foreign[0]!r} cannot be corrected; {', '.join(sorted(_EDITABLE))} can")
        return self


class CasesRequest(_Body):
    """Labelled cases, as lines of the casebook or of `tagger batch` have them."""

    cases: list[dict[str, Any]] = Field(max_length=1000)
    new_labels: list[str] = Field([], description="labels or laws that may be new; * lets any in")
    keep_duplicates: bool = Field(False, description="near-duplicates too, as reports of the same event")


class Results(BaseModel):
    """Result lines, as docs/card.md describes them."""

    results: list[dict[str, Any]]


class Problem(BaseModel):
    """What was wrong with a request."""

    error: str


def add_rest(app: FastAPI, workbench: Workbench, trainer: Trainer) -> None:
    """Adds the routes below /v1/."""
    _tagging(app, workbench)
    _queue(app, workbench)
    _cases(app, workbench)
    _models(app, workbench, trainer)


def _tagging(app: FastAPI, workbench: Workbench) -> None:
    # What is short does not wait for what is long.
    short, long = Lane(partial(_tag, workbench)), CapacityLimiter(1)

    @app.post("/v1/tag", summary="Tag one notice", responses={200: {"model": Results}})
    async def tag(request: TagRequest) -> Response:
        """Its result lines: one a case, several for a round-up."""
        if len(request.content or request.text or "") <= SHORT:
            return await short.answer(request)
        (found,) = await run_sync(_tag, workbench, [request], limiter=long)
        if isinstance(found, Exception):
            raise found
        return found

    @app.post("/v1/batch", summary="Tag several notices", responses={200: {"model": Results}})
    async def batch(request: BatchRequest) -> Response:
        """The result lines of all notices in order, those of one event with the same `group`.

        A notice that cannot be read has its error record in its place.
        """
        return await run_sync(_batch, workbench, request, limiter=long)

    @app.get("/v1/statutes", summary="Articles by a few keystrokes: 网安 21")
    def statutes(
        q: Annotated[str, Query(max_length=60)], date: Annotated[Day | None, Query()] = None
    ) -> Response:
        """At most eight articles, in the edition of the date."""
        return answer({"statutes": workbench.suggest(q, date)})


def _tag(workbench: Workbench, requests: Sequence[TagRequest]) -> list[Response | Exception]:
    """The answer to each of several requests, or what is wrong with it."""
    read: list[list[Document] | TaggerError] = []
    for request in requests:
        try:
            read.append(_documents(request))
        except TaggerError as error:
            read.append(error)
    sound = [
        (documents, Asked(request.explain, request.with_text, request.split, request.queue))
        for request, documents in zip(requests, read, strict=True)
        if not isinstance(documents, TaggerError)
    ]
    tagged = iter(workbench.tag_together(sound))
    found = [one if isinstance(one, TaggerError) else next(tagged) for one in read]
    return [one if isinstance(one, TaggerError) else _results(one) for one in found]


def _documents(request: TagRequest) -> list[Document]:
    if request.content is not None:
        return dropped(request.name, _bytes(request.content), date=request.date)
    return pasted(request.text or "", title=request.title, date=request.date)


def _batch(workbench: Workbench, request: BatchRequest) -> Response:
    lines = workbench.batch(
        [
            Document(notice.id or str(number), notice.text, notice.title, notice.date)
            for number, notice in enumerate(request.notices, 1)
        ],
        explain=request.explain,
        with_text=request.with_text,
        split=request.split,
    )
    return _results(lines)


def _results(lines: Sequence[bytes]) -> Response:
    return Response(b'{"results":[' + b",".join(lines) + b"]}", media_type="application/json")


def _queue(app: FastAPI, workbench: Workbench) -> None:
    @app.get("/v1/queue", summary="The cards that wait for a person, the most doubtful first")
    def queue(start: Annotated[int, Query(ge=0, le=10**9)] = 0) -> Response:
        """A page of the queue, and how many cards of all are open."""
        cards = list(workbench.queue())
        shown = [
            {"card": card.id, "title": card.title, "doubt": round(card.doubt, 3), **_version(decision)}
            for card, decision in islice(cards, start, start + PAGE)
        ]
        opened = sum(decision is None for _, decision in cards)
        return answer({"cards": shown, "total": len(cards), "open": opened})

    @app.get("/v1/queue/{card}", summary="One card")
    def one(card: str) -> Response:
        """Its result line, with what was decided of it."""
        return answer(_card(workbench, *workbench.card(card)))

    @app.put("/v1/queue/{card}", summary="Save a card, corrected or accepted, as a case")
    def correct(card: str, request: Correction) -> Response:
        """The card's new version; 409 where somebody saved it meanwhile."""
        return answer(_version(workbench.correct(card, request.version, request.fields)))

    @app.delete("/v1/queue/{card}", summary="Take a saved card back")
    def take_back(card: str, version: Annotated[int, Query(ge=0, le=2**53)]) -> Response:
        """The card as it stands then; 409 where somebody saved it meanwhile."""
        decision = workbench.take_back(card, version)
        return answer(_card(workbench, workbench.card(card)[0], decision))


def _cases(app: FastAPI, workbench: Workbench) -> None:
    casebook = workbench.workspace.cases

    @app.get("/v1/cases", summary="The cases that were added")
    def cases() -> Response:
        """Ids, titles and labels of the user's casebook."""
        found = store.user_cases(casebook)
        shown = [{"id": c.id, "title": c.title} | {t: c.labels(t) for t in TARGETS} for c in found]
        return answer({"cases": shown})

    @app.post("/v1/cases", summary="Add labelled cases", status_code=201)
    def add(request: CasesRequest) -> Response:
        """What `tagger add` does: all rows are sound and added, or none is; near-duplicates are skipped."""
        added, skipped = workbench.add(
            request.cases, new_labels=request.new_labels, keep_duplicates=request.keep_duplicates
        )
        return answer({"added": added, "skipped": skipped}, 201)

    @app.delete("/v1/cases/last", summary="Take the last addition back")
    def undo() -> Response:
        """What `tagger add --undo` does: the cases that are gone."""
        return answer({"removed": [entry.case.id for entry in store.undo(casebook).entries]})


def _models(app: FastAPI, workbench: Workbench, trainer: Trainer) -> None:
    @app.get("/v1/models", summary="The models, which one answers, and how training goes")
    def models() -> Response:
        """Names and the comparison of the last candidate."""
        return answer({"models": workbench.models(), "training": to_record(trainer.state)})

    @app.post("/v1/models", summary="Train a candidate and compare it with the model in use", status_code=202)
    def train() -> Response:
        """Begins; `GET /v1/models` says when it is done. 409 while another is trained."""
        trainer.start()
        return answer({"training": to_record(trainer.state)}, 202)

    @app.post("/v1/models/{name}/use", summary="Put a model in use")
    def use(name: str) -> Response:
        """From the next request on it answers."""
        workbench.use(name)
        return answer({"models": workbench.models()})


def answer(content: Any, status: int = 200) -> Response:
    """The content as JSON."""
    return Response(encoded(content), status, media_type="application/json")


def encoded(content: Any) -> bytes:
    """JSON; half a character becomes a question mark."""
    try:
        return msgspec.json.encode(content)
    except UnicodeEncodeError:
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _version(decision: Decision | None) -> dict[str, Any]:
    return {"version": decision.change if decision else 0, "state": "saved" if decision else "open"}


def _card(workbench: Workbench, card: QueueCard, decision: Decision | None) -> dict[str, Any]:
    from tagger.tables import HEADINGS, row

    record = workbench.record(card, decision)
    cells = row(record)
    facts = [(HEADINGS[name], cells[name]) for name in _FACTS if cells[name]]
    title = record["title"] or card.title
    return {"card": card.id, "title": title, **_version(decision), "facts": facts, "record": record}


_FACTS = ("date", "act_date", "decision_date", "authority", "region", "document", "sanctions", "keywords")
"""What a card shows beside the labels."""
