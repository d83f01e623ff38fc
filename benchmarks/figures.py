"""How good the tagger is: the tables between `<!-- figures -->` and `<!-- /figures -->` of the documents.

    python benchmarks/figures.py                                                # prints them
    python benchmarks/figures.py --write README.md README.zh-CN.md docs/model.md

The shipped model tags the notices of data/field/, as a user's notices are tagged; the casebook is
cross-validated, because the model learnt from it. `--quick` leaves the nested validation out.
A document whose mark says `<!-- figures: all -->` gets the long table, one in Chinese its words.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagger import models, shipped
from tagger.card import CaseCard
from tagger.casebook import read_cases
from tagger.evaluation.figures import Figure, Judged, TargetFigures, share
from tagger.evaluation.measure import FOLDS, Measured, Workshop, cross_validated, measured
from tagger.notice import Document
from tagger.notice.split import notices
from tagger.tagger import Tagger
from tagger.taxonomy import TARGETS, Target

MAIN: tuple[Target, ...] = ("industry", "subject", "nature")
MARKS = re.compile(r"(<!-- figures(?P<all>: all)? -->\n).*?(<!-- /figures -->)", re.DOTALL)
SLIPS = {"刑法第253条": "刑法第253条之一", "刑法第175条": "刑法第175条之一"}
"""Misprints that everybody reads right; the two readers wrote them either way."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One set of notices: how many, and what was found on it."""

    name: str
    notices: int
    found: Measured
    first: Mapping[str, Figure]
    """By target the share that is right by the main annotation alone."""


def on_field_notices(tagger: Tagger, name: str) -> Column:
    """A file of data/field/, tagged as a batch tags it."""
    lines = (shipped.DATA / "field" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[Row] = [json.loads(line) for line in lines]
    documents = [Document(row["id"], row["text"], row["title"], row["published"]) for row in rows]
    cards = tagger.tag_notices([notices(document, split=False)[0] for document in documents])
    judged: dict[str, list[Judged]] = {
        target: _judged(rows, target, (card.assigned(target) for card in cards)) for target in TARGETS
    }
    judged["statutes_cited"] = _judged(rows, "statutes_cited", map(_cited, cards))
    judged["statutes_likely"] = _judged(rows, "statutes_likely", map(_assigned, cards))
    first: dict[str, Figure] = {
        t: share([bool({*j.assigned[:1]} & {*j.annotations[0]}) for j in judged[t]]) for t in MAIN
    }
    return Column(name, len(rows), measured(name, judged), first)


def _judged(rows: Iterable[Row], field: str, assigned: Iterable[Iterable[str]]) -> list[Judged]:
    return [
        Judged(
            tuple(_read(answer[field]) for answer in (row, row.get("second", {})) if field in answer),
            _read(labels),
        )
        for row, labels in zip(rows, assigned, strict=True)
    ]


def _read(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(SLIPS.get(label, label) for label in labels))


def _cited(card: CaseCard) -> list[str]:
    return [statute.citation for statute in card.statutes if statute.basis == "cited"]


def _assigned(card: CaseCard) -> list[str]:
    return [statute.citation for statute in card.statutes if statute.assigned]


def on_casebook(*, quick: bool) -> Column:
    """The casebook, each case judged by models that have not seen it."""
    cases = read_cases()
    found = cross_validated(Workshop.of(cases), repeats=1 if quick else 2, nested=not quick)
    return Column("casebook", len(cases), found, {})


ENGLISH = {
    "head": "what",
    "industry": "industry",
    "subject": "subject",
    "nature": "nature",
    "impact": "impact",
    "liability": "liability",
    "all": "all three right",
    "cited": "cited articles, F1",
    "likely": "likely articles, F1",
    "dev": "{} published notices",
    "written": "{} written notices",
    "casebook": "casebook ({}), cross-validated",
    "macro": "macro recall",
    "first": "by the first label",
    "sets": "F1 of all labels",
}
CHINESE = {
    "industry": "所属行业", "subject": "违法/犯罪主体", "nature": "违法/犯罪性质", "all": "以上三项全对",
    "cited": "引用的法条，F1", "likely": "可能触犯的法条，F1",
    "dev": "{} 份公开通报", "written": "{} 份自拟通报", "casebook": "案例库（{}），交叉验证", "head": "项目",
}  # fmt: skip
NOTES = {
    "en": "Model `{}`; brackets are 95 % bootstrap intervals. What is measured on notices are development "
    "figures: no model learns from them, but choices were made by their figures.",
    "zh": "模型 `{}`；方括号内是 95 % 自助法区间。通报两列是开发用数字："
    "模型不从中学习，但取舍时看过这些数字。",
}


def short(columns: Sequence[Column], words: Mapping[str, str]) -> list[str]:
    """The table of a README."""
    lines = _head([words["head"], *(words[c.name].format(c.notices) for c in columns)])
    for target in MAIN:
        lines.append(_row(words[target], (str(c.found.targets[target].accuracy) for c in columns)))
    lines.append(_row(words["all"], (str(c.found.all_three) for c in columns)))
    for what in ("cited", "likely"):
        lines.append(_row(words[what], (_set_f1(c.found.targets.get(f"statutes_{what}")) for c in columns)))
    return lines


def long(columns: Sequence[Column], words: Mapping[str, str]) -> list[str]:
    """The table of docs/model.md: a row for each set and target."""
    lines = _head(["", words["head"], "right", words["macro"], words["first"], words["sets"]])
    for column in columns:
        name = words[column.name].format(column.notices)
        for target in TARGETS:
            one = column.found.targets[target]
            first = str(column.first.get(target, "–"))
            lines.append(
                _row(name, (words[target], str(one.accuracy), str(one.macro_recall), first, str(one.set_f1)))
            )
            name = ""
        lines.append(_row("", (words["all"], str(column.found.all_three), "", "", "")))
        for what in ("cited", "likely"):
            if f"statutes_{what}" in column.found.targets:
                found = str(column.found.targets[f"statutes_{what}"].set_f1)
                lines.append(_row("", (words[what], "", "", "", found)))
    return lines


def _set_f1(figures: TargetFigures | None) -> str:
    return str(figures.set_f1) if figures else "–"


def _head(cells: Sequence[str]) -> list[str]:
    return [_row(cells[0], cells[1:]), "|---" * len(cells) + "|"]


def _row(first: str, cells: Iterable[str]) -> str:
    return "| " + " | ".join((first, *cells)) + " |"


def write(path: Path, columns: Sequence[Column], model: str) -> None:
    """Put the table between the marks of a document. Raises SystemExit where it has none."""
    text = path.read_text(encoding="utf-8")
    mark = MARKS.search(text)
    if mark is None:
        raise SystemExit(f"{path} has no <!-- figures --> … <!-- /figures -->")
    chinese = "zh" in path.name
    words = CHINESE if chinese else ENGLISH
    table = long(columns, words) if mark["all"] else short(columns, words)
    body = "\n".join([*table, "", NOTES["zh" if chinese else "en"].format(model)])
    path.write_text(
        text[: mark.start()] + f"{mark[1]}{body}\n{mark[3]}" + text[mark.end() :], encoding="utf-8"
    )


def main() -> None:
    """Measure, and print or write."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--write", nargs="+", type=Path, metavar="FILE", help="documents with the marks")
    options.add_argument(
        "--quick", action="store_true", help=f"{FOLDS} folds once, without nested validation"
    )
    given = options.parse_args()
    tagger = Tagger.load(models.SHIPPED)
    columns = [
        *(on_field_notices(tagger, name) for name in ("dev", "written")),
        on_casebook(quick=given.quick),
    ]
    if not given.write:
        print("\n".join(long(columns, ENGLISH)))
    for path in given.write or ():
        write(path, columns, tagger.model.name)


if __name__ == "__main__":
    main()
