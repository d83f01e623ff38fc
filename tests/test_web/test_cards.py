"""The queue of cards."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tagger.web.cards import MOST_PASTED, NoResultLines, NoSuchCard, Queue, queue_card, read_results


def card_record(record: dict[str, Any], number: int) -> dict[str, Any]:
    """A card of its own: another text, and another probability."""
    sure = [{**record["nature"][0], "probability": number / 20_000}, *record["nature"][1:]]
    return record | {"text": f"{record['text']}{number}", "nature": sure, "title": f"第{number}份"}


def test_most_doubtful_comes_first_and_what_is_no_notice_last(records: list[dict[str, Any]]) -> None:
    sure, doubtful, asked, none = (card_record(records[0], n) for n in (19_000, 2_000, 18_000, 1))
    asked["review"] = {"needed": True, "reasons": ["x"]}
    sure["review"] = doubtful["review"] = {"needed": False, "reasons": []}
    none["notice"] = False
    queue = Queue()
    for record in (sure, none, doubtful, asked):
        queue.add(queue_card(record))
    assert [card.title for card in queue] == ["第18000份", "第2000份", "第19000份", "第1份"]
    assert [round(card.doubt, 2) for card in queue] == [1.1, 0.9, 0.05, -1.0]


def test_same_text_is_one_card_as_it_was_tagged_last(records: list[dict[str, Any]]) -> None:
    queue = Queue()
    queue.add(queue_card(records[0]))
    queue.add(queue_card(records[0] | {"model": "other"}))
    (card,) = queue
    assert card.record["model"] == "other"
    assert card.record == records[0] | {"model": "other"}


def test_cards_without_text_are_told_apart_by_their_source(records: list[dict[str, Any]]) -> None:
    bare = [{k: v for k, v in record.items() if k != "text"} for record in records]
    assert len({queue_card(record).id for record in bare}) == len(bare)


def test_pasted_cards_do_not_pile_up(records: list[dict[str, Any]]) -> None:
    queue = Queue()
    queue.add(queue_card(records[1]))
    for number in range(MOST_PASTED + 5):
        queue.add(queue_card(card_record(records[0], number)), pasted=True)
    titles = {card.title for card in queue}
    assert len(queue) == MOST_PASTED + 1
    assert records[1]["title"] in titles
    assert "第4份" not in titles and "第5份" in titles


def test_card_that_is_not_there() -> None:
    with pytest.raises(NoSuchCard, match="reload"):
        Queue().card("0")


def test_errors_and_empty_lines_are_passed_over(results: Path, records: list[dict[str, Any]]) -> None:
    with results.open("a", encoding="utf-8") as file:
        file.write('\n{"schema": 1, "source": "x", "error": {"kind": "empty", "message": "m"}}\n')
    assert [card.record for card in read_results(results)] == records


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"7",
        b"{}",
        b'{"source": "a", "case": 1, "notice": true}',
        b"\xff\xfe",
        b"PK\x03\x04",
        b'{"text": "\\ud83d"}',
    ],
)
def test_line_that_is_no_result_is_named(results: Path, line: bytes) -> None:
    results.write_bytes(results.read_bytes() + line + b"\n")
    with pytest.raises(NoResultLines, match=r"cards\.jsonl, line 11 "):
        list(read_results(results))


@pytest.mark.parametrize(
    "broken",
    [
        {"industry": None},
        {"facts": {}},
        {"review": None},
        {"nature": [{"label": "其他"}]},
        {"statutes": [{}]},
        {"title": 7},
        {"text": 7},
        {"evidence": {"industry": [{"label": "其他", "text": "x", "spans": "x", "weight": 1}]}},
    ],
)
def test_field_of_another_form_is_no_result(
    results: Path, records: list[dict[str, Any]], broken: dict[str, Any]
) -> None:
    results.write_text(json.dumps(records[0] | broken), encoding="utf-8")
    with pytest.raises(NoResultLines, match="line 1 "):
        list(read_results(results))


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoResultLines, match="tagger batch"):
        list(read_results(tmp_path / "none.jsonl"))
    with pytest.raises(NoResultLines, match="tagger batch"):
        list(read_results(tmp_path))


def test_ten_thousand_cards_are_there_at_once(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    path = tmp_path / "many.jsonl"
    with path.open("wb") as file:
        for number in range(10_000):
            file.write(msgspec.json.encode(card_record(records[number % 10], number)) + b"\n")
    queue = Queue()
    for card in read_results(path):
        queue.add(card)
    began = time.process_time()
    doubts = [card.doubt for card in queue]
    assert (
        time.process_time() - began < 2
    )  # reading them took longer; sorting at every card would take minutes
    assert len(doubts) == 10_000
    assert doubts == sorted(doubts, reverse=True)
