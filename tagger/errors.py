"""The root of everything that can be wrong with what a user gave.

Each room defines its own errors beside the function that raises them and derives
them from `TaggerError`; the command line shows their message in one or two lines.
"""

from __future__ import annotations


class TaggerError(Exception):
    """Something a user can mend. The message says what is wrong, where, and what to do."""


class MissingExtra(TaggerError):
    """An optional part is not installed."""

    def __init__(self, needed_for: str, extra: str) -> None:
        super().__init__(f'{needed_for} needs an extra: pip install "notice-tagger[{extra}]"')
        self.extra = extra
