"""Result lines written as a table: .csv, .xlsx or .parquet, in one pass and with bounded memory.

The same lines give the same bytes, whenever they are written.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from tagger import tables, wording
from tagger.errors import MissingExtra
from tagger.taxonomy import TARGETS, taxonomy

Records = Iterable[Mapping[str, Any]]

DOUBTED = 0.6
"""A label that is assigned with less than this probability is coloured on a card that needs review."""

_SHEET_ROWS = 1_048_575
"""What fits on a sheet below its headings; the rest goes on a further sheet."""

_WIDTHS = {
    "facts": 60,
    "title": 30,
    "source": 24,
    "statutes": 30,
    "reasons": 40,
    "checks": 40,
    "evidence": 40,
}
_WIDTH = 14
EPOCH = datetime(1980, 1, 1)
"""The date of creation that a workbook must carry: that of its archive's entries."""


def write_csv(records: Records, path: Path, *, explained: bool = False) -> None:
    """A .csv in UTF-8 with its mark, so that a spreadsheet opens it rightly; no cell is a formula."""
    fields = tables.columns(explained=explained, errors=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(tables.HEADINGS[name] for name in fields)
        for record in records:
            cells = tables.row(record)
            writer.writerow(tables.defused(cells.get(name, "")) for name in fields)


def write_parquet(records: Records, path: Path, *, explained: bool = False) -> None:
    """A .parquet of text columns with the same headings. Raises MissingExtra without pyarrow."""
    require_parquet()
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    fields = tables.columns(explained=explained, errors=True)
    schema = pyarrow.schema([(tables.HEADINGS[name], pyarrow.string()) for name in fields])
    rows = iter(records)
    with ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := [tables.row(record) for record in islice(rows, 2_000)]:
            arrays = [pyarrow.array([cells.get(name, "") for cells in batch]) for name in fields]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def require_parquet() -> None:
    """Raises MissingExtra where .parquet cannot be written."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        raise MissingExtra("writing .parquet", "parquet") from error


def write_xlsx(records: Records, path: Path, *, explained: bool = False) -> None:
    """A workbook: 案例 with a row a case, 错误 with the inputs that failed, 统计 with the counts.

    The headings are frozen and have filters; what a person should look at is coloured.
    """
    with _workbook(path) as book:
        doubt = book.add_format({"bg_color": "#FFE699", "valign": "top", "text_wrap": True})
        plain = book.add_format({"valign": "top"})
        cases = _Pages(book, "案例", tables.columns(explained=explained, errors=False))
        errors = _Pages(book, "错误", ("source", "error"))
        counts = Counts()
        summary = book.add_worksheet("统计")
        for record in records:
            cells = tables.row(record)
            counts.add(record)
            if "error" in record:
                errors.write(cells, lambda _: plain)
                continue
            doubted = doubtful(record)
            cases.write(cells, lambda name, doubted=doubted: doubt if name in doubted else plain)
        cases.close()
        errors.close()
        _write_counts(summary, counts, book.add_format({"bold": True}))


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    # The sheets grow in files beside the output; those of a killed process are in the same place.
    sheets = path.with_name(f"{path.name}.sheets")
    shutil.rmtree(sheets, ignore_errors=True)
    sheets.mkdir(mode=0o700)
    try:
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(sheets)})
        book.set_properties({"created": EPOCH})
        yield book
        book.close()
    except XlsxWriterException as error:
        raise OSError(f"{path}: {error}; for so many cases write .csv or .parquet") from error
    finally:
        shutil.rmtree(sheets, ignore_errors=True)


class _Pages:
    """Rows on a sheet, and on further sheets when it is full."""

    def __init__(self, book: Any, name: str, fields: tuple[str, ...]) -> None:
        self.book, self.name, self.fields = book, name, fields
        self.bold = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        self.pages = 0
        self._turn()

    def _turn(self) -> None:
        self.pages += 1
        self.sheet = self.book.add_worksheet(self.name if self.pages == 1 else f"{self.name}{self.pages}")
        self.rows = 0
        self.sheet.freeze_panes(1, 0)
        for column, name in enumerate(self.fields):
            self.sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
            self.sheet.write_string(0, column, tables.HEADINGS[name], self.bold)

    def write(self, cells: Mapping[str, str], style: Any) -> None:
        """One row; `style` gives a field's format."""
        if self.rows == _SHEET_ROWS:
            self.close()
            self._turn()
        self.rows += 1
        for column, name in enumerate(self.fields):
            # Never write(): it would make a formula or a link of a text that looks like one.
            self.sheet.write_string(self.rows, column, tables.fitting(cells.get(name, "")), style(name))

    def close(self) -> None:
        """Ends a sheet: the filters span what was written."""
        self.sheet.autofilter(0, 0, self.rows, len(self.fields) - 1)


def doubtful(record: Mapping[str, Any]) -> frozenset[str]:
    """The fields of a card that a person should look at; empty where no review is needed.

    A target's labels are among them if a reason names it or its best label is improbable, the
    statutes if a reason speaks of them.
    """
    review = record["review"]
    if not review["needed"]:
        return frozenset()
    reasons = "\n".join(review["reasons"])
    found = {"review", "reasons"}
    for target in TARGETS:
        assigned = [entry["probability"] for entry in record[target] if entry["assigned"]]
        if taxonomy()[target].heading in reasons or (assigned and max(assigned) < DOUBTED):
            found.add(target)
    if "法条" in reasons:
        found.add("statutes")
    return frozenset(found)


class Counts(Struct):
    """What the sheet 统计 says, counted as the records pass."""

    totals: Counter[str] = field(default_factory=Counter)
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    newest: int = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Counts one result line or error record."""
        if "error" in record:
            self.totals["错误"] += 1
            return
        self.totals["案例"] += 1
        self.totals["需复核"] += record["review"]["needed"]
        self.totals["非执法案例"] += not record["notice"]
        # Groups are numbered as they open: a number beyond all before it is an event's first telling.
        number = int((record["group"] or "g0")[1:])
        if number > self.newest:
            self.newest = number
            self.totals["事件（转载只计一次）"] += 1
        if not record["notice"]:
            return
        for target in TARGETS:
            self._count(target, [entry["label"] for entry in record[target] if entry["assigned"]])
        self._count("statutes", [s["citation"] for s in record["statutes"] if s["assigned"]])
        self._count("sanctions", [wording.ON[s["on"]] + wording.KIND[s["kind"]] for s in record["sanctions"]])

    def _count(self, name: str, found: list[str]) -> None:
        self.labels.setdefault(name, Counter()).update(dict.fromkeys(found, 1))


def _write_counts(sheet: Any, counts: Counts, bold: Any) -> None:
    """Blocks of a heading and its counts, commonest first, one below the other."""
    sheet.set_column(0, 0, 40)
    line = 0
    totals = ("案例", "事件（转载只计一次）", "需复核", "非执法案例", "错误")
    blocks = [("总计", [(name, counts.totals[name]) for name in totals])]
    for name in (*TARGETS, "statutes", "sanctions"):
        ordered = sorted(counts.labels.get(name, Counter()).items(), key=lambda item: (-item[1], item[0]))
        blocks.append((tables.HEADINGS[name], ordered))
    for heading, counted in blocks:
        sheet.write_string(line, 0, heading, bold)
        sheet.write_string(line, 1, "件数", bold)
        for label, number in counted:
            line += 1
            sheet.write_string(line, 0, label)
            sheet.write_number(line, 1, number)
        line += 2


WRITERS = {".csv": write_csv, ".xlsx": write_xlsx, ".parquet": write_parquet}
"""The writer for each ending; .jsonl needs none, being the result lines themselves."""
