"""`tagger review` and `tagger models diff`: which cards are picked, how they come back, what changes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from msgspec.structs import replace

from tagger import cli, rereading, selection, shipped, store
from tagger.card import CaseCard
from tagger.casebook import case_from_record, label_sets, read_cases
from tagger.modeldiff import changes, counts
from tagger.notice import Document, Notice
from tagger.notice.split import notices
from tagger.reviewbook import write_review
from tagger.rows import read_labelled
from tagger.selection import Pick, select
from tagger.tagger import Tagger

Run = Callable[..., tuple[int, str, str]]
ROWS = [
    json.loads(line) for line in (shipped.DATA / "field" / "dev.jsonl").read_text("utf-8").splitlines()[:12]
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load("shipped")


@pytest.fixture(scope="module")
def read() -> list[Notice]:
    return [notices(Document(r["id"], r["text"], r["title"], r["published"]), split=False)[0] for r in ROWS]


@pytest.fixture(scope="module")
def cards(tagger: Tagger, read: list[Notice]) -> list[CaseCard]:
    return tagger.tag_notices(read)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "home"))

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tagger", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, out, err

    return call


def test_the_most_doubtful_comes_first_and_none_twice(cards: list[CaseCard]) -> None:
    reposts = [replace(card, source=f"{card.source}-again") for card in cards[:3]]
    found = select([*cards, *reposts], 12, read_cases())
    assert found.picks[0].doubt == max(selection.doubt(card) for card in cards)
    assert found.reposts == 3
    assert len({pick.card.source for pick in found.picks}) == len(found.picks) == 12 - found.known
    assert all(0 <= pick.likeness <= 1 for pick in found.picks)


def test_what_the_casebook_tells_and_what_is_no_notice_is_left_out(cards: list[CaseCard]) -> None:
    told = case_from_record({"id": "x", "facts": ROWS[0]["text"], "title": ROWS[0]["title"]})
    other = [replace(cards[1], notice=False), cards[0], cards[2]]
    found = select(other, 5, [told])
    assert (found.no_notice, found.known) == (1, 1)
    assert [pick.card.source for pick in found.picks] == [cards[2].source]
    assert select([], 5, []).picks == ()


def test_a_likeness_makes_a_card_wait(cards: list[CaseCard], monkeypatch: pytest.MonkeyPatch) -> None:
    one, twin, other = cards[:3]
    alike = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    from scipy.sparse import csr_array

    monkeypatch.setattr(selection, "_vectors", lambda texts: csr_array(alike))
    monkeypatch.setattr(
        selection, "doubt", lambda card: {one.source: 0.9, twin.source: 0.8, other.source: 0.1}[card.source]
    )
    picks = selection._spread([one, twin, other], 3)
    assert [pick.card.source for pick in picks] == [one.source, other.source, twin.source]


def test_the_workbook_has_lists_and_is_read_back_where_checked(
    cards: list[CaseCard], tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "review.xlsx"
    write_review([Pick(card, 0.5, 0.0) for card in cards[:3]], label_sets(()), path)
    assert read_labelled(path).unchecked == 3
    status, _, err = run("add", path)
    assert status == 2 and "none is marked as checked" in err
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation][:2] == [
        '"是,否"',
        "'标签'!$A$2:$A$15",
    ]
    head = [cell.value for cell in sheet[1]]
    sheet.cell(2, 1).value = "是"
    sheet.cell(2, head.index("所属行业") + 1).value = "金融、互联网"
    book.save(path)
    status, out, err = run("add", path)
    assert status == 0 and out.startswith("added: 1 case of review.xlsx")
    assert "left alone: 2 rows that nobody marked as checked" in err
    (case,) = store.user_cases(tmp_path / "home" / "cases.jsonl")
    assert case.industry == ("金融", "互联网") and case.facts == ROWS[0]["text"]


def test_review_of_a_folder_and_of_a_batch(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for row in ROWS[:4]:
        (folder / f"{row['id']}.txt").write_text(f"{row['title']}\n{row['text']}", encoding="utf-8")
    out = tmp_path / "review.xlsx"
    status, said, _ = run("review", folder, "-o", out, "-n", 2)
    assert status == 0 and said == f"2 cards of 4 -> {out}\n"
    batch = tmp_path / "cards.jsonl"
    assert run("batch", folder, "-o", batch, "--jobs", 1)[0] == 0
    status, _, err = run("review", batch, "-o", out)
    assert status == 2 and "--with-text" in err
    assert run("batch", folder, "-o", batch, "--with-text", "--jobs", 1)[0] == 0
    assert run("review", batch, "-o", out)[:2] == (0, f"4 cards of 4 -> {out}\n")
    assert run("review", batch, "-o", tmp_path / "review.csv")[0] == 2
    assert run("review", tmp_path / "missing", "-o", out)[0] == 2


def test_results_are_read_again_as_they_were_split(tmp_path: Path, cards: list[CaseCard]) -> None:
    path = tmp_path / "cards.jsonl"
    failed = {"schema": 1, "source": "x", "error": {"kind": "empty", "message": "…"}}
    lines = [failed, *(card.to_record(with_text=True) for card in cards[:2])]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "not JSON\n", encoding="utf-8")
    found = rereading.read_again(path)
    assert [(one.source, one.text) for one in found] == [(card.source, card.text) for card in cards[:2]]
    path.write_text(json.dumps(failed) + "\n", encoding="utf-8")
    with pytest.raises(rereading.NoText):
        rereading.read_again(path)


def test_a_difference_of_two_models(tagger: Tagger, read: list[Notice]) -> None:
    assert not list(changes(read, tagger, tagger))
    model = tagger.model
    bias = np.array(model.bias)
    industry = next(head for head in model.heads if head.target == "industry")
    bias[industry.start + industry.labels.index("水利")] += 50.0
    other = Tagger.load("shipped")
    object.__setattr__(other, "model", replace(model, bias=bias))
    found = list(changes(read, tagger, other))
    assert len(found) == len(read) and counts(found)["所属行业"] == len(read)
    assert found[0].fields["所属行业"][1][0] == "水利"


def test_the_command_lists_what_changes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(ROWS[0]["text"], encoding="utf-8")
    status, out, err = run("models", "diff", "shipped", "shipped", path)
    assert (status, out) == (0, "") and err.endswith("0 of 1 card would change\n")
