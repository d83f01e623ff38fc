"""A workbench over the shipped model, and a client that speaks to it."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tagger.casebook import read_cases
from tagger.tagger import Tagger
from tagger.web.app import create_app
from tagger.web.guard import Policy
from tagger.web.training import Comparison
from tagger.web.workbench import Workbench, pasted
from tagger.workspace import Workspace


class Client:
    """Speaks to an ASGI application in this process, from code that is not asynchronous."""

    def __init__(self, app: Any, base_url: str = "http://127.0.0.1:8765") -> None:
        self.app = app
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url)
        self.cookies = self._client.cookies

    def request(self, method: str, url: str, **given: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, url, **given))

    def get(self, url: str, **given: Any) -> httpx.Response:
        return self.request("GET", url, **given)

    def post(self, url: str, **given: Any) -> httpx.Response:
        return self.request("POST", url, **given)

    def put(self, url: str, **given: Any) -> httpx.Response:
        return self.request("PUT", url, **given)

    def delete(self, url: str, **given: Any) -> httpx.Response:
        return self.request("DELETE", url, **given)

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


MakeClient = Callable[..., Client]
MakeBench = Callable[..., Workbench]


@pytest.fixture(scope="session")
def shipped_tagger() -> Tagger:
    return Tagger.load("shipped")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")


@pytest.fixture
def make_bench(home: Workspace, shipped_tagger: Tagger) -> MakeBench:
    def make(results: Path | None = None) -> Workbench:
        return Workbench(home, lambda name: shipped_tagger, results=results)

    return make


@pytest.fixture(scope="session")
def records(shipped_tagger: Tagger, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The result lines of ten cases, as `tagger batch --with-text --explain` gives them."""
    bench = Workbench(Workspace(tmp_path_factory.mktemp("none")), lambda name: shipped_tagger)
    found: list[dict[str, Any]] = []
    for case in read_cases()[:10]:
        document = pasted(case.facts, title=case.title, date="2020-06", source=f"{case.id}.txt")
        found += bench.tag(document, explain=True, with_text=True, split=False)
    return found


@pytest.fixture
def results(tmp_path: Path, records: list[dict[str, Any]]) -> Path:
    path = tmp_path / "cards.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path


def no_training(home: Path) -> Comparison:
    """Stands for a training where none is wanted."""
    return Comparison("own-000000", "shipped", 0, 0, False)


@pytest.fixture(scope="session")
def make_client() -> Iterator[MakeClient]:
    made: list[Client] = []

    def make(app: Any, base_url: str = "http://127.0.0.1:8765") -> Client:
        made.append(Client(app, base_url))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_bench: MakeBench, make_client: MakeClient, results: Path) -> Client:
    policy = Policy(rate=1e9, burst=1e9)
    return make_client(create_app(make_bench(results), policy, no_training))


# ---- the server as a process -----------------------------------------------------------------------

Process = subprocess.Popen[str]


@pytest.fixture
def served(home: Workspace) -> Callable[..., AbstractContextManager[tuple[int, Process]]]:
    """`with served(*arguments) as (port, process)`: `tagger serve` on a free port, over `home`."""

    @contextmanager
    def start(*arguments: str) -> Iterator[tuple[int, Process]]:
        process = subprocess.Popen(
            [sys.executable, "-c", "from tagger.cli import main; main()", "serve", "--port", "0", *arguments],
            env=os.environ | {"TAGGER_HOME": str(home.home)},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            address = re.search(r"http://\S+:(\d+)/", said)
            assert address is not None, said + process.stderr.read()
            yield int(address[1]), process
        finally:
            process.kill()
            process.wait()
            process.stderr.close()

    return start


@pytest.fixture(scope="session")
def ask() -> Callable[..., tuple[int, Any]]:
    """`ask(port, method, path, body)`: the status and the JSON of an answer."""

    def asked(port: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    return asked
