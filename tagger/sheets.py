"""A .csv or .xlsx file as rows of text cells, with what no cell may be: merged, a formula, an error.

Nothing is guessed that could change a label: a file whose lines are not all in one encoding, whose
content is not what its ending says, or whose quotes do not match is refused with the rows named.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from msgspec import Struct, field

from tagger.problems import Problem, ranges

MAX_UNPACKED = 256 * 2**20
"""The largest workbook that is opened, unpacked, in bytes: 100,000 cases are some 100 MiB."""
MAX_AREA = 5_000_000
"""The largest used area of a sheet, in cells: one stray cell at its far corner makes 17,000 million."""

Cells = tuple[str, ...]


class Sheet(Struct):
    """The non-empty rows of a sheet by row number (the headings first), and what is wrong with it."""

    rows: dict[int, Cells] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_csv(data: bytes, file: str) -> Sheet:
    """The rows of a .csv: UTF-8 (with or without its mark), UTF-16 with its mark, or GB18030."""
    if data.startswith(b"PK\x03\x04"):
        return _refused(file, "is an Excel workbook by its content; give it the ending .xlsx")
    line = 1
    try:
        text, problems = decode(data, file)
        sheet = Sheet(problems=problems)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        for number, cells in enumerate(reader, 1):
            line = reader.line_num
            if any(cell.strip() for cell in cells):
                sheet.rows[number] = tuple(cells)
    except csv.Error as error:
        return _refused(file, f"is no readable table: {error}, from line {line} on; are its quotes in pairs?")
    return sheet


def _delimiter(text: str) -> str:
    """What parts the cells: a spreadsheet writes commas, or tabs or semicolons where a country does."""
    first = text.partition("\n")[0]
    return max(",\t;", key=first.count)


def decode(data: bytes, file: str) -> tuple[str, list[Problem]]:
    """The text of a table file, and the lines that are in another encoding than the rest."""
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig"), []
    except UnicodeDecodeError as error:
        if utf16:
            return "", [Problem(file, None, None, f"is not in UTF-16, as its mark says: {error.reason}")]
    return _without_mark(data, file)


def _without_mark(data: bytes, file: str) -> tuple[str, list[Problem]]:
    """A table that is not in UTF-8: in GB18030, or cells in one encoding among cells in the other."""
    # No byte of a Chinese character in either encoding is a quote, a comma or a line break.
    cells = _byte_cells(data)
    utf8 = [cell for cell in cells if _is_utf8(cell[2])]
    other = [cell for cell in cells if _is_utf8(cell[2]) is False]
    if not utf8:
        try:
            return data.decode("gb18030"), []
        except UnicodeDecodeError:
            return "", [Problem(file, None, None, "is neither in UTF-8 nor in GB18030; save it as UTF-8")]
    rare, usual = (other, "UTF-8") if len(other) <= len(utf8) else (utf8, "GB18030 or another encoding")
    wrong = f"is not in the encoding of the rest ({usual}); save all as UTF-8"
    columns: dict[int, list[int]] = defaultdict(list)
    for row, column, _ in rare:
        columns[row].append(column)
    return "", [Problem(file, row, f"column {ranges(some)}", wrong) for row, some in columns.items()]


def _byte_cells(data: bytes) -> list[tuple[int, int, bytes]]:
    """The cells that are not plain ASCII, with their row and column."""
    text = data.decode("latin-1")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    return [
        (number, column, cell.encode("latin-1"))
        for number, row in enumerate(rows, 1)
        for column, cell in enumerate(row, 1)
        if not cell.isascii()
    ]


def _is_utf8(cell: bytes) -> bool | None:
    """Whether it is UTF-8; None where it may be GB18030 that is UTF-8 by chance.

    Chance makes 某医院 three letters of two bytes, but hardly Chinese characters, which have three.
    """
    try:
        return sum(character >= "\u2e80" for character in cell.decode("utf-8")) >= 2 or None
    except UnicodeDecodeError:
        return False


def read_xlsx(data: bytes, file: str) -> Sheet:
    """The rows of a workbook's first sheet. Merged cells, formulas and error values are problems."""
    if not data.startswith(b"PK\x03\x04"):
        old = data.startswith(bytes.fromhex("d0cf11e0"))
        return _refused(
            file,
            "is an old or encrypted Excel file; save it as a plain .xlsx"
            if old
            else "is no Excel workbook by its content; if it is a CSV table, give it the ending .csv",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                return _refused(file, f"unpacks to more than {MAX_UNPACKED >> 20} MiB; split it")
        return _first_sheet(data, file)
    except Exception as error:  # openpyxl raises whatever a damaged part makes it trip over
        return _refused(file, f"is a damaged workbook ({type(error).__name__}: {error}); save it anew")


def _first_sheet(data: bytes, file: str) -> Sheet:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on drop-down lists and styles, which do not matter here
        book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    worksheet = book.worksheets[0]
    if worksheet.max_row * worksheet.max_column > MAX_AREA:
        used = f"{worksheet.max_row} rows by {worksheet.max_column} columns"
        return _refused(file, f"uses {used}; delete the empty ones, or split it")
    sheet = Sheet()
    headings: Cells = ()
    for merged in worksheet.merged_cells.ranges:
        wrong = f"{merged.coord} are merged cells; unmerge and fill each"
        rows = range(merged.min_row, min(merged.max_row, worksheet.max_row) + 1)
        sheet.problems += [Problem(file, row, None, wrong) for row in rows]
    for row in worksheet.iter_rows():
        cells = tuple(_text(cell.value) for cell in row)
        if not any(cell.strip() for cell in cells):
            continue
        number = row[0].row
        headings = headings or cells
        sheet.rows[number] = cells
        for heading, cell in zip(headings, row, strict=False):
            column = heading or cell.column_letter
            if cell.data_type == "f":
                wrong = "is a formula; put its value in its place"
            elif cell.data_type == "e":
                wrong = f"holds the error {cell.value}"
            else:
                continue
            sheet.problems.append(Problem(file, number, column, wrong))
    return sheet


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _refused(file: str, wrong: str) -> Sheet:
    return Sheet(problems=[Problem(file, None, None, wrong)])


def records(sheet: Sheet) -> Iterator[tuple[int, Cells]]:
    """The rows behind the headings."""
    yield from list(sheet.rows.items())[1:]


def headings(sheet: Sheet) -> Sequence[str]:
    """The first row."""
    return next(iter(sheet.rows.values()), ())
