"""Requests that wait for a busy core are answered together.

Threads that share one core only make each other late, so one thread works, and what comes meanwhile waits.
What has waited is done at once: in a chunk a card takes a fraction of what it takes alone
(benchmarks/README.md).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

MOST = 32
"""So many are done at once: the last of them waits no longer than for a few done alone."""

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Lane(Generic[Asked, Answer]):
    """Hands requests to `work`, which gives each one's answer or what is wrong with it, in their order."""

    def __init__(self, work: Callable[[Sequence[Asked]], Sequence[Answer | Exception]]) -> None:
        self._work = work
        self._thread = CapacityLimiter(1)
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def answer(self, asked: Asked) -> Answer:
        """The answer to one request. Raises what is wrong with it."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._answer_all())
        return await future

    async def _answer_all(self) -> None:
        while self._waiting:
            some = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            answers = await self._done([asked for asked, _ in some])
            for (_, future), answer in zip(some, answers, strict=True):
                if future.done():  # whoever asked has gone
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)

    async def _done(self, asked: Sequence[Asked]) -> Sequence[Answer | Exception]:
        try:
            return await run_sync(self._work, asked, limiter=self._thread)
        except Exception as error:  # a fault of ours, which only the one that met it is told
            if len(asked) == 1:
                return [error]
            return [answer for one in asked for answer in await self._done([one])]
