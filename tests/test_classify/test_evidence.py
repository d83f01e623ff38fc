"""Evidence adds up to the score, and stands in the text where it says."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger import shipped
from tagger.classify.evidence import BEFORE_READING, WITH_THE_OTHERS, parts
from tagger.classify.features import Input
from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations
from tagger.law.sanctions import sanction_clauses
from tagger.notice import Notice
from tagger.tagger import Tagger
from tagger.taxonomy import TARGETS

NOTICES = [
    json.loads(line)
    for line in (shipped.DATA / "field" / "written.jsonl").read_text("utf-8").splitlines()[::9]
]
NO_PHRASE = {BEFORE_READING, WITH_THE_OTHERS}


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load("shipped")


def as_input(text: str, title: str = "") -> Input:
    whole = f"{title}\n{text}" if title else text
    notice = Notice(text=whole, title=title, date="2023-05")
    return Input(notice, find_citations(whole, load_catalogue(None)), sanction_clauses(whole), "2023-05")


def distance(tagger: Tagger, one: Input) -> float:
    """How far the parts of any label are from its logit."""
    model = tagger.model
    (reading,) = model.read([one])
    (logits,) = model.logits([reading])
    added = parts(model, one, reading, model.text([reading])[0]).logits.sum(axis=0)
    assert {head.target for head in model.heads if head.start < len(added)} == set(TARGETS)
    return float(np.abs(added - logits[: len(added)]).max())


@pytest.mark.parametrize("row", NOTICES, ids=lambda row: row["id"])
def test_the_parts_of_every_label_add_up_to_its_logit(tagger: Tagger, row: dict[str, str]) -> None:
    assert distance(tagger, as_input(row["text"], row["title"])) < 1e-9


PIECES = st.sampled_from(
    [*"某市医院黑客，。", "未留存网络日志", "依据《网络安全法》第二十一条", "罚款五万元", "张某",
     "被行政拘留", "İI", "弱口令", "APP", "个人信息", "入侵", "没有", "\n", "员工", "公司"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=40).map("".join))
def test_the_parts_add_up_for_any_text(tagger: Tagger, text: str) -> None:
    assert distance(tagger, as_input(text)) < 1e-9


@pytest.mark.parametrize("row", NOTICES, ids=lambda row: row["id"])
def test_evidence_stands_where_it_says(tagger: Tagger, row: dict[str, str]) -> None:
    card = tagger.tag(row["text"], title=row["title"], date=row["published"], explain=True)
    assert card.evidence is not None
    if not card.notice:
        assert card.evidence == {}
        return
    assert set(card.evidence) == set(TARGETS)
    for target, items in card.evidence.items():
        assert not any("|" in item.text for item in items), "a feature's name is no evidence"
        assigned = card.assigned(target)
        runner_up = [one.label for one in card.ranking(target) if not one.assigned][:1]
        assert {item.label for item in items} <= {*assigned, *runner_up}
        assert items[0].label == assigned[0]
        for item in items:
            assert 0 < item.weight <= 1
            assert all(0 <= start < end <= len(card.text) for start, end in item.spans)
            if item.text in card.text.lower() and item.spans:
                assert any(
                    item.text in card.text[start:end].lower() or end - start >= len(item.text)
                    for start, end in item.spans
                )
        for label in assigned:
            weights = [item.weight for item in items if item.label == label]
            assert sum(weights) <= 1 + 1e-3
            assert weights == sorted(weights, reverse=True)


def test_time_is_linear_where_one_phrase_fills_the_text(tagger: Tagger) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        tagger.tag("公民个人信息" * count, explain=True)
        return time.process_time() - started

    seconds(100)
    # Side by side, because a shared machine is fast and slow by turns; a quadratic one takes 60 times as long.
    assert min(seconds(8_000) / max(seconds(1_000), 1e-3) for _ in range(3)) < 25


def test_the_word_that_decides_is_named(tagger: Tagger) -> None:
    card = tagger.tag(
        "某市人民医院未按规定留存网络日志，网安部门依法对该医院予以警告，责令改正。", explain=True
    )
    assert card.evidence is not None
    first = next(item for item in card.evidence["industry"] if item.text not in NO_PHRASE)
    assert first.label == "医疗卫生"
    assert "医院" in first.text
    assert all("医院" in card.text[start:end] for start, end in first.spans)


def test_evidence_is_only_there_when_asked_for(tagger: Tagger) -> None:
    card = tagger.tag("某医院未留存网络日志，被警告。")
    assert card.evidence is None
    assert card.precedents is None
    assert "evidence" not in card.to_record()


def test_explaining_changes_no_label(tagger: Tagger) -> None:
    for row in NOTICES[:5]:
        plain = tagger.tag(row["text"], title=row["title"])
        explained = tagger.tag(row["text"], title=row["title"], explain=True)
        assert plain.to_record() == {
            key: value
            for key, value in explained.to_record().items()
            if key not in ("evidence", "precedents")
        }
