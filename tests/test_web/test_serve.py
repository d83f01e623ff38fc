"""The server as a process: where it listens, whom it lets in, and what a kill leaves."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from tagger import store
from tagger.cli.serve import TokenNeeded, command
from tagger.web.app import CannotListen, listen
from tagger.web.guard import BadToken
from tagger.workspace import Workspace

_ENTRY = "from tagger.cli import main; main()"
Ask = Callable[..., tuple[int, Any]]
Served = Callable[..., Any]


# ---- where it listens ----------------------------------------------------------------------------


def test_others_are_let_in_with_a_token_only() -> None:
    found = CliRunner().invoke(command, ["--host", "0.0.0.0"])
    assert isinstance(found.exception, TokenNeeded)
    found = CliRunner().invoke(command, ["--host", "0.0.0.0", "--token", "short"])
    assert isinstance(found.exception, BadToken)


def test_port_that_is_taken_and_host_that_is_not_ours() -> None:
    with listen("127.0.0.1", 0) as taken:
        with pytest.raises(CannotListen, match="--port"):
            listen("127.0.0.1", taken.getsockname()[1])
        with socket.create_connection(taken.getsockname()):
            accepted, _ = taken.accept()
            with accepted:
                assert accepted.proto == socket.IPPROTO_TCP  # else asyncio delays small answers
    with pytest.raises(CannotListen):
        listen("192.0.2.1", 0)


def test_server_answers_and_ends_with_ctrl_c(
    served: Served, ask: Ask, home: Workspace, results: Path
) -> None:
    with served(str(results)) as (port, process):
        assert ask(port, "GET", "/v1/queue")[1]["total"] == 10
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == "the workbench is closed\n"


def test_server_with_a_token(served: Served, ask: Ask, home: Workspace) -> None:
    token = "abcdefghijklmnopqrst"
    with served("--host", "0.0.0.0", "--token", token) as (port, _):
        assert ask(port, "GET", "/v1/queue")[0] == 401
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"host": "workbench.example", "authorization": f"Bearer {token}"}
        connection.request("GET", "/v1/queue", headers=headers)
        assert connection.getresponse().status == 200
        connection.close()


def test_websocket_over_the_wire_is_refused(served: Served, home: Workspace) -> None:
    request = (
        "GET /v1/queue HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with served() as (port, _), socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(request.format(port=port).encode())
        assert b" 101 " not in wire.recv(4096).partition(b"\r\n")[0]


def test_chunked_body_beyond_the_bound_is_refused(served: Served, home: Workspace) -> None:
    head = (
        b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    with served() as (port, _), socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(head)
        try:
            for _ in range(60):
                wire.sendall(b"%x\r\n%b\r\n" % (100_000, b"x" * 100_000))
        except OSError:
            pass  # the server hung up, as it should
        assert b" 413 " in wire.recv(4096).partition(b"\r\n")[0]


def test_results_that_are_none_stop_the_start(home: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _ENTRY, "serve", str(path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "x.jsonl, line 1 is no result line" in done.stderr
    assert "Traceback" not in done.stderr


# ---- a full disk, damaged files --------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the room of a running process is bounded")
def test_on_a_full_disk_a_card_is_not_lost_and_can_be_saved_again(
    served: Served, ask: Ask, home: Workspace, results: Path
) -> None:
    import resource

    with served(str(results)) as (port, process):
        card = ask(port, "GET", "/v1/queue")[1]["cards"][0]
        body = {"version": card["version"], "fields": {}}
        unbounded = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (10, unbounded[1]))
        status, answer = ask(port, "PUT", f"/v1/queue/{card['card']}", body)
        assert 400 <= status < 600 and len(json.dumps(answer)) < 500, answer
        assert "Traceback" not in json.dumps(answer)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unbounded)
        body["version"] = ask(port, "GET", "/v1/queue")[1]["cards"][0]["version"]
        assert ask(port, "PUT", f"/v1/queue/{card['card']}", body)[0] == 200


@pytest.mark.parametrize("damaged", ["models/current.json", "cases.jsonl"])
def test_damaged_files_of_the_workspace_are_one_line(ask: Ask, home: Workspace, damaged: str) -> None:
    """Said at the start, or to whoever asks for what cannot be given; never a traceback."""
    path = home.home / damaged
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xfe{]\n{}\n")
    process = subprocess.Popen(
        [sys.executable, "-c", _ENTRY, "serve", "--port", "0"],
        env=os.environ | {"TAGGER_HOME": str(home.home)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        if said.startswith("tagger: "):
            assert process.wait(60) == 2 and Path(damaged).name in said
        else:
            port = int(said.rpartition(":")[2].partition("/")[0])
            text = {"text": "某公司未履行网络安全保护义务，被网安支队警告。"}
            for method, where, body in (
                ("GET", "/v1/queue", None), ("POST", "/v1/tag", text), ("GET", "/v1/models", None),
            ):  # fmt: skip
                status, answer = ask(port, method, where, body)
                assert status != 500 and "Traceback" not in json.dumps(answer), answer
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    assert path.read_bytes() == b"\xff\xfe{]\n{}\n"


# ---- killed while saving ---------------------------------------------------------------------------


def _save_all(ask: Ask, port: int, acknowledged: dict[str, int], started: threading.Event) -> None:
    """Saves card after card, until the server is gone."""
    try:
        for card in ask(port, "GET", "/v1/queue")[1]["cards"]:
            if card["state"] == "open":
                started.set()
                body = {"version": card["version"], "fields": {}}
                status, answer = ask(port, "PUT", f"/v1/queue/{card['card']}", body)
                assert status == 200, answer
                acknowledged[card["card"]] = answer["version"]
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        pass
    finally:
        started.set()


@pytest.mark.slow
def test_killed_while_saving_nothing_is_lost_and_nothing_is_twice(
    served: Served, ask: Ask, home: Workspace, results: Path
) -> None:
    random = Random(8)
    acknowledged: dict[str, int] = {}
    for _ in range(6):
        with served(str(results)) as (port, process):
            started = threading.Event()
            client = threading.Thread(target=_save_all, args=(ask, port, acknowledged, started))
            client.start()
            started.wait(20)
            threading.Event().wait(random.uniform(0, 0.12))
            process.kill()
            client.join(30)
        ids = [case.id for case in store.user_cases(home.cases)]
        assert len(ids) == len(set(ids)), "a case is there twice"
        assert {f"w-{card}" for card in acknowledged} <= set(ids), "a case that was acknowledged is lost"
    with served(str(results)) as (port, _):
        cards = {card["card"]: card for card in ask(port, "GET", "/v1/queue")[1]["cards"]}
        assert {c for c, card in cards.items() if card["state"] == "saved"} == {
            i.removeprefix("w-") for i in ids
        }
        assert all(cards[card]["version"] == version for card, version in acknowledged.items())
        _save_all(ask, port, acknowledged, threading.Event())
    assert len(store.user_cases(home.cases)) == 10


@pytest.mark.slow
def test_many_windows_that_save_one_card_save_it_once(
    served: Served, ask: Ask, home: Workspace, results: Path
) -> None:
    with served(str(results)) as (port, _):
        card = ask(port, "GET", "/v1/queue")[1]["cards"][0]["card"]
        statuses: list[int] = []

        def window() -> None:
            statuses.append(ask(port, "PUT", f"/v1/queue/{card}", {"version": 0, "fields": {}})[0])

        windows = [threading.Thread(target=window) for _ in range(12)]
        for thread in windows:
            thread.start()
        for thread in windows:
            thread.join()
    assert sorted(statuses) == [200] + [409] * 11
    assert len(store.user_cases(home.cases)) == 1
