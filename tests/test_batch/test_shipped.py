"""A batch with the shipped model gives the cards that `tagger tag` gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tagger.batch.run import run, spreading
from tagger.batch.work import Settings, model_name
from tagger.casebook import read_cases
from tagger.notice.read import read_path
from tagger.tables import read_rows
from tagger.tagger import Tagger
from tagger.taxonomy import TARGETS


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notices")
    for case in read_cases()[:12]:
        (folder / f"{case.id}.txt").write_text(case.text, encoding="utf-8")
    round_up = "\n".join(
        f"典型案例{n}：{case.title}\n{case.facts}"
        for n, case in zip("一二三", read_cases()[20:23], strict=True)
    )
    (folder / "round-up.txt").write_text(round_up, encoding="utf-8")
    return folder


def essence(record: dict[str, Any]) -> dict[str, Any]:
    """What does not hang on the last digit of a sum."""
    kept = ("source", "case", "cases_in_source", "title", "date", "notice", "keywords", "sanctions", "facts")
    labels = {t: [entry["label"] for entry in record[t] if entry["assigned"]] for t in (*TARGETS,)}
    statutes = {s["citation"] for s in record["statutes"] if s["assigned"]}
    return {name: record[name] for name in kept} | labels | {"statutes": statutes}


def test_a_batch_gives_the_cards_of_one_by_one(notices: Path, tmp_path: Path) -> None:
    settings = Settings()
    out = tmp_path / "cards.jsonl"
    run([notices], out, settings, spreading(settings, 1), model=model_name(settings))
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    tagger = Tagger.load()
    expected = [
        card.to_record()
        for path in sorted(notices.iterdir())
        for document in read_path(path, path.name)
        for card in tagger.tag_document(document)
    ]
    assert [essence(record) for record in found] == [essence(record) for record in expected]
    assert [list(record) for record in found] == [list(record) for record in expected]
    assert {record["model"] for record in found} == {model_name(settings)}
    assert all(record["group"].startswith("g") for record in found)


def test_a_workbook_of_the_same_cards(notices: Path, tmp_path: Path) -> None:
    settings = Settings(with_text=True, explain=True, redact=True)
    out = tmp_path / "cards.xlsx"
    run([notices], out, settings, spreading(settings, 1))
    rows = list(read_rows(out))
    assert len(rows) == 15
    assert all(
        row["industry"] and row["facts"] and row["precedents"] for row in rows if row["notice"] == "是"
    )


def test_one_job_on_a_pipe_brings_in_nothing_that_it_does_not_need(notices: Path, tmp_path: Path) -> None:
    heavy = (
        "joblib",
        "sklearn",
        "scipy",
        "pandas",
        "rich",
        "openpyxl",
        "xlsxwriter",
        "pyarrow",
        "distributed",
    )
    script = (
        "import sys\n"
        "from tagger.cli.batch import command\n"
        "command(sys.argv[1:], standalone_mode=False)\n"
        f"print([name for name in {heavy} if name in sys.modules])\n"
    )
    arguments = [sys.executable, "-c", script, str(notices), "-o", str(tmp_path / "c.jsonl"), "--jobs", "1"]
    told = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=120)
    assert told.stdout == "[]\n"
