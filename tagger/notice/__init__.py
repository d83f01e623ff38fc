"""A file or pasted text becomes Notices, one per case: read, clean, split."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tagger.notice.errors import ReadError


class Document(Struct, frozen=True):
    """What was read from one source (a file, a member of an archive, a row of a table, a pasted text).

    `text` is the decoded text before cleaning, without the title where the format has one of its own;
    `date` is the publication date (YYYY, YYYY-MM or YYYY-MM-DD) where the source tells it.
    """

    source: str
    text: str
    title: str = ""
    date: str | None = None
    doubtful: str | None = None
    """Why the decoding is not certain, in words for the card's review; None where it is."""
    failure: ReadError | None = None
    """Why this member of an archive or row of a table could not be read, while its neighbours could;
    `split.notices` raises it."""


class Notice(Struct, frozen=True):
    """One case, cleaned: what the rooms below read.

    `text` has the title, if any, as its first line. `offsets[i]` is where character i of `text`
    stood in the document's text as it was read (None: nothing moved; -1: in the title that the
    format has beside its text). Statute boxes, 网警提醒 and 律师说法 are left out of `text`; where
    nothing else would remain they stay, and `quoted` has their spans: no ground of the case is read
    from them.
    """

    text: str
    title: str = ""
    date: str | None = None
    source: str = ""
    case: int = 1
    cases_in_source: int = 1
    offsets: Sequence[int] | None = None
    quoted: tuple[tuple[int, int], ...] = ()
    doubtful: str | None = None

    @property
    def body_start(self) -> int:
        """Where the body begins in `text`: behind the title and its line break."""
        return len(self.title) + 1 if self.title else 0
