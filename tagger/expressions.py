"""Regular expressions that are compiled when they are first used, and kept compiled beside the bytecode.

The rooms have some two hundred and fifty, and one notice needs about half of them. `re` is written in
Python: compiling those took a fifth of what `tagger tag` takes (benchmarks/README.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from tagger import compiled


class _Lazy:
    """Stands for a compiled pattern; from the first use on its methods are the pattern's own."""

    def __init__(self, written: str, flags: int) -> None:
        self._written, self._flags = written, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        pattern = compiled.pattern(self._written, self._flags)
        vars(self).update({method: getattr(pattern, method) for method in _METHODS})
        return getattr(pattern, name)


_METHODS = (
    "search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn",
    "pattern", "flags", "groups", "groupindex",
)  # fmt: skip


def expression(written: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern that `re.compile` gives, compiled when first asked; re.error is raised then."""
    return cast("re.Pattern[str]", _Lazy(written, flags))


def begun(begins: re.Pattern[str], whole: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What `whole.finditer` finds, if `begins` matches wherever `whole` may begin, and one character each.

    An expression of many alternatives is tried at every character; one whose alternatives all begin with
    a letter of their own jumps to these.
    """
    free = 0
    for begin in begins.finditer(text):
        if begin.start() >= free:
            found = whole.match(text, begin.start())
            if found:
                free = found.end()
                yield found
