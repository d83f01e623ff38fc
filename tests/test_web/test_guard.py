"""Who is let in, and how much they may send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tagger.web.guard import COOKIE, BadToken, Guard, Policy

TOKEN = "abcdefghijklmnop-123"
JSON = {"content-type": "application/json"}


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


HERE = "http://127.0.0.1:8765"


def guarded(policy: Policy) -> Guard:
    routes = [Route("/{path:path}", echo, methods=["GET", "POST", "PUT", "DELETE"])]
    return Guard(Starlette(routes=routes), policy)


@pytest.fixture(scope="module")
def here(make_client: Callable[..., Any]) -> Any:
    return make_client(guarded(Policy()))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 200),
        ("localhost:8765", 200),
        ("LOCALHOST", 200),
        ("[::1]:8765", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:8765", 421),  # DNS rebinding
        ("localhost.evil.example", 421),
        ("evil.example@127.0.0.1", 200),  # a name and a host, and the host is ours
        ("127.0.0.1@evil.example", 421),
        ("[::1", 421),
        ("", 421),
    ],
)
def test_only_our_own_names_are_answered(here: Any, host: str, status: int) -> None:
    assert here.get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": HERE}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://127.0.0.1:8765"}, 403),
        ({"origin": "http://127.0.0.1:3000"}, 403),  # another program's page on this machine
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_other_sites_are_refused(here: Any, headers: dict[str, str], status: int, method: str) -> None:
    assert here.request(method, "/v1/x", headers=headers | JSON).status_code == status


def test_link_that_a_person_follows_is_answered(here: Any) -> None:
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert here.get("/", headers=followed).status_code == 200
    assert here.get("/", headers=followed | {"sec-fetch-dest": "iframe"}).status_code == 403
    assert here.post("/", headers=followed | JSON).status_code == 403


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; x=application/json",
    ],
)
def test_what_a_form_of_another_site_can_send_is_refused(here: Any, kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    assert here.post("/v1/tag", content=b'{"text": "x"}', headers=headers).status_code == 415


def test_json_is_let_in_with_its_whole_body(here: Any) -> None:
    answer = here.post(
        "/", content=b"x" * 3_000_000, headers={"content-type": "Application/JSON; charset=utf-8"}
    )
    assert (answer.status_code, answer.text) == (200, "3000000")


@pytest.mark.parametrize("length", ["4000001", "99999999999999999999999", "-1", "x", "1e3"])
def test_body_that_is_said_to_be_too_large_is_not_read(here: Any, length: str) -> None:
    answer = here.post("/", headers=JSON | {"content-length": length})
    assert answer.status_code == 413
    assert "tagger batch" in answer.json()["error"]


def test_body_that_grows_too_large_is_not_read_on(here: Any) -> None:
    sent = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(1000):
            sent.append(number)
            yield b"x" * 100_000

    assert here.post("/", content=endless(), headers=JSON).status_code == 413
    assert len(sent) == 41


def test_body_that_does_not_come_to_its_end_is_given_up() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(10)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/",
        "query_string": b"",
        "headers": headers,
    }
    asyncio.run(Guard(Starlette(), Policy(patience=0.01))(scope, receive, send))
    assert sent[0]["status"] == 408


def test_rate_is_bounded_and_refusals_cost_nothing(make_client: Callable[..., Any]) -> None:
    few = make_client(guarded(Policy(rate=0.001, burst=3)))
    for _ in range(5):
        assert few.get("/", headers={"origin": "http://evil.example"}).status_code == 403
    assert [few.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_every_answer_carries_the_policy(here: Any) -> None:
    for answer in (here.get("/"), here.get("/", headers={"host": "x"}), here.post("/")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


def test_websockets_are_refused() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guarded(Policy())({"type": "websocket", "headers": []}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize(
    "token", ["", "short", "with space and more", "密码密码密码密码密码密码密码密码", "x" * 201, "a;b=c" * 5]
)
def test_token_that_could_be_guessed_or_cannot_be_a_cookie_is_refused(token: str) -> None:
    with pytest.raises(BadToken, match="16 or more"):
        Policy(token=token)


class TestWithAToken:
    @pytest.fixture
    def closed(self, make_client: Callable[..., Any]) -> Any:
        return make_client(guarded(Policy(hosts=None, token=TOKEN)), "http://192.0.2.7:8765")

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"authorization": "Bearer "},
            {"authorization": f"Bearer {TOKEN}x"},
            {"authorization": "Bearer \xe9".encode("latin-1")},
            {"cookie": f"{COOKIE}="},
            {"cookie": f"{COOKIE}={TOKEN[:-1]}"},
            {"cookie": "\\\\\"';;;=" * 50},
        ],
    )
    def test_nothing_is_answered_without_it(self, closed: Any, headers: Any) -> None:
        for path in ("/", "/static/workbench.js", "/v1/queue", "/openapi.json", f"/v1/queue?token={TOKEN}"):
            assert closed.get(path, headers=headers).status_code == 401

    def test_program_shows_it_in_a_header(self, closed: Any) -> None:
        assert closed.get("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200

    def test_browser_gets_a_cookie_and_the_address_loses_it(self, closed: Any) -> None:
        answer = closed.get("/", params={"token": TOKEN})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie
        assert closed.get("/v1/queue").status_code == 200

    @pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "/%2fevil.example", "/v1/queue"])
    def test_nobody_is_sent_elsewhere(self, closed: Any, path: str) -> None:
        answer = closed.get(f"http://192.0.2.7:8765{path}?token={TOKEN}")
        assert answer.status_code == 401
        assert "location" not in answer.headers

    def test_other_sites_are_refused_all_the_same(self, closed: Any) -> None:
        headers = {"cookie": f"{COOKIE}={TOKEN}", "origin": "http://evil.example"} | JSON
        assert closed.post("/v1/tag", headers=headers).status_code == 403
