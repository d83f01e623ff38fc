"""Names of bodies that are made of what they trade in: 船舶 + 代理 + 有限公司, 五金 + 店.

A trade or a good (`trade.交通运输`, `goods.制造业` of `data/lexicon/trades.tsv`) says nothing where it stands
alone: people steal cars and sell tea. Before what ends the name of a body it names one. Whoever makes goods
is of the goods' industry, whoever sells them over a counter of 生活服务.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tagger.classify.cues import Cues
from tagger.classify.found import Found
from tagger.classify.lexicon import Entry

_OF_TRADES = dict.fromkeys(("company", "works", "shop", "platform", "public"), "industry.body.*")
STEMS: Mapping[str, Mapping[str, str]] = {
    "trade": _OF_TRADES,
    "goods": {"works": "industry.body.*", "shop": "industry.body.生活服务", "company": "industry.body.*"},
}
"""By the kind of a stem which endings (cues.py) make a body of it, and what it is; the first that fits."""


class Compounds:
    """Which lists of meanings hold a stem, and which lists the bodies have that are made of them."""

    def __init__(self, lists: Sequence[tuple[Entry, ...]]) -> None:
        made: dict[str, dict[int, tuple[Entry, ...]]] = {}
        for number, entries in enumerate(lists):
            for entry in entries:
                kind, _, industry = entry.meaning.partition(".")
                for ending, body in STEMS.get(kind, {}).items():
                    named = Entry(body.replace("*", industry), entry.strength)
                    made.setdefault(ending, {})[number] = (named,)
        bodies = dict.fromkeys(entries for rows in made.values() for entries in rows.values())
        self.lists: tuple[tuple[Entry, ...], ...] = tuple(bodies)
        """The lists of the bodies, to stand behind the lexicon's own."""
        place = {entries: len(lists) + k for k, entries in enumerate(bodies)}
        self._made = {ending: np.full(len(lists), -1, np.int32) for ending in made}
        for ending, rows in made.items():
            for number, entries in rows.items():
                self._made[ending][number] = place[entries]

    def with_bodies(self, found: Found, cues: Cues) -> Found:
        """The places and those of the bodies that they make; by their starts, the longest first."""
        columns = [found]
        for ending, made in self._made.items():
            stems = np.flatnonzero(made[found.lists] >= 0)
            ends = cues.name_ends(found.ends[stems], ending)
            stems, ends = stems[ends > 0], ends[ends > 0]
            columns.append(found.where(stems)._replace(ends=ends, lists=made[found.lists[stems]]))
        joined = Found(*(np.concatenate(column) for column in zip(*columns, strict=True)))
        # Of those that begin and end together the lexicon's own comes first, which hides the other.
        return joined.where(np.lexsort((-joined.ends, joined.starts)))
