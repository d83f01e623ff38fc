"""Who may talk to the workbench, and how much: hosts, origins, a token, sizes, rates, and the page's policy.

A page from elsewhere must not reach a server on this machine: requests are refused whose Host is
not ours (DNS rebinding) or whose Origin is another site (drive-by requests), as OWASP's cheat
sheet on cross-site request forgery advises. A body that is no JSON is refused too, because a form of
another site can send no JSON without asking first.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import time
from http.cookies import CookieError, SimpleCookie
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tagger.errors import TaggerError
from tagger.web import LOOPBACK

COOKIE = "tagger-token"

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class BadToken(TaggerError):
    """A token that could be guessed, or that a cookie cannot carry."""


class Policy(Struct, frozen=True):
    """What is allowed. `hosts` are names without ports (None: any); a `token` is asked for where it is given.

    `max_body` is in bytes, to be there within `patience` seconds; `rate` is requests a second, all
    clients together, with bursts of `burst`. Raises BadToken.
    """

    hosts: frozenset[str] | None = LOOPBACK
    token: str | None = None
    max_body: int = 4_000_000
    patience: float = 30.0
    rate: float = 400.0
    burst: float = 800.0

    def __post_init__(self) -> None:
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            raise BadToken("a token is 16 or more letters and digits; here is one: " + token_urlsafe())


class Guard:
    """The ASGI middleware that holds a Policy."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app, self._policy = app, policy
        self._allowance, self._seen = policy.burst, time.monotonic()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or passes the request on with its whole body and the answer with its policy headers."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._answer(scope, receive, _with_policy(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers) or self._ask_token(scope, headers)
        if refusal is None and not self._spend():
            refusal = _refused(429, "too many requests at once; try again in a moment")
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._policy.patience):
                body = await _body(receive, self._policy.max_body)
        except TimeoutError:
            await _refused(408, "the request did not come to its end; send it again")(scope, receive, send)
            return
        if body is None:
            await self._too_large()(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        hosts = self._policy.hosts
        if hosts is not None and _hostname(host) not in hosts:
            return _refused(421, "this server is not known by that name; open it by the address it printed")
        if _foreign(scope, headers, host):
            return _refused(403, "requests from other sites are refused")
        if scope["method"] not in _BODILESS:
            kind = headers.get("content-type", "").split(";")[0].strip().lower()
            if kind != "application/json":
                return _refused(415, "send JSON (content-type: application/json)")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > self._policy.max_body:
            return self._too_large()
        return None

    def _too_large(self) -> Response:
        return _refused(
            413, f"the request is larger than {self._policy.max_body:,} bytes; use `tagger batch`"
        )

    def _ask_token(self, scope: Scope, headers: Headers) -> Response | None:
        token = self._policy.token
        if token is None:
            return None
        given = headers.get("authorization", "").removeprefix("Bearer ")
        if _same(given, token) or _same(_cookie(headers), token):
            return None
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if scope["method"] == "GET" and scope["path"] == "/" and _same(query.get("token", [""])[0], token):
            # The token leaves the address bar, and with it the history and the next page's Referer.
            answer = RedirectResponse("/", status_code=303)
            answer.set_cookie(COOKIE, token, httponly=True, samesite="lax")
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


def _foreign(scope: Scope, headers: Headers, host: str) -> bool:
    """Whether another site asks. A link that a person follows to a page is no such request."""
    origin = headers.get("origin")
    if origin is not None and origin != f"{scope['scheme']}://{host}":
        return True
    followed = scope["method"] == "GET" and headers.get("sec-fetch-mode") == "navigate"
    document = headers.get("sec-fetch-dest") == "document"
    return headers.get("sec-fetch-site") in ("cross-site", "same-site") and not (followed and document)


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body; None where it grows beyond the bound."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


def _with_policy(send: Send) -> Send:
    began = time.perf_counter()

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["server-timing"] = f"total;dur={1000 * (time.perf_counter() - began):.1f}"
            headers.setdefault("content-security-policy", CONTENT_POLICY)
            headers.update(_HEADERS)
        await send(message)

    return guarded


def _refused(status: int, message: str) -> Response:
    # The body was not read: the connection cannot serve another request.
    return JSONResponse({"error": message}, status, {"connection": "close"})


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
