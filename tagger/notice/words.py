"""The words by which pages and tables are understood, from data/page_words.json."""

from __future__ import annotations

import json
from functools import cache

from tagger import shipped


def words(name: str) -> tuple[str, ...]:
    """A list of the file, by its name there."""
    return tuple(_lists()[name])


@cache
def _lists() -> dict[str, list[str]]:
    path = shipped.DATA / "page_words.json"
    with shipped.whole(path):
        lists: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
        return dict(lists.items())
