"""Tables of notices: .jsonl, .csv and .xlsx, a row a notice, with Chinese or English headings."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from tagger.expressions import expression
from tagger.notice import Document
from tagger.notice.archive import check_office
from tagger.notice.decode import decode
from tagger.notice.errors import EmptyInput, WrongFormat
from tagger.notice.noise import iso_day
from tagger.notice.words import words

Column = Literal["text", "title", "date", "id"]

HEADINGS: Mapping[Column, tuple[str, ...]] = {
    "text": words("heading_text"),
    "title": words("heading_title"),
    "date": words("heading_date"),
    "id": words("heading_id"),
}
"""The headings under which a column is known, best first; case, spaces and underscores do not count."""

_HEADER_ROWS = 10
_DELIMITERS = ",\t;|"
_DATE = expression(r"((?:19|20)\d\d)(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?")
_COMPACT_DATE = expression(r"((?:19|20)\d\d)(\d\d)(\d\d)$")
_Row = Mapping[Column, str]


def read_jsonl(data: bytes, source: str, max_size: int) -> Iterator[Document]:
    """One notice a line; a line that is no JSON object becomes a failure in its place."""
    decoded = decode(data, source)
    rows: list[_Row | str] = []
    for number, line in enumerate(re.split(r"\r\n?|\n", decoded.text), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            columns = _columns(list(record))
            rows.append({column: _cell(record[key]) for column, key in columns.items()})
        else:
            rows.append(f"line {number} is no JSON object")
    if rows and not any(isinstance(row, dict) and "text" in row for row in rows):
        raise WrongFormat(source, f"no line has a text; name it text, 正文 or one of {_known_text()}")
    yield from _documents(rows, source, decoded.doubtful)


def read_csv(data: bytes, source: str, max_size: int) -> Iterator[Document]:
    """One notice a row, under a row of headings, between commas, tabs, semicolons or bars."""
    decoded = decode(data, source)
    text = decoded.text.replace("\0", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    usual = csv.field_size_limit(max(csv.field_size_limit(), max_size))  # the module's, for all its users
    try:
        table = iter(list(_guarded(reader)))
    finally:
        csv.field_size_limit(usual)
    yield from _documents(_rows(table, source), source, decoded.doubtful)


def read_xlsx(data: bytes, source: str, max_size: int) -> Iterator[Document]:
    """One notice a row of the first sheet that has a heading for the text."""
    import openpyxl

    check_office(data, source, max_size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl drops (validation, extensions) holds no text
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        except (KeyError, ValueError, TypeError, SyntaxError) as error:
            raise WrongFormat(source, f"is no workbook, or a damaged one ({error})") from error
        try:
            refusal: WrongFormat | None = None
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                table = (
                    [_cell(value) for value in row] for row in sheet.iter_rows(max_col=500, values_only=True)
                )
                try:
                    rows = list(_rows(table, source))
                except WrongFormat as error:
                    refusal = refusal or error
                    continue
                yield from _documents(rows, source, None)
                return
            raise refusal or WrongFormat(source, "has no sheet with cells")
        finally:
            book.close()


def _documents(
    rows: Iterator[_Row | str] | Sequence[_Row | str], source: str, doubtful: str | None
) -> Iterator[Document]:
    """A Document for each row; `FILE#ID`, the row's number where it has no id or one that stood before."""
    seen: set[str] = set()
    number = 0
    for number, row in enumerate(rows, 1):
        if isinstance(row, str):
            name = f"{source}#{number}"
            yield Document(name, "", failure=WrongFormat(name, row))
            continue
        key = row.get("id") or str(number)
        name = f"{source}#{key if key not in seen else f'{key}@{number}'}"
        seen.add(key)
        if row.get("text", "").strip():
            yield Document(
                name,
                row["text"],
                title=row.get("title", "").strip(),
                date=_day(row.get("date", "")),
                doubtful=doubtful,
            )
        else:
            yield Document(name, "", failure=EmptyInput(name, "the row has no text"))
    if not number:
        raise EmptyInput(source, "there are no rows in the table")


def _rows(table: Iterator[Sequence[str] | str], source: str) -> Iterator[_Row | str]:
    """The rows below the headings; raises WrongFormat where no heading names the text."""
    headings: list[str] = []
    for number, cells in enumerate(table):
        if isinstance(cells, str):
            raise WrongFormat(source, cells)
        columns = _columns(cells)
        if "text" in columns:
            break
        headings = headings or [cell for cell in cells if cell.strip()]
        if number + 1 == _HEADER_ROWS:
            table = iter(())
    else:
        if not headings:
            raise EmptyInput(source, "there are no rows in the table")
        shown = "、".join(headings[:8])
        raise WrongFormat(
            source, f"no column is headed text, 正文 or one of {_known_text()}; the headings are {shown}"
        )
    places = {column: list(cells).index(heading) for column, heading in columns.items()}
    for cells in table:
        if isinstance(cells, str):
            yield cells
        elif any(cell.strip() for cell in cells):
            yield {column: cells[at] for column, at in places.items() if at < len(cells)}


def _columns(headings: Sequence[str]) -> dict[Column, str]:
    """Which heading names which column."""
    plain = {_plain(heading): heading for heading in reversed(headings)}
    return {
        column: plain[known[0]]
        for column, names in HEADINGS.items()
        if (known := [name for name in names if name in plain])
    }


def _plain(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\s_\-*:.\ufeff]|\([^()]{0,40}\)", "", folded)


def _known_text() -> str:
    return "、".join(HEADINGS["text"][2:8])


def _delimiter(text: str) -> str:
    """The delimiter under which most headings are known; csv.Sniffer takes quadratic time and may be "
    "fooled."""
    first = "\n".join(text[:20_000].lstrip("\ufeff\r\n").splitlines()[:_HEADER_ROWS])

    def known(delimiter: str) -> int:
        return max(
            (len(_columns(line.replace('"', "").split(delimiter))) for line in first.split("\n")), default=0
        )

    return max(_DELIMITERS, key=known)


def _guarded(reader: Iterator[list[str]]) -> Iterator[list[str] | str]:
    """The reader's rows; a broken quotation ends them with a word of where it is."""
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"row {number}: {error}; the rows from here on are not read"
            return


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def _day(printed: str) -> str | None:
    """A cell's date as YYYY, YYYY-MM or YYYY-MM-DD; None where it is none."""
    compact = _COMPACT_DATE.match(printed.strip())
    found = compact or _DATE.match(unicodedata.normalize("NFKC", printed.strip()))
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or month is None or not 1 <= month <= 12:
        return found[1]
    return (iso_day(year, month, day) if day else None) or f"{year}-{month:02}"
