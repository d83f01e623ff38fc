"""The card as plain data: one record in two forms, and what makes two cards one."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from tagger.card import (
    CaseCard,
    Check,
    Evidence,
    Facts,
    Precedent,
    RankedLabel,
    RankedStatute,
    Review,
    Sanction,
)

CARD = CaseCard(
    source="某文.txt",
    text="某公司被罚款1万元",
    date="2023-05",
    industry=(RankedLabel("互联网", 0.9, True), RankedLabel("金融", 0.05, False)),
    statutes=(RankedStatute("刑法", "253之一", None, "cited", 1.0, True, ("253之一.1",), ((0, 3),)),),
    keywords=("公司",),
    sanctions=(Sanction("organisation", "fine", 10000.0, spans=((4, 9),)), Sanction("person", "warning")),
    facts=Facts(authority="某网安支队"),
    checks=(Check("unknown-law", "…"),),
    evidence={"industry": (Evidence("互联网", "公司", ((1, 3),), 0.5),)},
    precedents=(Precedent("2020-001", "某案", 0.4, ("公司",), ("刑法第253条之一",), "罚款"),),
    review=Review(True, ("行业不确定",), {"industry": ("互联网", "金融")}),
    model="default-1",
)


def only_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return type(value) is dict and all(map(only_plain, value.values()))
    if isinstance(value, list):
        return all(map(only_plain, value))
    return value is None or type(value) in (str, int, float, bool)


def test_the_json_line_is_the_record() -> None:
    assert json.loads(CARD.to_json()) == CARD.to_record()
    assert list(json.loads(CARD.to_json())) == list(CARD.to_record())
    assert only_plain(CARD.to_record())


def test_the_record_has_the_names_of_the_contract() -> None:
    record = CARD.to_record(with_text=True)
    assert record["statutes"][0]["citation"] == "刑法第253条之一"
    assert record["sanctions"] == [
        {"on": "organisation", "kind": "fine", "amount_yuan": 10000.0, "spans": [[4, 9]]},
        {"on": "person", "kind": "warning", "spans": []},
    ]
    assert record["evidence"]["industry"] == [
        {"label": "互联网", "text": "公司", "spans": [[1, 3]], "weight": 0.5}
    ]
    assert record["text"] == CARD.text
    assert "evidence" not in replace(CARD, evidence=None, precedents=None).to_record()


def test_offsets_are_neither_compared_nor_printed() -> None:
    moved = replace(CARD, offsets=range(9))
    assert moved == CARD
    assert repr(moved) == repr(CARD)
    assert moved != replace(CARD, title="题")
    assert moved.original_span((1, 3)) == (1, 3)
