"""Regular expressions that are compiled when they are first used.

The rooms have some hundred and fifty, and one notice needs about half of them: compiling all at import
took a seventh of what `tagger tag` takes (benchmarks/README.md).
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    """Stands for a compiled pattern; from the first use on its methods are the pattern's own."""

    def __init__(self, written: str, flags: int) -> None:
        self._written, self._flags = written, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self._written, self._flags)
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


_METHODS = (
    "search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn",
    "pattern", "flags", "groups", "groupindex",
)  # fmt: skip


def expression(written: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern that `re.compile` gives, compiled when first asked; re.error is raised then."""
    return cast("re.Pattern[str]", _Lazy(written, flags))
