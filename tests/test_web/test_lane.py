"""Requests that wait together: each gets its own answer, whatever becomes of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import Event

import pytest

from tagger.web.lane import MOST, Lane


class Worker:
    """Doubles numbers once it may go on, and remembers what was handed to it at once."""

    def __init__(self) -> None:
        self.chunks: list[list[int]] = []
        self.go_on = Event()

    def __call__(self, asked: Sequence[int]) -> list[int | Exception]:
        self.chunks.append(list(asked))
        assert self.go_on.wait(10)
        return [ValueError(f"{one} is odd") if one % 2 else 2 * one for one in asked]


async def first_then(lane: Lane[int, int], worker: Worker, others: Sequence[int]) -> list[object]:
    """The answers where the others come while the first, 0, is at work."""
    first = asyncio.create_task(lane.answer(0))
    while not worker.chunks:
        await asyncio.sleep(0.001)
    waiting = [asyncio.create_task(lane.answer(one)) for one in others]
    await asyncio.sleep(0)
    worker.go_on.set()
    return await asyncio.gather(first, *waiting, return_exceptions=True)


def test_what_waits_is_done_together() -> None:
    worker = Worker()
    lane: Lane[int, int] = Lane(worker)
    assert asyncio.run(first_then(lane, worker, [2, 4, 6])) == [0, 4, 8, 12]
    assert worker.chunks == [[0], [2, 4, 6]]


def test_no_more_than_a_bounded_number() -> None:
    worker = Worker()
    lane: Lane[int, int] = Lane(worker)
    asyncio.run(first_then(lane, worker, range(2, 2 * MOST + 6, 2)))
    assert [len(chunk) for chunk in worker.chunks] == [1, MOST, 2]


def test_one_that_is_wrong_spoils_no_other() -> None:
    worker = Worker()
    lane: Lane[int, int] = Lane(worker)
    good, bad, other = asyncio.run(first_then(lane, worker, [3, 4]))
    assert (good, other) == (0, 8)
    assert isinstance(bad, ValueError)


def test_a_fault_that_one_meets_spoils_no_other() -> None:
    worker = Worker()

    def work(asked: Sequence[int]) -> list[int | Exception]:
        answers = worker(asked)
        if 4 in asked:
            raise RuntimeError("a fault of ours")
        return answers

    good, faulty, other = asyncio.run(first_then(Lane(work), worker, [4, 6]))
    assert (good, other) == (0, 12)
    assert isinstance(faulty, RuntimeError)


def test_a_fault_is_told_and_the_lane_goes_on() -> None:
    calls: list[int] = []

    def work(asked: Sequence[int]) -> list[int | Exception]:
        calls.extend(asked)
        if len(calls) == 1:
            raise RuntimeError("a fault of ours")
        return list(asked)

    async def twice() -> int:
        lane: Lane[int, int] = Lane(work)
        with pytest.raises(RuntimeError):
            await lane.answer(1)
        return await lane.answer(2)

    assert asyncio.run(twice()) == 2


def test_somebody_who_goes_away_keeps_nobody_waiting() -> None:
    worker = Worker()
    lane: Lane[int, int] = Lane(worker)

    async def gone() -> list[object]:
        first = asyncio.create_task(lane.answer(0))
        while not worker.chunks:
            await asyncio.sleep(0.001)
        leaving, staying = (asyncio.create_task(lane.answer(one)) for one in (2, 4))
        await asyncio.sleep(0)
        leaving.cancel()
        worker.go_on.set()
        return await asyncio.gather(first, leaving, staying, return_exceptions=True)

    first, left, stayed = asyncio.run(gone())
    assert (first, stayed) == (0, 8)
    assert isinstance(left, asyncio.CancelledError)
