"""Articles looked up, and `tagger law`."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tagger.cli.law import command
from tagger.errors import TaggerError
from tagger.law.catalogue import UnknownArticle, load_catalogue
from tagger.law.lookup import NotInForce, UnreadableArticle, look_up, read_article

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("written", "article"),
    [
        ("27", ("27", "")),
        ("二十七", ("27", "")),
        ("第二十七条", ("27", "")),
        ("第27条第1款", ("27", "1")),
        ("59.1", ("59", "1")),
        ("253之一", ("253之一", "")),
        ("第二百五十三条之一第一款第（二）项", ("253之一", "1")),
        (" 27 ", ("27", "")),
    ],
)
def test_an_article_in_any_writing(written: str, article: tuple[str, str]) -> None:
    assert read_article(written) == article


@pytest.mark.parametrize("written", ["", "abc", "第二十一条、第五十九条", "第零条", "12345", "网络安全法"])
def test_what_is_no_article(written: str) -> None:
    with pytest.raises(UnreadableArticle, match="is no article"):
        read_article(written)


def test_the_same_number_in_both_editions() -> None:
    law = CATALOGUE.law("网安法")
    (old,) = look_up(CATALOGUE, law, "27", "2025")
    (new,) = look_up(CATALOGUE, law, "27", "2026-03-01")
    assert old.article is not None and new.article is not None
    assert {link.penalty for link in old.sanctioned_by} == {"63"}
    assert {link.penalty for link in new.sanctioned_by} == {"61"}
    assert [(e.edition.in_force, e.articles) for e in new.elsewhere] == [("2017-06-01", ("25",))]
    assert new.other_meanings() == [("2017-06-01", old.article.gist)]


def test_a_paragraph_narrows_the_sanctions() -> None:
    (entry,) = look_up(CATALOGUE, CATALOGUE.law("网安法"), "第五十九条第二款", "2020")
    assert {link.duties for link in entry.sanctions} == {("33", "34", "36", "38")}


def test_an_article_that_is_not_described_still_has_its_other_number() -> None:
    (entry,) = look_up(CATALOGUE, CATALOGUE.law("网安法"), "3", "2020")
    assert entry.article is None
    assert [e.articles for e in entry.elsewhere] == [("4",)]


def test_a_new_article_has_no_number_in_the_old_edition() -> None:
    (entry,) = look_up(CATALOGUE, CATALOGUE.law("网安法"), "63", "2026")
    assert [(e.articles, e.change) for e in entry.elsewhere] == [((), "new")]


def test_a_year_with_a_change_inside_shows_both_editions() -> None:
    entries = look_up(CATALOGUE, CATALOGUE.law("刑法"), "285", "2021")
    assert [entry.edition.in_force for entry in entries] == ["2015-11-01", "2021-03-01"]


@pytest.mark.parametrize(
    ("article", "on", "error", "says"),
    [
        ("80", "2020", UnknownArticle, "articles 1 to 79; there is no 80"),
        ("27", "2016-01-01", NotInForce, "not in force on 2016-01-01"),
    ],
)
def test_what_cannot_be_looked_up(article: str, on: str, error: type[TaggerError], says: str) -> None:
    with pytest.raises(error, match=says):
        look_up(CATALOGUE, CATALOGUE.law("网安法"), article, on)


# The command


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path))

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments, catch_exceptions=True)

    return invoke


def test_an_article_on_a_date(run) -> None:
    result = run("网络安全法", "27", "--on", "2026-03-01")
    assert result.exit_code == 0
    assert "网络安全法第27条 · 2026-01-01 to now" in result.output
    assert "duty: 制定应急预案" in result.output
    assert re.search(r"sanctioned by 第61条第1款: first .* fine 10,000–50,000 yuan", result.output)
    assert "edition 2017-06-01 to 2025-12-31: 第25条" in result.output
    assert "CAUTION: 第27条 means something else in the edition of 2017-06-01" in result.output


def test_a_law_without_an_article(run) -> None:
    result = run("33号令")
    assert result.exit_code == 0
    assert "1997-12-30 to 2011-01-07, 25 articles" in result.output
    assert re.search(r"第23条 +penalty +不履行备案职责", result.output)


def test_what_was_not_read_in_the_law_is_marked(run) -> None:
    assert "[unverified]" in run("漏洞管理规定").output
    assert "[secondary]" in run("儿童个人信息网络保护规定").output
    assert "[" not in run("网安法", "59", "--on", "2020").output


def test_a_charge(run) -> None:
    assert "刑法第287条之二" in run("帮信罪").output


def test_json(run) -> None:
    record = json.loads(run("网络安全法", "27", "--on", "2026-03-01", "--json").output)
    assert (record["law"], record["article"], record["role"]) == ("网络安全法", "27", "duty")
    assert record["edition"]["in_force"] == "2026-01-01"
    assert record["sanctioned_by"][0]["entity_fine_yuan"] == [10_000, 50_000]
    assert record["elsewhere"] == [
        {"edition": "2017-06-01", "articles": ["25"], "change": "renumbered only",
         "note": "应急预案、处置漏洞风险、事件报告"}
    ]  # fmt: skip
    assert record["other_meanings"][0]["edition"] == "2017-06-01"
    law = json.loads(run("个保法", "--json").output)
    assert law["editions"][0]["articles"] == 74
    assert len(law["articles"]) > 50


@pytest.mark.parametrize("on", ["2026-13", "2026-02-30", "yesterday", "26", "2026-3-1"])
def test_a_date_that_is_none(run, on: str) -> None:
    result = run("网安法", "27", "--on", on)
    assert result.exit_code == 2
    assert "YYYY-MM-DD" in result.output


def test_an_unknown_law_names_the_nearest(run) -> None:
    result = run("网路安全法")
    assert isinstance(result.exception, TaggerError)
    assert "did you mean 网络安全法" in str(result.exception)


def test_a_law_of_ones_own(run, tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "laws.csv").write_text(
        "law_id,citation_name,aliases,version_id,effective_from\nX,某市网络条例,,X-1,2020-01-01\n",
        encoding="utf-8",
    )
    assert "某市网络条例" in run("某市网络条例").output
