"""Corrections: saved once, told apart from another window's, taken back, and whole whatever happened."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tagger import store
from tagger.law.catalogue import load_catalogue
from tagger.notice import Document
from tagger.notice.errors import EmptyInput, WrongFormat
from tagger.problems import BadCases
from tagger.web.cards import QueueCard
from tagger.web.workbench import (
    LONGEST,
    Asked,
    CardChanged,
    NothingToCorrect,
    TextTooLong,
    Workbench,
    dropped,
    pasted,
)
from tagger.workspace import Workspace

MakeBench = Callable[..., Workbench]
NOTICE = (
    "2021年3月，某市网安支队检查发现某物业公司未落实网络安全等级保护制度，"
    "依据《网络安全法》第二十一条、第五十九条，责令改正并警告。"
)


def first(bench: Workbench) -> QueueCard:
    return next(bench.queue())[0]


def case_ids(home: Workspace) -> list[str]:
    return [case.id for case in store.user_cases(home.cases)]


# ---- saving ------------------------------------------------------------------------------------


def test_accepted_card_is_a_case_with_what_was_assigned(
    make_bench: MakeBench, results: Path, home: Workspace
) -> None:
    bench = make_bench(results)
    card = first(bench)
    decision = bench.correct(card.id, 0, {})
    (case,) = store.user_cases(home.cases)
    assert case == decision.case
    record = card.record
    assert case.id == card.case_id
    assert case.text == record["text"]
    assert list(case.industry) == [e["label"] for e in record["industry"] if e["assigned"]]
    assert set(case.statutes) == {s["citation"] for s in record["statutes"] if s["assigned"]}
    assert case.published == "2020-06"
    assert store.read_log(home.cases).changes[0].sources[0].file == "workbench"


def test_corrected_card_shows_what_was_decided(make_bench: MakeBench, results: Path) -> None:
    bench = make_bench(results)
    card = first(bench)
    fields = {"industry": ["科研"], "statutes": ["刑法第285条", "网络安全法第21条"], "keywords": ["新词"]}
    bench.correct(card.id, 0, fields)
    record = bench.record(*bench.card(card.id))
    assert [e["label"] for e in record["industry"] if e["assigned"]] == ["科研"]
    assert {e["label"] for e in record["industry"]} >= {e["label"] for e in card.record["industry"]}
    assigned = [s for s in record["statutes"] if s["assigned"]]
    assert [s["citation"] for s in assigned] == fields["statutes"]
    added = assigned[0]
    assert (added["law"], added["article"], added["probability"]) == ("刑法", "285", 1.0)
    assert added["edition"] in [e.in_force for e in load_catalogue().law("刑法").editions]
    assert record["keywords"] == ["新词"]
    assert not record["review"]["needed"]
    assert record["text"] == card.record["text"]


def test_card_saved_again_replaces_its_case(make_bench: MakeBench, results: Path, home: Workspace) -> None:
    bench = make_bench(results)
    card = first(bench)
    one = bench.correct(card.id, 0, {"nature": ["其他"]})
    two = bench.correct(card.id, one.change, {"nature": ["机构犯罪"]})
    assert two.change > one.change
    assert [case.nature for case in store.user_cases(home.cases)] == [("机构犯罪",)]
    assert bench.take_back(card.id, two.change) == one
    assert bench.take_back(card.id, one.change) is None
    assert case_ids(home) == []


def test_wrong_field_is_refused_and_nothing_saved(
    make_bench: MakeBench, results: Path, home: Workspace
) -> None:
    bench = make_bench(results)
    card = first(bench)
    with pytest.raises(BadCases, match="外部入侵"):
        bench.correct(card.id, 0, {"nature": ["外部侵入"]})
    with pytest.raises(BadCases, match="has no article 999"):
        bench.correct(card.id, 0, {"statutes": ["网络安全法第999条"]})
    with pytest.raises(BadCases, match="empty"):
        bench.correct(card.id, 0, {"industry": []})
    assert not home.cases.exists()


def test_what_the_card_names_itself_may_be_new(
    make_bench: MakeBench, results: Path, records: list[dict[str, Any]], home: Workspace
) -> None:
    statute = records[0]["statutes"][0] | {
        "citation": "某省网络条例第3条",
        "law": "某省网络条例",
        "article": "3",
        "edition": None,
        "assigned": True,
    }
    own = records[0] | {
        "industry": [{"label": "农业", "probability": 0.9, "assigned": True}],
        "statutes": [statute],
    }
    results.write_text(json.dumps(own, ensure_ascii=False), encoding="utf-8")
    bench = make_bench(results)
    bench.correct(first(bench).id, 0, {})
    (case,) = store.user_cases(home.cases)
    assert (case.industry, case.statutes) == (("农业",), ("某省网络条例第3条",))


def test_card_without_text_cannot_be_learnt_from(
    make_bench: MakeBench, results: Path, records: list[dict[str, Any]]
) -> None:
    results.write_text(json.dumps({k: v for k, v in records[0].items() if k != "text"}), encoding="utf-8")
    bench = make_bench(results)
    with pytest.raises(NothingToCorrect, match="--with-text"):
        bench.correct(first(bench).id, 0, {})


def test_card_that_the_tagger_took_for_no_notice_can_be_labelled(make_bench: MakeBench) -> None:
    bench = make_bench()
    (record,) = bench.tag(pasted("今天天气很好，我们去公园散步，看见了许多花。"), queue=True)
    assert not record["notice"]
    with pytest.raises(BadCases, match="empty"):
        bench.correct(record["card"], 0, {})
    bench.correct(record["card"], 0, {"industry": "金融", "subject": "个人", "nature": "其他"})
    assert bench.record(*bench.card(record["card"]))["notice"]
    assert bench.figures().cases == 1


# ---- two at once, and what happens elsewhere -----------------------------------------------------


def test_second_of_two_windows_is_told(make_bench: MakeBench, results: Path, home: Workspace) -> None:
    bench = make_bench(results)
    card = first(bench)
    saved = bench.correct(card.id, 0, {"nature": ["其他"]})
    for late in (
        lambda: bench.correct(card.id, 0, {"nature": ["外部入侵"]}),
        lambda: bench.take_back(card.id, 0),
        lambda: bench.correct(card.id, saved.change + 1, {}),
    ):
        with pytest.raises(CardChanged, match="another window"):
            late()
    assert [case.nature for case in store.user_cases(home.cases)] == [("其他",)]


def test_second_of_two_servers_is_told(make_bench: MakeBench, results: Path, home: Workspace) -> None:
    one, two = make_bench(results), make_bench(results)
    card = first(one)
    saved = one.correct(card.id, 0, {"nature": ["其他"]})
    with pytest.raises(CardChanged):
        two.correct(card.id, 0, {"nature": ["外部入侵"]})
    two.correct(card.id, saved.change, {"nature": ["外部入侵"]})
    with pytest.raises(CardChanged):
        one.take_back(card.id, saved.change)
    assert [case.nature for case in store.user_cases(home.cases)] == [("外部入侵",)]


def test_two_servers_that_save_at_the_same_moment(
    make_bench: MakeBench, results: Path, home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = make_bench(results), make_bench(results)
    card = first(one)
    prepare = __import__("tagger.learning", fromlist=["x"]).prepare_labelled

    def overtaken(*given: Any, **options: Any) -> Any:
        prepared = prepare(*given, **options)
        monkeypatch.undo()
        two.correct(card.id, 0, {"nature": ["外部入侵"]})
        return prepared

    monkeypatch.setattr("tagger.learning.prepare_labelled", overtaken)
    with pytest.raises(CardChanged):
        one.correct(card.id, 0, {"nature": ["其他"]})
    assert [case.nature for case in store.user_cases(home.cases)] == [("外部入侵",)]


def test_undo_at_the_command_line_opens_the_card_again(
    make_bench: MakeBench, results: Path, home: Workspace
) -> None:
    bench = make_bench(results)
    card = first(bench)
    bench.correct(card.id, 0, {})
    store.undo(home.cases)
    assert bench.card(card.id)[1] is None
    bench.correct(card.id, 0, {})
    assert case_ids(home) == [card.case_id]


def test_taking_back_leaves_what_was_added_elsewhere(
    make_bench: MakeBench, results: Path, home: Workspace
) -> None:
    bench = make_bench(results)
    card = first(bench)
    saved = bench.correct(card.id, 0, {})
    row = {"id": "mine", "facts": NOTICE, "industry": "生活服务", "subject": "政企机构", "nature": "其他"}
    assert bench.add([row], new_labels=[], keep_duplicates=False) == (["mine"], [])
    bench.take_back(card.id, saved.change)
    assert case_ids(home) == ["mine"]


def test_next_start_finds_what_was_saved(make_bench: MakeBench, results: Path) -> None:
    bench = make_bench(results)
    card = first(bench)
    saved = bench.correct(card.id, 0, {"nature": ["其他"]})
    again = make_bench(results)
    assert again.card(card.id)[1] == saved
    assert sum(decision is not None for _, decision in again.queue()) == 1


# ---- tagging -------------------------------------------------------------------------------------


def test_pasted_notice_is_put_up(make_bench: MakeBench) -> None:
    bench = make_bench()
    (record,) = bench.tag(pasted(NOTICE), queue=True)
    card, decision = bench.card(record["card"])
    assert decision is None
    assert card.record["text"] == NOTICE
    assert card.record["evidence"] is not None
    assert "card" not in card.record


def test_requests_that_are_tagged_together_get_what_they_get_alone(make_bench: MakeBench) -> None:
    bench = make_bench()
    table = dropped("表.csv", ("title,text\n甲," + NOTICE + "\n乙,\n").encode())
    requests = [
        (pasted(NOTICE), Asked()),
        (pasted("医" * (LONGEST + 1)), Asked()),
        (pasted(NOTICE), Asked(explain=True, with_text=True)),
        (table, Asked(split=False)),
        (pasted(NOTICE, title="某物业公司被罚"), Asked()),
    ]
    together = bench.tag_together(requests)
    assert isinstance(together[1], TextTooLong)
    for (documents, asked), answer in zip(requests, together, strict=True):
        if not isinstance(answer, TextTooLong):
            assert list(map(json.loads, answer)) == bench.tag(
                documents, explain=asked.explain, with_text=asked.with_text, split=asked.split
            )


def test_round_up_is_several_cards(make_bench: MakeBench) -> None:
    text = "网警公布两起典型案例\n案例一：" + NOTICE + "\n案例二：" + NOTICE.replace("物业", "旅游")
    assert len(make_bench().tag(pasted(text))) == 2
    assert len(make_bench().tag(pasted(text), split=False)) == 1


def test_source_of_a_page_is_read_as_the_page() -> None:
    page = (
        "<!doctype html><html><head><title>x</title></head><body><article><h1>通报</h1>"
        f"<p>{NOTICE}</p><p>{NOTICE}</p></article><script>alert(1)</script></body></html>"
    )
    (document,) = pasted(page)
    assert "alert" not in document.text and "<p>" not in document.text
    assert "网安支队" in document.text


def test_markup_in_a_pasted_text_is_text(make_bench: MakeBench) -> None:
    (record,) = make_bench().tag(pasted(f"{NOTICE}<script>alert(1)</script>"), with_text=True)
    assert "<script>alert(1)</script>" in record["text"]


def test_dropped_file_is_read_by_its_ending(make_bench: MakeBench) -> None:
    (document,) = dropped("通报.txt", NOTICE.encode("gb18030"), date="2021-04-01")
    assert (document.text, document.source, document.date) == (NOTICE, "通报.txt", "2021-04-01")
    rows = "title,text\n甲," + NOTICE + "\n乙,\n"
    records = make_bench().tag(dropped("表.csv", rows.encode()))
    assert [record["source"] for record in records] == ["表.csv#1", "表.csv#2"]
    assert records[1]["error"]["kind"] == "empty"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ("a.txt", b"\xff\xd8\xff\xe0" + bytes(200)),
        ("a.doc", b"x"),
        ("a.pdf", b"no pdf"),
        ("../../etc/passwd.docx", b"%PDF-1.4"),
    ],
)
def test_dropped_file_that_is_no_notice_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(WrongFormat):
        dropped(name, data)


def test_nothing_pasted_or_dropped_is_refused() -> None:
    with pytest.raises(EmptyInput):
        pasted(" \n\t")
    with pytest.raises(EmptyInput):
        dropped("a.txt", b"")


def test_text_that_would_keep_the_page_waiting_is_refused(make_bench: MakeBench) -> None:
    with pytest.raises(TextTooLong, match="tagger batch"):
        make_bench().tag(pasted("医" * (LONGEST + 1)))
    with pytest.raises(TextTooLong, match="tagger batch"):
        make_bench().batch(
            [*pasted("医" * LONGEST), *pasted("医")], explain=False, with_text=False, split=True
        )


def test_batch_groups_by_event_and_goes_on_after_an_error(make_bench: MakeBench) -> None:
    documents = [
        *pasted(NOTICE * 3, source="a"),
        *pasted("【转载】" + NOTICE * 3, source="b"),
        Document("c", " \n\u3000"),
        *pasted("某医院被植入木马，患者信息外泄，公安机关对该医院处以警告。" * 3, source="d"),
    ]
    lines = make_bench().batch(documents, explain=False, with_text=False, split=False)
    a, b, c, d = map(json.loads, lines)
    assert [record["source"] for record in (a, b, c, d)] == ["a", "b", "c", "d"]
    assert a["group"] == b["group"] != d["group"]
    assert c["error"]["kind"] == "empty"


def test_report_counts_what_was_decided(make_bench: MakeBench, results: Path) -> None:
    bench = make_bench(results)
    card = first(bench)
    bench.correct(card.id, 0, {"title": "决定过的", "industry": ["水利"]})
    figures = bench.figures()
    assert figures.cases == 10
    (event,) = [event for event in figures.events if event.title == "决定过的"]
    assert event.labels["industry"] == ("水利",)


def test_report_without_a_queue_is_that_of_the_casebook(make_bench: MakeBench) -> None:
    bench = make_bench()
    row = {"id": "mine", "facts": NOTICE, "industry": "生活服务", "subject": "政企机构", "nature": "其他"}
    bench.add([row], new_labels=[], keep_duplicates=False)
    assert bench.figures().cases == 102
