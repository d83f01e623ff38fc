"""What a former batch wrote, known by what every output of one has in it.

An output often lies among its inputs. To tag it again would count every case twice.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from tagger import tables

_BEGINNING = 4096
_LINE = b'{"schema":1,"source":"'
_HEADINGS = ",".join(tables.HEADINGS[name] for name in ("source", "case", "group", "title", "date", "facts"))
_SHEETS = ("案例", "错误", "统计")


def is_output(path: Path) -> bool:
    """Whether a table is the output of a batch, .jsonl, .csv or .xlsx; false where it cannot be read."""
    ending = path.suffix.lower()
    try:
        if ending == ".jsonl":
            return _begins(path, _LINE)
        if ending == ".csv":
            return _begins(path, _HEADINGS.encode("utf-8-sig")) or _begins(path, _HEADINGS.encode())
        return ending == ".xlsx" and _has_the_sheets(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
        return False


def _begins(path: Path, beginning: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(beginning)) == beginning


def _has_the_sheets(path: Path) -> bool:
    with zipfile.ZipFile(path) as book, book.open("xl/workbook.xml") as sheets:
        listed = sheets.read(_BEGINNING).decode("utf-8", "replace")
    return all(f'name="{name}"' in listed for name in _SHEETS)
