"""What a report counts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tagger import shipped
from tagger.cli.batch import command as batch_command
from tagger.report.entries import Article, NoResults, read_batch
from tagger.report.figures import count


def result(source: str, **fields: object) -> dict[str, object]:
    """A result line with one assigned label a target."""
    record: dict[str, object] = {"schema": 1, "source": source, "case": 1, "title": source, "notice": True}
    for target, label in (
        ("industry", "医疗卫生"),
        ("subject", "政企机构"),
        ("nature", "建设运维管理疏失"),
        ("impact", "公众利益"),
        ("liability", "不履行安全保护义务"),
    ):
        record[target] = [
            {"label": label, "probability": 0.9, "assigned": True},
            {"label": "别的", "probability": 0.1, "assigned": False},
        ]
    record["statutes"] = [
        {
            "citation": "网络安全法第21条",
            "edition": "2017-06-01",
            "basis": "cited",
            "assigned": True,
        },
        {"citation": "网络安全法第59条", "edition": "2017-06-01", "basis": "predicted", "assigned": True},
        {"citation": "网络安全法第25条", "edition": "2017-06-01", "basis": "predicted", "assigned": False},
    ]
    return record | fields


def written(tmp_path: Path, *records: dict[str, object]) -> Path:
    path = tmp_path / "cards.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path


def test_an_event_counts_once(tmp_path: Path) -> None:
    path = written(tmp_path, result("a", group="g1"), result("b", group="g1"), result("c"))
    figures = count(read_batch(path))
    assert (figures.cases, len(figures.events)) == (3, 2)
    assert figures.distributions["industry"][0].count == 2


def test_what_is_not_assigned_is_not_counted(tmp_path: Path) -> None:
    figures = count(read_batch(written(tmp_path, result("a"))))
    assert [s.label for s in figures.distributions["nature"]] == ["建设运维管理疏失"]
    assert {(s.citation, s.cited, s.predicted) for s in figures.statutes} == {
        ("网络安全法第21条", 1, 0),
        ("网络安全法第59条", 0, 1),
    }


def test_a_cause_is_a_duty_and_no_penalty(tmp_path: Path) -> None:
    figures = count(read_batch(written(tmp_path, result("a"))))
    assert [c.citation for c in figures.causes] == ["网络安全法第21条"]


def test_errors_and_other_texts_are_counted_apart(tmp_path: Path) -> None:
    error = {"schema": 1, "source": "x", "error": {"kind": "empty", "message": "empty"}}
    figures = count(read_batch(written(tmp_path, result("a"), error, result("r", notice=False))))
    assert (len(figures.events), figures.failed, figures.not_notices) == (1, 1, 1)


def test_fines_by_industry(tmp_path: Path) -> None:
    fines = [
        {"on": "organisation", "kind": "fine", "amount_yuan": 10000, "spans": []},
        {"on": "person", "kind": "fine", "amount_yuan": 5000, "spans": []},
        {"on": "organisation", "kind": "criminal-fine", "amount_yuan": 90000, "spans": []},
    ]
    figures = count(read_batch(written(tmp_path, result("a", sanctions=fines))))
    assert figures.profiles[0].fines == (10000,)
    assert figures.total_fines == 15000


@pytest.mark.parametrize(
    "content", ["", "not json\n", "[1, 2]\n", '{"source": "a"}\n', '{"facts": "no id"}\n']
)
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NoResults, match=r"x\.jsonl"):
        read_batch(path)


def test_the_casebook_beside_the_published_figures() -> None:
    figures = count(read_batch(shipped.DATA / "cases.jsonl"))
    assert (figures.cases, len(figures.events)) == (101, 100)
    for figure in figures.published:
        agrees = abs(figure.share - figure.published) < 0.0015
        assert agrees != bool(figure.explanation), figure


NOTICES = {
    "1.txt": "某医院未留存网络日志。2023年5月，网安部门依据《网络安全法》第二十一条、第五十九条对该医院罚款一万元。",
    "2.txt": "某物业公司员工李某出售业主信息，2022年3月被判处有期徒刑八个月，并处罚金三千元。",
    "3.txt": "某学校网站被篡改，网安部门对该校予以警告，责令改正。",
    "4.txt": "今天天气很好，我们去公园散步，看见了许多花，晚上做了一道番茄炒蛋。",
}


def test_a_table_gives_the_figures_of_the_lines(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in NOTICES.items():
        (folder / name).write_text(text, encoding="utf-8")
    figures = []
    for ending in ("jsonl", "csv", "xlsx", "parquet"):
        output = tmp_path / f"cards.{ending}"
        done = CliRunner().invoke(batch_command, [str(folder), "-o", str(output), "--jobs", "1"])
        assert done.exit_code == 0, done.output
        figures.append(count(read_batch(output)))
    assert figures[0].total_fines == 10_000 and figures[0].warned == 1 and figures[0].not_notices == 1
    assert {s.edition for s in figures[0].statutes} >= {"2017-06-01"}
    assert all(one == figures[0] for one in figures[1:])


def test_an_unedited_table_keeps_every_article_and_edition(tmp_path: Path) -> None:
    interpretation = "最高人民法院、最高人民检察院关于办理侵犯公民个人信息刑事案件适用法律若干问题的解释第5条"
    statutes = [
        {"citation": citation, "edition": edition, "basis": basis}
        for citation, edition, basis in (
            (interpretation, "2017-06-01", "cited"),
            ("治安管理处罚法第29条", "2013-01-01", "cited"),
            ("治安管理处罚法第29条", "2026-01-01", "predicted"),
            ("某省条例：实施细则第3条", None, "predicted"),
        )
    ]
    grounds = (
        f"{interpretation}：原文引用，2017-06-01版；治安管理处罚法第29条：原文引用，2013-01-01版；"
        "治安管理处罚法第29条：模型推断 60%，2026-01-01版；某省条例：实施细则第3条：模型推断 60%"
    )
    cells = {
        "所属行业": "医疗卫生",
        "触犯法条": "、".join(s["citation"] for s in statutes),
        "法条依据": grounds,
    }
    path = tmp_path / "cards.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([cells.keys(), cells.values()])
    (entry,) = read_batch(path).entries
    assert [(a.citation, a.edition, a.basis) for a in entry.articles] == [
        (s["citation"], s["edition"], s["basis"]) for s in statutes
    ]
    cells["触犯法条"] = "刑法第285条、治安管理处罚法第29条"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([cells.keys(), cells.values()])
    (edited,) = read_batch(path).entries
    assert [a.citation for a in edited.articles] == ["刑法第285条", "治安管理处罚法第29条"]
    assert edited.articles[0] == Article("刑法第285条", None, "cited")
