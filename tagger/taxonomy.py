"""The five labelled targets, their Chinese headings, their labels, and how a label may be spelt.

The facts are in `data/taxonomy.json`; a user's casebook may add labels to it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from typing import Literal, NewType, get_args

from msgspec import Struct
from msgspec.structs import replace

from tagger import shipped
from tagger.errors import TaggerError

Target = Literal["industry", "subject", "nature", "impact", "liability"]
TARGETS: tuple[Target, ...] = get_args(Target)

Label = NewType("Label", str)
"""A label in the one spelling that the taxonomy gives it."""


class UnknownLabel(TaggerError):
    """A label that its target does not have."""

    def __init__(self, target: Target, printed: str, nearest: Label | None) -> None:
        heading = taxonomy()[target].heading
        hint = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"{heading} has no label {printed!r}{hint}")
        self.target, self.printed, self.nearest = target, printed, nearest


class LabelSet(Struct, frozen=True):
    """The labels of one target, in the report's order."""

    target: Target
    heading: str
    labels: tuple[Label, ...]
    spellings: dict[str, Label]

    @property
    def known(self) -> dict[str, Label]:
        """Every spelling that is read, the labels themselves among them."""
        return self.spellings | {str(label): label for label in self.labels}

    def read(self, printed: str) -> tuple[Label, ...]:
        """The labels in a printed cell: `政企机构利益、公众利益` and `政企机构利益公众利益` alike.

        Raises UnknownLabel where a part of the cell is no label.
        """
        known = self.known
        found: list[Label] = []
        for part in split_entries(printed):
            rest = part
            while rest:
                match = max((k for k in known if rest.startswith(k)), key=len, default=None)
                if match is None:
                    raise UnknownLabel(self.target, part, self.nearest(part))
                found.append(known[match])
                rest = rest[len(match) :]
        return tuple(dict.fromkeys(found))

    def strict(self) -> LabelSet:
        """The same set without the report's other spellings: what is filled in anew is filled in as it is."""
        return replace(self, spellings={})

    def nearest(self, printed: str) -> Label | None:
        """The label that shares most characters with what was printed, if any comes near."""
        from difflib import get_close_matches

        known = self.known
        close = get_close_matches(printed, known, n=1, cutoff=0.5)
        return known[close[0]] if close else None

    def with_labels(self, extra: tuple[str, ...]) -> LabelSet:
        """The same set with a user's new labels behind it."""
        new = tuple(Label(label) for label in dict.fromkeys(extra) if label not in self.labels)
        return replace(self, labels=self.labels + new)


def split_entries(printed: str) -> list[str]:
    """The entries of a cell, however they are parted: 、 as the report does, or any comma, bar or space.

    Full-width letters become plain ones, and what a spreadsheet leaves unseen is dropped.

    >>> split_entries("互联网、金融 ；\\u200b医疗卫生、")
    ['互联网', '金融', '医疗卫生']
    """
    plain = unicodedata.normalize("NFKC", printed).translate(_UNSEEN)
    return [entry for entry in re.split(r"[、,;|/\s]+", plain) if entry]


_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@cache
def taxonomy() -> dict[Target, LabelSet]:
    """The shipped label sets, by target."""
    path = shipped.DATA / "taxonomy.json"
    with shipped.whole(path):
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {
            target: LabelSet(
                target,
                raw[target]["heading"],
                tuple(Label(label) for label in raw[target]["labels"]),
                {printed: Label(label) for printed, label in raw[target]["spellings"].items()},
            )
            for target in TARGETS
        }
