"""Why an input could not be read: one class for each `kind` of the contract's error record."""

from __future__ import annotations

from typing import ClassVar, Literal

from tagger.errors import MissingExtra, TaggerError

Kind = Literal[
    "empty", "encoding", "format", "too-large", "unreadable", "missing-extra", "changed", "crashed"
]


class ReadError(TaggerError):
    """One input that gives no text. `source` names it, `kind` is the error record's kind."""

    kind: ClassVar[Kind]

    def __init__(self, source: str, what: str) -> None:
        TaggerError.__init__(self, f"{_one_line(source)}: {_one_line(what)}")
        self.source, self.what = source, what

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.source, self.what)  # a failure travels between processes


class EmptyInput(ReadError):
    """Nothing but white space, control characters or page furniture."""

    kind = "empty"


class UnknownEncoding(ReadError):
    """Bytes that are text in no encoding that is tried."""

    kind = "encoding"


class WrongFormat(ReadError):
    """A file that is not what its name says, is damaged, or is of a kind that is not read."""

    kind = "format"


class TooLarge(ReadError):
    """A file, or what it unpacks to, beyond the bound."""

    kind = "too-large"


class Unreadable(ReadError):
    """The system does not let the file be read: no permission, a folder, a broken disk."""

    kind = "unreadable"


class ChangedMeanwhile(ReadError):
    """The file went away or was written to while it was read."""

    kind = "changed"


class ParserCrashed(ReadError):
    """A library gave up on the file in a way of its own."""

    kind = "crashed"


class MissingReader(ReadError, MissingExtra):
    """The library that reads this format is not installed."""

    kind = "missing-extra"

    def __init__(self, source: str, needed_for: str, extra: str) -> None:
        ReadError.__init__(self, source, str(MissingExtra(needed_for, extra)))
        self.needed_for, self.extra = needed_for, extra

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.source, self.needed_for, self.extra)


def _one_line(text: str) -> str:
    """A name may hold line breaks and half characters; a message may not."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
