"""Result lines as rows of a table with the card's Chinese headings, and such rows read back, edited.

A row is a mapping from field to text. Fields have the names of the casebook where it has them, so
that an edited row is almost a case: `facts` is the notice's text (案情), `date` its publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from tagger import wording
from tagger.card import Basis, Sanction
from tagger.errors import MissingExtra, TaggerError
from tagger.expressions import expression
from tagger.taxonomy import TARGETS, taxonomy

HEADINGS: dict[str, str] = {
    "source": "来源",
    "case": "案例",
    "group": "同一事件",
    "title": "标题",
    "date": "日期",
    "facts": "案情",
    **{target: taxonomy()[target].heading for target in TARGETS},
    "statutes": "触犯法条",
    "grounds": "法条依据",
    "keywords": "关键词",
    "sanctions": "处罚",
    "authority": "处罚机关",
    "region": "地区",
    "document": "文号",
    "act_date": "行为时间",
    "decision_date": "处理时间",
    "notice": "执法案例",
    "review": "需复核",
    "reasons": "复核原因",
    "checks": "法条核对",
    "evidence": "依据",
    "precedents": "相似案例",
    "model": "模型",
    "error": "错误",
}
"""The heading of each field, in the order of the columns."""

EXPLAINED = ("evidence", "precedents")
"""Fields that only `--explain` fills."""

LISTS = frozenset({*TARGETS, "statutes", "grounds", "keywords", "sanctions", "reasons"})
"""Fields of several entries, joined by 、 (grounds, reasons and checks, which are sentences, by ；)."""

CHECKED = "已核对"
"""The heading under which a person says that a row was looked at, in a table that asks for it."""

_SPELLINGS = {
    "checked": CHECKED,
    "id": "编号 序号 案例编号",
    "title": "题目 案例名称 案件名称 名称",
    "facts": "正文 内容 文本 全文 案件回顾 案情简介 基本案情 text content body",
    "law_text": "法律链接",
    "published": "发布日期 发布时间 公布日期 publication",
    "event": "事件",
    "industry": "行业",
    "subject": "主体 违法主体 违法犯罪主体",
    "nature": "性质 违法性质 违法犯罪性质",
    "impact": "影响",
    "liability": "责任",
    "statutes": "法条 相关法条 违反法条 statutes_likely",
    "sanctions": "处罚结果",
    "date": "时间",
}

SEPARATOR = "、"
_SENTENCES = "；"
YES, NO = "是", "否"

CELL = 32_767
"""The longest text that a spreadsheet's cell holds, in characters."""
CUT = "……（后文略）"
"""What ends a text that was too long for its cell."""

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class UnreadableTable(TaggerError):
    """A table that cannot be read, or has none of the headings that were looked for."""


def columns(*, explained: bool, errors: bool) -> tuple[str, ...]:
    """The fields of an output table: those of `--explain` and the error's are there when asked for."""
    left_out = {*(() if explained else EXPLAINED), *(() if errors else ("error",))}
    return tuple(field for field in HEADINGS if field not in left_out)


def row(record: Mapping[str, Any]) -> dict[str, str]:
    """The cells of one result line (one with its text), or of one error record, by field."""
    if "error" in record:
        error = record["error"]
        return {"source": record["source"], "error": f"{error['kind']}: {error['message']}"}
    facts = record["facts"]
    cells = {
        "source": record["source"],
        "case": str(record["case"]),
        "group": record["group"] or "",
        "title": record["title"],
        "date": record["date"] or "",
        "facts": _body(record),
        "statutes": SEPARATOR.join(s["citation"] for s in record["statutes"] if s["assigned"]),
        "grounds": _SENTENCES.join(_ground(s) for s in record["statutes"] if s["assigned"]),
        "keywords": SEPARATOR.join(record["keywords"]),
        "sanctions": SEPARATOR.join(dict.fromkeys(_sanction(s) for s in record["sanctions"])),
        "notice": YES if record["notice"] else NO,
        "review": YES if record["review"]["needed"] else NO,
        "reasons": _SENTENCES.join(record["review"]["reasons"]),
        "checks": _SENTENCES.join(check["message"] for check in record["checks"]),
        "evidence": _evidence(record.get("evidence") or {}),
        "precedents": SEPARATOR.join(
            f"{p['id']} {p['title'] or '（无标题）'}（{p['similarity']:.0%}）"
            for p in record.get("precedents") or ()
        ),
        "model": record["model"],
    }
    for target in TARGETS:
        cells[target] = SEPARATOR.join(entry["label"] for entry in record[target] if entry["assigned"])
    for name in ("authority", "region", "document", "act_date", "decision_date"):
        cells[name] = facts[name] or ""
    return cells


def _body(record: Mapping[str, Any]) -> str:
    text: str = record.get("text") or ""
    title: str = record["title"]
    return text[len(title) + 1 :] if title and text.startswith(f"{title}\n") else text


def _ground(statute: Mapping[str, Any]) -> str:
    """`数据安全法第27条：原文引用，2021-09-01版`; what is only likely says how likely."""
    likely = f" {statute['probability']:.0%}" if statute["basis"] == "predicted" else ""
    edition = f"，{statute['edition']}版" if statute["edition"] else ""
    return f"{statute['citation']}：{wording.BASIS[statute['basis']]}{likely}{edition}"


def _sanction(record: Mapping[str, Any]) -> str:
    return wording.sanction(
        Sanction(
            on=record["on"],
            kind=record["kind"],
            amount_yuan=record.get("amount_yuan"),
            days=record.get("days"),
            months=record.get("months"),
        )
    )


def _evidence(evidence: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """`所属行业：医院、患者；违法/犯罪主体：…`."""
    return _SENTENCES.join(
        f"{HEADINGS[target]}：{SEPARATOR.join(dict.fromkeys(item['text'] for item in items))}"
        for target, items in evidence.items()
        if items
    )


def defused(cell: str) -> str:
    """The cell with a sign before it where a spreadsheet would take its text for a formula.

    >>> defused("=HYPERLINK(1)"), defused("-1"), defused("某公司")
    ("'=HYPERLINK(1)", "'-1", '某公司')
    """
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def undefused(cell: str) -> str:
    """The cell as it was before `defused`."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def fitting(cell: str) -> str:
    """The cell, cut with a remark where a spreadsheet could not hold it."""
    return cell if len(cell) <= CELL else cell[: CELL - len(CUT)] + CUT


def field_of(heading: str) -> str | None:
    """The field that a heading stands for, in the card's words, others in use, or English; else None.

    >>> field_of(" 所属行业 "), field_of("Facts"), field_of("颜色")
    ('industry', 'facts', None)
    """
    return _fields().get(re.sub(r"\s+", "", heading).lower())


def _fields() -> dict[str, str]:
    known = {field: field for field in HEADINGS} | {field: field for field in _SPELLINGS}
    for field, headings in _SPELLINGS.items():
        known |= dict.fromkeys(headings.split(), field)
    return known | {heading: field for field, heading in HEADINGS.items()}


def entries(field: str, cell: str) -> tuple[str, ...]:
    """The entries of a cell that holds several."""
    separator = _SENTENCES if field in ("grounds", "reasons") else SEPARATOR
    return tuple(filter(None, (entry.strip() for entry in undefused(cell).split(separator))))


def read_ground(printed: str) -> tuple[str, Basis, str | None] | None:
    """The citation, why it is there and the date of its edition, as a table prints them; else None.

    >>> read_ground("数据安全法第27条：原文引用，2021-09-01版")
    ('数据安全法第27条', 'cited', '2021-09-01')
    """
    match = _GROUND.fullmatch(printed)
    return (match["citation"], _BASES[match["basis"]], match["edition"]) if match else None


_BASES = {word: basis for basis, word in wording.BASIS.items()}
_GROUND = expression(
    rf"(?P<citation>.{{1,120}})：(?P<basis>{'|'.join(_BASES)})(?: \d{{1,3}}%)?"
    r"(?:，(?P<edition>[\d-]{4,10})版)?"
)


def read_sanction(printed: str) -> Sanction | None:
    """One sanction as a table prints it, read back; None where it is not printed so.

    >>> read_sanction("单位罚款5万元")
    Sanction(on='organisation', kind='fine', amount_yuan=50000.0, days=None, months=None, spans=())
    """
    match = _SANCTION.fullmatch(printed)
    if match is None:
        return None
    amount = float(match["amount"].replace(",", "")) if match["amount"] else None
    years, months, days = (int(match[unit] or 0) for unit in ("years", "months", "days"))
    return Sanction(
        on=_ON[match["on"]],
        kind=_KINDS[match["kind"]],
        amount_yuan=round(amount * 10_000, 2) if amount is not None and match["unit"] else amount,
        days=days or None,
        months=12 * years + months or None,
    )


_ON: dict[str, Literal["organisation", "person"]] = {
    wording.ON["organisation"]: "organisation",
    wording.ON["person"]: "person",
}
_KINDS = {word: kind for kind, word in wording.KIND.items()}
_SANCTION = expression(
    rf"(?P<on>{'|'.join(_ON)})(?P<kind>{'|'.join(_KINDS)})"
    r"(?:(?P<amount>[\d,]{1,20}(?:\.\d{1,2})?)(?P<unit>万?)元)?"
    r"(?:(?P<years>\d{1,3})年)?(?:(?P<months>\d{1,4})个月)?(?:(?P<days>\d{1,5})日)?"
)


def read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a .csv, .xlsx or .parquet by field; a field of several entries is a tuple of them.

    Columns with other headings are passed over. Raises UnreadableTable, and MissingExtra for .parquet.
    """
    headings, rows = _cells(path)
    fields = [field_of(heading) for heading in headings]
    if not any(fields):
        raise UnreadableTable(f"{path.name} has none of the card's headings (来源, 标题, 案情, 所属行业 …)")
    for cells in rows:
        found: dict[str, Any] = {}
        for field, cell in zip(fields, cells, strict=False):
            if field is not None and field not in found:
                found[field] = entries(field, cell) if field in LISTS else undefused(cell).strip()
        yield found


def _cells(path: Path) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    if path.suffix.lower() == ".parquet":
        return _parquet(path)
    from tagger import sheets

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableTable(f"{path}: {error.strerror}; give a .csv, .xlsx or .parquet") from error
    read = sheets.read_xlsx if path.suffix.lower() == ".xlsx" else sheets.read_csv
    sheet = read(data, path.name)
    if sheet.problems:
        raise UnreadableTable("\n".join(str(problem) for problem in sheet.problems[:10]))
    return sheets.headings(sheet), (cells for _, cells in sheets.records(sheet))


def _parquet(path: Path) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise MissingExtra("reading .parquet", "parquet") from error
    try:
        file = ParquetFile(path)
    except (OSError, ArrowException) as error:
        raise UnreadableTable(f"{path.name} is no Parquet file: {error}") from error
    rows = (
        ["" if cell is None else str(cell) for cell in record.values()]
        for batch in file.iter_batches()
        for record in batch.to_pylist()
    )
    return file.schema_arrow.names, rows
