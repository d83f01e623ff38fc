"""The law tables: CSV rows of the shipped `data/law/`, with a user's own rows laid over them.

A user's folder has files of the same names and columns. A row there replaces the shipped rows of
the same key (an edition, an article, all links of a penalty article …); a new key is added.
"""

from __future__ import annotations

import csv
from pathlib import Path

from tagger import shipped
from tagger.errors import TaggerError

Row = dict[str, str]

SHIPPED_LAW = shipped.DATA / "law"

KEYS: dict[str, tuple[str, ...]] = {
    "laws.csv": ("version_id",),
    "articles.csv": ("version_id", "article"),
    "penalty_links.csv": ("version_id", "penalty_article"),
    "charges.csv": ("charge",),
    "concordance.csv": ("old_version", "new_version"),
    "version_traps.csv": ("old_version", "new_version", "article"),
    "general_provisions.csv": ("law_id", "version_id"),
}
"""What makes two rows of a table speak of the same thing; these columns must be there, too."""


class BrokenLawTable(TaggerError):
    """A law table that cannot be used; names the file, the line and what to mend."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"{path.name}, line {line}: {what} (see data/law/README.md)")
        self.path, self.line = path, line


def read_table(name: str, overlay: Path | None = None) -> list[Row]:
    """The rows of one law table, the user's laid over the shipped ones.

    Every row also says where it stands, under `source`: `penalty_links.csv:12`.
    Raises BrokenLawTable where a file lacks a column, a row is too long or too short, or it is no UTF-8.
    """
    rows = _rows(SHIPPED_LAW / name)
    own = overlay / name if overlay is not None else None
    if own is None or not own.is_file():
        return rows
    added = _rows(own)
    key = KEYS[name]
    replaced = {tuple(row[column] for column in key) for row in added}
    return [row for row in rows if tuple(row[column] for column in key) not in replaced] + added


def _rows(path: Path) -> list[Row]:
    name, key = path.name, KEYS[path.name]
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            header = next(reader, [])
            missing = [column for column in key if column not in header]
            if missing:
                raise BrokenLawTable(path, 1, f"the column {missing[0]} is missing")
            found: list[Row] = []
            for cells in reader:
                if len(cells) > len(header):
                    raise BrokenLawTable(path, reader.line_num, "more cells than columns; quote commas")
                if not any(cells):
                    continue
                row = dict(zip(header, cells, strict=False))
                short = [column for column in key if column not in row]
                if short:
                    raise BrokenLawTable(path, reader.line_num, f"the row ends before its {short[0]}")
                row["source"] = f"{name}:{reader.line_num}"
                found.append(row)
            return found
    except (UnicodeDecodeError, csv.Error) as error:
        raise BrokenLawTable(path, 1, f"not a UTF-8 table: {error}") from error
    except OSError as error:
        raise BrokenLawTable(path, 1, f"cannot be read: {error.strerror or error}") from error
