"""Who may talk to the workbench, and how much: hosts, origins, a token, sizes, rates, and the page's policy.

A page from elsewhere must not reach a server on this machine: requests are refused whose Host is
not ours (DNS rebinding) or whose Origin is another site (drive-by requests), as OWASP's cheat
sheet on cross-site request forgery advises.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "tagger-token"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Policy:
    """What is allowed. `hosts` are names without ports; `token` is asked for where it is given.

    `max_body` is in bytes; `rate` is requests a second, all clients together, with bursts of `burst`.
    """

    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "::1"})
    token: str | None = None
    max_body: int = 2_000_000
    rate: float = 400.0
    burst: float = 800.0


class Guard:
    """The ASGI middleware that holds a Policy."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app, self._policy = app, policy
        self._allowance, self._seen = policy.burst, time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or passes the request on with a bounded body and the answer with its policy headers."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError("the workbench speaks HTTP only")
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, _with_policy(send))
            return
        await self._app(scope, _bounded(receive, self._policy.max_body), _with_policy(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _hostname(host) not in self._policy.hosts:
            return _refused(421, "this server is not known by that name; open it by the address it printed")
        if not self._spend():
            return _refused(429, "too many requests at once; try again in a moment")
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc != host
        if foreign or headers.get("sec-fetch-site") == "cross-site":
            return _refused(403, "requests from other sites are refused")
        if scope["method"] not in _SAFE_METHODS:
            kind = headers.get("content-type", "").split(";")[0].strip().lower()
            if kind != "application/json":
                return _refused(415, "send JSON (content-type: application/json)")
            length = headers.get("content-length", "0")
            if not length.isdecimal() or int(length) > self._policy.max_body:
                return _refused(413, f"the request is larger than {self._policy.max_body:,} bytes")
        return self._ask_token(scope, headers)

    def _ask_token(self, scope: Scope, headers: Headers) -> Response | None:
        token = self._policy.token
        if token is None:
            return None
        given = headers.get("authorization", "").removeprefix("Bearer ")
        if _same(given, token) or _same(_cookie(headers), token):
            return None
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if scope["method"] == "GET" and _same(query.get("token", [""])[0], token):
            # The token leaves the address bar, and with it the history and the next page's Referer.
            answer = RedirectResponse(scope["path"], status_code=303)
            answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
            return answer
        return _refused(401, "a token is needed; open the address that the server printed")

    def _spend(self) -> bool:
        now = time.monotonic()
        earned = (now - self._seen) * self._policy.rate
        self._allowance, self._seen = min(self._policy.burst, self._allowance + earned), now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True


class TooLarge(Exception):
    """A body without a declared length that grew beyond the bound."""


def _bounded(receive: Receive, most: int) -> Receive:
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise TooLarge
        return message

    return bounded


def _with_policy(send: Send) -> Send:
    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["content-security-policy"] = headers.get("content-security-policy", CONTENT_POLICY)
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "no-referrer"
            headers["cross-origin-opener-policy"] = "same-origin"
            headers["cross-origin-resource-policy"] = "same-origin"
            headers["cache-control"] = "no-store"
        await send(message)

    return guarded


def _refused(status: int, message: str) -> Response:
    return JSONResponse({"error": message}, status)


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _cookie(headers: Headers) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())
