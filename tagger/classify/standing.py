"""How the words of a sheet stand: for every word the zones that it is in, as bits.

First what is asked of each word (Where), then what that makes of each of its senses (Rows), then the
sums: a feature's value is log2(1 + the strengths of its words, each word once), up to a cap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tagger.classify import senses
from tagger.classify.cues import Cues
from tagger.classify.found import Found
from tagger.classify.mentions import Mentions
from tagger.classify.senses import Senses
from tagger.classify.sheet import Marks, Numbers, Sheet
from tagger.classify.zones import DOER_BITS, DOERS, MET, WIDTH, Masks, bit

CAP = 1.6
_PRESENCE = ("role.gang", "role.hacker", "outcome.group-busted")
"""Meanings of which more words say no more."""
_FIRST_WORDS = 12
"""So many characters behind the first word for a body another may stand beside it."""


class Notices(NamedTuple):
    """What is known of each text: where its title ends, and bits of its gate and of the eras it lies in."""

    title_ends: Numbers
    gates: NDArray[np.intp]
    gate_bits: Masks
    era_bits: Masks
    punished: Sequence[tuple[int, int]]
    """Spans of the sheet, in order."""


class Rows(NamedTuple):
    """A sense of a term in a text, and the zones where it stands; by text, meaning, term."""

    texts: Numbers
    meanings: NDArray[np.intp]
    terms: Numbers
    masks: Masks
    strengths: NDArray[np.float64]


def rows(
    found: Found, notices: Notices, known: Senses, sheet: Sheet, cues: Cues, mentions: Mentions,
    suffered: Marks,
) -> Rows:  # fmt: skip
    """The senses of the words; `suffered` marks terms that say that something is done to somebody."""
    counts = known.first[found.lists + 1] - known.first[found.lists]
    word = np.repeat(np.arange(len(found.numbers)), counts)
    offsets = np.cumsum(counts) - counts
    sense = np.arange(len(word)) + np.repeat(known.first[found.lists] - offsets, counts)
    flags, meanings = known.flags[sense], known.meanings[sense]
    masks, gates = _masks(found, notices, known, sheet, cues, mentions, suffered, word, flags)
    counting = (flags & (senses.DOER | senses.TITLE_DOER)) > 0
    meanings = np.where(counting, meanings + gates[word], meanings)
    kept = np.flatnonzero(masks != 0)
    word, sense = word[kept], sense[kept]
    return _distinct(
        found.texts[word], meanings[kept], found.numbers[word], masks[kept], known.strengths[sense]
    )


def _distinct(
    texts: Numbers, meanings: NDArray[np.intp], terms: Numbers, masks: Masks, strengths: NDArray[np.float64]
) -> Rows:
    """Each sense of a term once a text, in all the zones where it stands."""
    if not len(texts):
        return Rows(texts, meanings, terms, masks, strengths)
    # 20 bits for meanings, 24 for terms, the rest for texts.
    key = (texts.astype(np.int64) << 44) + (meanings << 24) + terms
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    one = order[first]
    return Rows(
        texts[one], meanings[one], terms[one], np.bitwise_or.reduceat(masks[order], first), strengths[one]
    )


def _masks(
    found: Found, notices: Notices, known: Senses, sheet: Sheet, cues: Cues, mentions: Mentions,
    suffered: Marks, word: NDArray[np.intp], flags: Numbers,
) -> tuple[Masks, NDArray[np.intp]]:  # fmt: skip
    """The zones of each sense of each word, and the gate of each word's notice."""
    asked = known.asked[found.lists]
    bought = cues.bought(found.starts, 8)
    gates = notices.gates[found.texts]
    title_ends = notices.title_ends[found.texts]
    in_title = found.starts < title_ends
    lead_ends = cues.sentence_end(np.minimum(notices.title_ends + 10, sheet.ends))[found.texts]
    base = bit("any") | notices.gate_bits[found.texts]
    base |= np.where(in_title, bit("title"), np.where(found.starts < lead_ends, bit("lead"), 0))

    def has(flag: int) -> Marks:
        return np.asarray((flags & flag) > 0)

    masks = base[word]
    masks[has(senses.OF_SOMEBODY)] |= _punished(found, notices, len(sheet))[word[has(senses.OF_SOMEBODY)]]
    masks[has(senses.OF_PERSON)] |= _named(found, mentions, len(sheet))[word[has(senses.OF_PERSON)]]
    actors = _actors(found, asked, cues, mentions, suffered)
    masks[has(senses.ACT)] |= actors[word[has(senses.ACT)]]
    beside = _beside(found, asked, notices, cues, bought)
    masks[has(senses.INDUSTRY)] |= beside[word[has(senses.INDUSTRY)]]
    masks[has(senses.AGED)] |= notices.era_bits[found.texts[word[has(senses.AGED)]]]

    courts = np.flatnonzero(has(senses.COURT))
    judging = courts[cues.judges(found.ends[word[courts]])]
    masks[judging] = bit("not") | masks[judging] & MET
    hired = np.flatnonzero(has(senses.HIRED) & bought[word])
    masks[hired] = bit("any") | bit("buyer")
    # What is made of acts: groups, and who does them.
    masks[has(senses.GROUP)] &= bit("any") | GATE_MASK
    counting = has(senses.DOER | senses.TITLE_DOER)
    masks[counting] = actors[word[counting]]
    masks[has(senses.TITLE_DOER) & ~in_title[word]] = 0
    negated = cues.negated(found.starts)[word]
    masks[negated & has(senses.GROUP | senses.DOER | senses.TITLE_DOER)] = 0
    masks[negated & has(senses.DENIABLE)] = bit("not")
    return masks, gates


GATE_MASK = bit("org") | bit("both") | bit("officer") | bit("person") | bit("none")


def _punished(found: Found, notices: Notices, length: int) -> Masks:
    """`punished` where a mention of who is punished holds the word."""
    reach = np.zeros(length, np.int32)
    for start, end in notices.punished:
        reach[start] = max(reach[start], end)
    inside = np.maximum.accumulate(reach)[found.starts] >= found.ends
    return np.where(inside, bit("punished"), 0)


def _named(found: Found, mentions: Mentions, length: int) -> Masks:
    """`named` where a person's name follows at once or after one character."""
    name = np.zeros(length + 1, bool)
    name[mentions.names.starts] = True
    return np.where(name[found.ends] | name[found.ends + 1], bit("named"), 0)


def _actors(found: Found, asked: Numbers, cues: Cues, mentions: Mentions, suffered: Marks) -> Masks:
    """Who does it, for the words for acts."""
    actors = np.zeros(len(asked), np.int64)
    acts = np.flatnonzero((asked & senses.ACT) != 0)
    kinds = mentions.actors(found.starts[acts], found.ends[acts], cues)
    kinds[suffered[found.numbers[acts]]] = PASSIVE
    actors[acts] = DOER_BITS[kinds]
    return actors


PASSIVE = DOERS.index("passive")


def _beside(found: Found, asked: Numbers, notices: Notices, cues: Cues, bought: Marks) -> Masks:
    """What stands beside a word of an industry: where in a list, before what head, by whom it is met."""
    first = _first(found, asked, notices, bought)
    masks = np.zeros(len(asked), np.int64)
    some = np.flatnonzero((asked & senses.INDUSTRY) != 0)
    starts, ends, behind = found.starts[some], found.ends[some], found.starts[some] - first[found.texts[some]]
    listed = cues.listed_before(starts) | cues.listed_behind(ends)
    near = (behind >= 0) & (behind <= _FIRST_WORDS)
    buyer = cues.bought(starts, 10)
    victim = ~buyer & (cues.attacked(starts) | cues.suffers(ends))
    masks[some] = (
        np.where(listed, bit("listed"), np.where(near, bit("first"), 0))
        | np.where(cues.anothers(ends), bit("modifier"), 0)
        | np.where(cues.heads(ends), bit("np"), 0)
        | np.where(buyer, bit("buyer"), 0)
        | np.where(victim, bit("victim"), 0)
    )
    return masks


def _first(found: Found, asked: Numbers, notices: Notices, bought: Marks) -> Numbers:
    """Where the first word for a body or its product stands in each text that is not what others buy."""
    first = np.full(len(notices.title_ends), -(1 << 20), np.int32)
    candidates = np.flatnonzero(
        ((asked & senses.OF_BODY) > 0) & ~bought & (found.starts >= notices.title_ends[found.texts])
    )[::-1]
    first[found.texts[candidates]] = found.starts[candidates]  # backwards: the first one stays
    return first


class Sums(NamedTuple):
    """The features that words make: feature `numbers[k]` of text `texts[k]` has `values[k]`."""

    texts: Numbers
    numbers: NDArray[np.intp]
    values: NDArray[np.float64]


def caps(names: Sequence[str]) -> NDArray[np.float64]:
    """How much a feature of each meaning can be."""
    return np.array([1.0 if name.endswith(_PRESENCE) else CAP for name in names])


def sums(made: Rows, most: NDArray[np.float64]) -> Sums:
    """The features of the rows; `most` is the cap of each meaning."""
    if not len(made.texts):
        return Sums(made.texts, made.meanings, made.strengths)
    new = (made.texts[1:] != made.texts[:-1]) | (made.meanings[1:] != made.meanings[:-1])
    first = np.concatenate([[0], np.flatnonzero(new) + 1])
    group = np.concatenate([[0], np.cumsum(new)])
    row, zone = cells(made)
    together = np.bincount(group[row] * WIDTH + zone, made.strengths[row])
    filled = np.flatnonzero(together > 0)
    group, zone = filled // WIDTH, filled % WIDTH
    values = np.log2(1.0 + together[filled])
    meanings = made.meanings[first][group]
    values = np.where(values > 1.0, np.minimum(values, most[meanings]), values)
    return Sums(made.texts[first][group], meanings * WIDTH + zone, values)


def cells(made: Rows) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each row in each of its zones: the number of the row, the number of the zone."""
    # Of marks numpy tells the places ten times as fast as of other numbers.
    bits = np.unpackbits(made.masks.astype("<i8").view(np.uint8), bitorder="little").view(bool)
    filled = np.flatnonzero(bits)
    return filled >> 6, filled & 63
