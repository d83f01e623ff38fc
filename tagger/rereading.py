"""The notices of a batch, to be tagged once more: from its output, or from the files themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tagger.batch.plan import TABLES
from tagger.errors import TaggerError
from tagger.notice import Document, Notice
from tagger.notice.errors import ReadError
from tagger.notice.read import list_files, read_path
from tagger.notice.split import notices


class NoText(TaggerError):
    """A batch output without the notices' texts."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} holds no texts; write it again with `tagger batch … --with-text`, or give the "
            "notices themselves"
        )


class NoNotices(TaggerError):
    """Nothing that could be tagged."""


def read_again(path: Path) -> list[Notice]:
    """The notices of a batch output (.jsonl with its texts, .csv, .xlsx), or of a file or folder of notices.

    An output's cases stay as they were split; inputs that failed then, or fail now, are passed over.
    Raises NoText and NoNotices, and Unreadable for a path that is not there.
    """
    found = list(_results(path)) if _is_results(path) else list(_files(path))
    if not found:
        raise NoNotices(f"{path} holds no notice that can be read; `tagger batch` says why")
    return found


def _is_results(path: Path) -> bool:
    """Whether the first line is a result line of `tagger batch`."""
    if path.suffix.lower() != ".jsonl" or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as lines:
        first = _record(next(lines, ""))
    return first.keys() >= {"schema", "source"}


def _results(path: Path) -> Iterator[Notice]:
    told = False
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            record = _record(line)
            if "error" in record:
                continue
            text = record.get("text")
            if isinstance(text, str) and text:
                told = True
                yield _notice(record, text)
    if not told:
        raise NoText(path)


def _record(line: str) -> Mapping[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _notice(record: Mapping[str, Any], text: str) -> Notice:
    title, date = record.get("title"), record.get("date")
    case, cases = record.get("case"), record.get("cases_in_source")
    return Notice(
        text,
        title=title if isinstance(title, str) and text.startswith(f"{title}\n") else "",
        date=date if isinstance(date, str) else None,
        source=str(record.get("source")),
        case=case if isinstance(case, int) else 1,
        cases_in_source=cases if isinstance(cases, int) else 1,
    )


def _files(path: Path) -> Iterator[Notice]:
    for file, source in list_files([path]):
        try:
            # The rows of an output were split when it was written.
            split = file.suffix.lower() not in TABLES
            for document in read_path(file, source):
                yield from _of_document(document, split)
        except ReadError:
            continue


def _of_document(document: Document, split: bool) -> Iterator[Notice]:
    try:
        yield from notices(document, split=split)
    except ReadError:
        return
