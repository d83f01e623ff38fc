"""What changes where one model takes another's place: the same notices, tagged by both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from tagger.card import CaseCard
from tagger.notice import Notice
from tagger.selection import tagged
from tagger.tagger import Tagger
from tagger.taxonomy import TARGETS, taxonomy

STATUTES = "触犯法条"
HEADINGS = (*(taxonomy()[target].heading for target in TARGETS), STATUTES)
"""The fields of a card that a model decides, by the card's headings."""


class Changed(Struct, frozen=True):
    """A card that two models fill in differently: by heading what the one assigns, and what the other."""

    before: CaseCard
    after: CaseCard
    fields: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


def changes(notices: Sequence[Notice], before: Tagger, after: Tagger) -> Iterator[Changed]:
    """The cards that change, in the order of the notices."""
    for old, new in zip(tagged(before, notices), tagged(after, notices), strict=True):
        was, now = assigned(old), assigned(new)
        fields = {
            heading: (was[heading], now[heading]) for heading in HEADINGS if was[heading] != now[heading]
        }
        if fields:
            yield Changed(old, new, fields)


def assigned(card: CaseCard) -> dict[str, tuple[str, ...]]:
    """What a card assigns, by heading; the order of labels counts, as the first is the main one."""
    found = {taxonomy()[target].heading: card.assigned(target) for target in TARGETS}
    return found | {STATUTES: tuple(sorted(s.citation for s in card.statutes if s.assigned))}


def counts(changed: Iterable[Changed]) -> dict[str, int]:
    """How many cards change in each field."""
    found = dict.fromkeys(HEADINGS, 0)
    for one in changed:
        for heading in one.fields:
            found[heading] += 1
    return found
