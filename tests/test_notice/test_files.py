"""The hand-made files of tests/data/files: every format and encoding, good and bad, gives what it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tagger.notice import Notice
from tagger.notice.errors import ReadError
from tagger.notice.read import list_files, read_path
from tagger.notice.split import notices

DATA = Path(__file__).parent.parent / "data"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((DATA / "files.json").read_text(encoding="utf-8"))


def given(name: str) -> Iterator[Notice | ReadError]:
    documents = read_path(DATA / "files" / name, name)
    while True:
        try:
            document = next(documents, None)
            if document is None:
                return
            yield from notices(document)
        except ReadError as error:
            yield error


@pytest.mark.parametrize("name", EXPECTED)
def test_file(name: str) -> None:
    results = list(given(name))
    assert [getattr(result, "kind", "notice") for result in results] == [
        expected.get("error", "notice") for expected in EXPECTED[name]
    ], results
    for result, expected in zip(results, EXPECTED[name], strict=True):
        assert result.source == expected["source"]
        if isinstance(result, Notice):
            assert (result.doubtful is not None) == expected["doubtful"], result.doubtful
            if expected["text"] is not None:
                assert result.text == expected["text"]
                assert (result.title, result.date) == (expected["title"], expected["date"])


def test_every_file_is_listed_in_path_order() -> None:
    listed = [source for _, source in list_files([DATA / "files"])]
    assert listed == sorted(EXPECTED)
    assert len(listed) >= 40
