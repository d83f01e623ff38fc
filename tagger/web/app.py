"""The workbench as one ASGI application: pages, REST interface, and what an error is answered with."""

from __future__ import annotations

import os
import re
import socket
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader
from starlette.exceptions import HTTPException

from tagger import __version__, models
from tagger.casebook import BrokenCasebook, label_sets
from tagger.durable import Busy, Unwritable
from tagger.errors import MissingExtra, TaggerError
from tagger.initials import initial
from tagger.notice.errors import TooLarge
from tagger.store import NewerCasebook, NothingToUndo, user_cases
from tagger.taxonomy import TARGETS
from tagger.web.cards import NoSuchCard
from tagger.web.guard import Guard, Policy
from tagger.web.rest import Problem, add_rest
from tagger.web.training import AlreadyTraining, Train, Trainer, train_candidate
from tagger.web.workbench import CardChanged, TextTooLong, Workbench

_HERE = Path(__file__).parent
_STATUS: dict[type[Exception], int] = {
    NoSuchCard: 404,
    models.UnknownModel: 404,
    CardChanged: 409,
    NothingToUndo: 409,
    AlreadyTraining: 409,
    TextTooLong: 413,
    TooLarge: 413,
    MissingExtra: 501,
    Busy: 503,
    Unwritable: 503,
    BrokenCasebook: 503,
    NewerCasebook: 503,
}
"""What is answered to an error; 422 to any other that a person can mend."""


class CannotListen(TaggerError):
    """The address cannot be listened at: taken, not this machine's, or not allowed."""


def create_app(workbench: Workbench, policy: Policy, train: Train = train_candidate) -> FastAPI:
    """The ASGI application."""
    app = FastAPI(
        title="tagger workbench",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        responses={"4XX": {"model": Problem}, "5XX": {"model": Problem}, 422: {"model": Problem}},
    )
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    _errors(app)
    _pages(app, workbench)
    add_rest(app, workbench, Trainer(workbench.workspace, train))
    app.add_middleware(Guard, policy=policy)
    return app


def _errors(app: FastAPI) -> None:
    @app.exception_handler(TaggerError)
    def wrong(_: Request, error: TaggerError) -> JSONResponse:
        kinds = (status for kind, status in _STATUS.items() if isinstance(error, kind))
        return JSONResponse({"error": str(error)}, next(kinds, 422))

    @app.exception_handler(HTTPException)
    def refused(_: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"error": str(error.detail)}, error.status_code, error.headers)

    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        wrongs = (f"{'.'.join(map(str, e['loc'][1:])) or 'body'}: {e['msg']}" for e in error.errors()[:5])
        return JSONResponse({"error": "; ".join(wrongs)}, 422)

    @app.exception_handler(Exception)
    def failed(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse(
            {"error": f"the workbench failed ({type(error).__name__}); see its terminal"}, 500
        )


def _pages(app: FastAPI, workbench: Workbench) -> None:
    pages = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )

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
        described = app.openapi()
        return page("docs.html", paths=described["paths"], schemas=described["components"]["schemas"])

    @app.get("/report", include_in_schema=False)
    def report() -> Response:
        written = workbench.report()
        return HTMLResponse(written, headers={"content-security-policy": _policy_of(written)})


def _policy_of(report: bytes) -> str:
    """The policy of a report, which has its style and its script inside: no other script may run."""
    scripts = re.findall(rb"<script>(.*?)</script>", report, re.DOTALL)
    sums = " ".join(f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in scripts)
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {sums}; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one. Raises CannotListen."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio sends at once (TCP_NODELAY) only through sockets that are told to be TCP.
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"{host} is no address of this machine: {error.strerror}") from error
    try:
        if os.name == "posix":  # on Windows it would let two programs have one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise CannotListen(
            f"cannot listen at {host}, port {port}: {error.strerror}; try another --port"
        ) from error
    return listening


def serve(app: FastAPI, listening: socket.socket) -> None:
    """Runs the application until it is interrupted."""
    import uvicorn

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, ws="none", limit_concurrency=256
    )
    uvicorn.Server(config).run([listening])
