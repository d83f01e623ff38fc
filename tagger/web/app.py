"""The workbench's pages and REST interface: parse a request, call the workbench, answer.

Everything that can be wrong with a request is a TaggerError with a status beside it; the answer is
`{"error": message}`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel, ConfigDict, Field

from tagger import __version__
from tagger.casebook import label_sets
from tagger.errors import TaggerError
from tagger.store import NothingToUndo, user_cases
from tagger.taxonomy import TARGETS
from tagger.web.guard import Guard, Policy, TooLarge
from tagger.web.initials import initial
from tagger.web.workbench import CardChanged, NoSuchCard, Workbench

_HERE = Path(__file__).parent
_STATUS: dict[type[TaggerError], int] = {NoSuchCard: 404, CardChanged: 409, NothingToUndo: 409}
MAX_TEXT = 1_000_000
PAGE = 200
"""Cards of the queue in one page of it."""

Text = Annotated[str, Field(max_length=MAX_TEXT)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Notice(_Body):
    """A notice to tag."""

    text: Text
    title: str = Field("", max_length=300)
    date: str | None = Field(None, pattern=r"^\d{4}(-\d{2}){0,2}$")


class TagRequest(Notice):
    """A notice to tag; `queue` puts its cards up for correction."""

    queue: bool = False


class BatchRequest(_Body):
    """Notices to tag in one go."""

    notices: list[Notice] = Field(max_length=100)


class Correction(_Body):
    """What a person says of a card of the queue. `version` is the one that the person saw."""

    card: str
    version: int
    fields: dict[str, str | list[str]]


def create_app(workbench: Workbench, policy: Policy) -> FastAPI:
    """The ASGI application."""
    app = FastAPI(title="tagger workbench", version=__version__, docs_url=None, redoc_url=None)
    pages = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    _errors(app)
    _pages(app, workbench, pages)
    _rest(app, workbench)
    app.add_middleware(Guard, policy=policy)
    return app


def _errors(app: FastAPI) -> None:
    @app.exception_handler(TaggerError)
    def wrong(_: Request, error: TaggerError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, _STATUS.get(type(error), 422))

    @app.exception_handler(TooLarge)
    def large(_: Request, __: TooLarge) -> JSONResponse:
        return JSONResponse({"error": "the request is too large"}, 413)

    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        wrongs = "; ".join(
            f"{'.'.join(map(str, e['loc'][1:])) or 'body'}: {e['msg']}" for e in error.errors()[:5]
        )
        return JSONResponse({"error": wrongs}, 422)


def _pages(app: FastAPI, workbench: Workbench, pages: Environment) -> None:
    def page(name: str, **context: Any) -> HTMLResponse:
        return HTMLResponse(pages.get_template(name).render(version=__version__, **context))

    @app.get("/", include_in_schema=False)
    def home() -> HTMLResponse:
        sets = label_sets(user_cases(workbench.workspace.cases))
        targets = [
            {
                "name": target,
                "heading": sets[target].heading,
                "labels": [{"label": label, "key": initial(label)} for label in sets[target].labels],
            }
            for target in TARGETS
        ]
        return page("workbench.html", targets=targets)

    @app.get("/docs", include_in_schema=False)
    def documentation() -> HTMLResponse:
        return page("docs.html", paths=app.openapi()["paths"])

    @app.get("/report", include_in_schema=False)
    def report() -> Response:
        from tagger.report import page as report_page
        from tagger.report.entries import batch_of
        from tagger.report.figures import count

        records = [card.record for card in workbench.queue()]
        written = report_page.html(count(batch_of(records)), "网络安全行政执法案例分析报告")
        # The report is one file with its own style and script inside, and brings its own policy.
        policy = report_page.CONTENT_POLICY
        return HTMLResponse(written, headers={"content-security-policy": policy})


def _rest(app: FastAPI, workbench: Workbench) -> None:
    @app.post("/v1/tag", summary="Tag one notice")
    def tag(request: TagRequest) -> dict[str, Any]:
        """The result lines (the contract's JSON) of one text; a round-up gives several."""
        found = workbench.tag(request.text, title=request.title, date=request.date, queue=request.queue)
        return {"results": found}

    @app.post("/v1/batch", summary="Tag several notices")
    def batch(request: BatchRequest) -> dict[str, Any]:
        """The result lines of each notice, in order."""
        found = [workbench.tag(n.text, title=n.title, date=n.date) for n in request.notices]
        return {"results": found}

    @app.get("/v1/queue", summary="The cards that wait for a person, the most doubtful first")
    def queue(start: Annotated[int, Field(ge=0)] = 0) -> dict[str, Any]:
        """A page of the queue."""
        cards = workbench.queue()
        shown = [
            {"card": c.id, "version": c.version, "state": c.state, "title": c.record.get("title") or c.id}
            | {"doubt": round(c.doubt, 3)}
            for c in cards[start : start + PAGE]
        ]
        return {"cards": shown, "total": len(cards), "open": sum(c.state == "open" for c in cards)}

    @app.get("/v1/queue/{card}", summary="One card of the queue")
    def card(card: str) -> dict[str, Any]:
        """The result line, its version and state."""
        found = workbench.card(card)
        return {"card": found.id, "version": found.version, "state": found.state, "record": found.record}

    @app.get("/v1/statutes", summary="Articles by a few keystrokes: 网安 21")
    def statutes(q: Annotated[str, Field(max_length=60)], date: str | None = None) -> dict[str, Any]:
        """At most eight suggestions."""
        return {"statutes": workbench.suggest(q, date)}

    @app.post("/v1/cases", summary="Save a corrected card as a case", status_code=201)
    def save(request: Correction) -> dict[str, Any]:
        """What `tagger add` does, for one card."""
        saved = workbench.correct(request.card, request.version, request.fields)
        return {"card": saved.id, "version": saved.version, "state": saved.state}

    @app.get("/v1/cases", summary="The cases that were added")
    def cases() -> dict[str, Any]:
        """Ids and titles of the user's casebook."""
        own = user_cases(workbench.workspace.cases)
        return {"cases": [{"id": case.id, "title": case.title} for case in own]}

    @app.delete("/v1/cases/last", summary="Take the last addition back")
    def undo() -> dict[str, Any]:
        """The card that is open again, if it is in the queue."""
        return {"card": workbench.undo()}

    @app.get("/v1/models", summary="The models and which one is in use")
    def models() -> dict[str, Any]:
        """Names, figures and dates."""
        return {"models": workbench.models()}

    @app.post("/v1/models", summary="Train a candidate and compare it with the model in use", status_code=201)
    def train() -> dict[str, Any]:
        """Figures of both, and whether the candidate is promoted by `POST /v1/models/{name}/use`."""
        return workbench.train()

    @app.post("/v1/models/{name}/use", summary="Put a model to use")
    def use(name: str) -> dict[str, Any]:
        """From the next request on it answers."""
        workbench.use(name)
        return {"model": name}


def serve(app: Callable[..., Any], host: str, port: int) -> None:
    """Runs the application until interrupted."""
    import uvicorn

    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, limit_concurrency=256)
