"""Notices become features: what their words mean, where these stand, and who is punished.

Many notices are read at once: their texts lie end to end on a sheet, and each step asks all words of all
of them. What only an explanation or training needs (the names of features, which word made them) is made
when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Sized
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from tagger.classify.automaton import Automaton, Places
from tagger.classify.cues import Cues
from tagger.classify.facts import Input, eras, fact_features, gate_of
from tagger.classify.found import Found, inside_longer
from tagger.classify.keywords import weighed
from tagger.classify.lexicon import Lexicon
from tagger.classify.mentions import Mentions, MentionWords
from tagger.classify.naming import Naming
from tagger.classify.roles import Cast, Roles
from tagger.classify.senses import Senses
from tagger.classify.sheet import Marks, Sheet, folded
from tagger.classify.standing import Notices, Rows, Sums, caps, cells, rows, sums
from tagger.classify.tallies import WEIGHTS, answered, said, tells
from tagger.classify.zones import (
    ACTOR_BITS,
    DOER_BITS,
    DOERS,
    ERA_BITS,
    GATE_BITS,
    GATES,
    WIDTH,
    ZONES,
    feature_name,
    feature_number,
)  # fmt: skip

__all__ = ["Hit", "Input", "Reader", "Reading"]

_Sized = TypeVar("_Sized", bound=Sized)
_ANY = ZONES.index("any")
_SHEET = 1 << 18
"""So many characters are read at once, and always one text: what a sheet needs grows with its length."""


class Hit(NamedTuple):
    """A word of the lexicon at text[start:end], with its meanings and their strengths (1 is full)."""

    term: str
    start: int
    end: int
    meanings: tuple[tuple[str, float], ...]


class Shares(NamedTuple):
    """What words add to features: hit `hits[k]`, the first of its term, adds `values[k]` to `numbers[k]`."""

    numbers: NDArray[np.intp]
    hits: NDArray[np.intp]
    values: NDArray[np.float64]


class Reading:
    """What was read in one notice. Names and shares are made when they are asked for."""

    def __init__(self, text: str, roles: Roles, facts: Mapping[str, float], page: _Page, number: int) -> None:
        self.text = text
        """Folded."""
        self.roles = roles
        self.facts = facts
        """The features that no single word makes."""
        self._page = page
        self._number = number

    def __len__(self) -> int:
        return len(self.text)

    @property
    def made(self) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The features that words make, as numbers of Reader.feature, and their values."""
        part = self._page.sums_of(self._number)
        return self._page.sums.numbers[part], self._page.sums.values[part]

    @cached_property
    def features(self) -> Mapping[str, float]:
        """Every feature by its name."""
        numbers, values = self.made
        name = self._page.reader.feature
        return {name(k): v for k, v in zip(numbers.tolist(), values.tolist(), strict=True)} | dict(self.facts)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """The words of the lexicon, by their starts, the longest first."""
        return self._page.hits(self._number)

    @property
    def shares(self) -> Shares:
        """Which words made the features, and how much of them (`hits` counts those of the reading)."""
        return self._page.shares_of(self._number)

    def said_anywhere(self) -> Iterator[tuple[str, float]]:
        """The meanings that stand somewhere in the text, and the values of their features `any|…`."""
        numbers, values = self.made
        anywhere = np.flatnonzero(numbers % WIDTH == _ANY)
        names = self._page.reader.senses.names
        for number, value in zip(numbers[anywhere].tolist(), values[anywhere].tolist(), strict=True):
            yield names[number // WIDTH], value

    @property
    def telling(self) -> Sequence[Hit]:
        """The hits that may be keywords."""
        return self._page.telling[self._number]

    @property
    def said(self) -> tuple[float, float]:
        """What the words say to the questions of the genre: of an enforcement, of network security."""
        return self._page.said[self._number]

    @property
    def known(self) -> int:
        """How many words tell what happened."""
        return self._page.known[self._number]

    @property
    def somebody_acts(self) -> bool:
        """Whether an act is told of somebody."""
        return self._page.acts[self._number]


class Reader:
    """Reads notices by a lexicon, and names that it has not by their characters."""

    def __init__(self, lexicon: Lexicon, naming: Naming | None = None) -> None:
        self.lexicon = lexicon
        self.naming = naming
        self.automaton = Automaton(lexicon)
        self.senses = Senses(lexicon, naming)
        self.mention_words = MentionWords(self.senses.pairs)
        self.caps = caps(self.senses.names)
        self.suffered: Marks = np.array(["被" in term or "遭" in term for term in lexicon], bool)
        lists = self.senses.pairs
        self.says = np.array([said(pairs) for pairs in lists]).reshape(-1, len(WEIGHTS)).T.copy()
        self.tells: Marks = np.array([tells(pairs) for pairs in lists], bool)
        self.telling: Marks = np.array([bool(weighed(pairs)) for pairs in lists], bool)
        names = self.senses.names
        self.gang = self.senses.words.index("role.gang") if "role.gang" in self.senses.words else -1
        self.acts: Marks = np.array([name.startswith("act.") for name in names], bool)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every feature that a word of the lexicon can make."""
        return tuple(f"{zone}|{m}" for m in self.senses.words for zone in ZONES)

    def feature(self, number: int) -> str:
        """The name of a feature that words make."""
        return feature_name(self.senses.names, number)

    def number(self, feature: str) -> int | None:
        """The number of a feature that words make; None: no word does."""
        return feature_number(self._places, feature)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: k for k, name in enumerate(self.senses.names)}

    @property
    def most_features(self) -> int:
        """One more than the largest number of a feature."""
        return len(self.senses.names) * WIDTH

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        """The readings of notices, in their order."""
        return [reading for some in sheets(inputs) for reading in _Page(self, some).readings()]


def made_by_words(readings: Sequence[Reading]) -> Sums:
    """The features of readings that words make, reading by reading."""
    page = readings[0]._page
    if page.whole(readings):
        return page.sums
    made = [reading.made for reading in readings]
    return Sums(
        np.repeat(np.arange(len(made), dtype=np.int32), [len(numbers) for numbers, _ in made]),
        np.concatenate([numbers for numbers, _ in made]),
        np.concatenate([values for _, values in made]),
    )


def places_of(readings: Sequence[Reading], automaton: Automaton) -> tuple[NDArray[np.int32], Places]:
    """Where other terms stand in readings: of each place which reading it is in, and where in its text."""
    page = readings[0]._page
    if page.whole(readings):
        return page.places(automaton)
    found = [one._page.places_in(one._number, automaton) for one in readings]
    owners = np.repeat(np.arange(len(found), dtype=np.int32), [len(one.numbers) for one in found])
    return owners, Places(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def sheets(some: Sequence[_Sized]) -> Iterator[Sequence[_Sized]]:
    """Notices in pieces of bounded length."""
    start, length = 0, 0
    for k, one in enumerate(some):
        if length and length + len(one) > _SHEET:
            yield some[start:k]
            start, length = k, 0
        length += len(one)
    if start < len(some):
        yield some[start:]


class _Page:
    """Some notices while they are read, and what was read in them."""

    def __init__(self, reader: Reader, inputs: Sequence[Input]) -> None:
        self.reader = reader
        self.inputs = inputs
        self._places: dict[Automaton, tuple[NDArray[np.int32], Places]] = {}
        self.texts = [folded(one.notice.text) for one in inputs]
        self.sheet = Sheet(self.texts)
        cues = Cues(self.sheet)
        self.found = self._words(cues)
        mentions = Mentions(
            self.sheet, self.texts, reader.mention_words.of(self.found, reader.automaton.terms)
        )
        cast = Cast(self.sheet, self.texts, mentions, cues.stops)
        self.roles = [cast.roles(k, one.clauses) for k, one in enumerate(inputs)]
        self.notices = self._notices()
        self.rows: Rows = rows(
            self.found, self.notices, reader.senses, self.sheet, cues, mentions, reader.suffered
        )
        self.sums: Sums = sums(self.rows, reader.caps)
        self._tally()

    def whole(self, readings: Sequence[Reading]) -> bool:
        """Whether these are the page's readings, all of them in order."""
        return len(readings) == len(self.texts) and all(
            one._page is self and one._number == k for k, one in enumerate(readings)
        )

    def readings(self) -> list[Reading]:
        """A reading for each notice."""
        rows = self.rows
        punishing = (rows.masks & self.notices.gate_bits[rows.texts]) > 0
        gang = self._any(rows.texts[(rows.meanings == self.reader.gang) & punishing])
        title = len(self.reader.senses.words) + len(GATES)
        business = self._any(
            rows.texts[(rows.meanings >= title) & (rows.masks & int(DOER_BITS[DOERS.index("business")]) > 0)]
        )
        return [
            Reading(text, roles, fact_features(one, text, roles, gang=gang[k], business=business[k]), self, k)
            for k, (one, text, roles) in enumerate(zip(self.inputs, self.texts, self.roles, strict=True))
        ]

    def _words(self, cues: Cues) -> Found:
        """The words of the lexicon, but those inside a longer one of their family or inside a mask."""
        places, known = self.reader.automaton.find(self.sheet.codes), self.reader.senses
        texts = self.sheet.text_of(places.starts)
        found = Found(*places, known.list_of[places.numbers], texts)
        found = known.compounds.with_bodies(found, cues)
        if known.unknown:
            found = known.unknown.with_them(found, cues)
        lists = found.lists
        hidden = inside_longer(found.ends, known.families[lists], known.hides[lists], known.family_bits)
        quoted = self._quoted()
        if quoted is not None:
            hidden |= quoted[found.starts]
        return found.where(np.flatnonzero(~hidden & (np.diff(known.first) > 0)[lists]))

    def _quoted(self) -> Marks | None:
        """What stands in quotations that educate readers."""
        marks: Marks | None = None
        for one, start, end in zip(self.inputs, self.sheet.starts, self.sheet.ends, strict=True):
            for low, high in one.notice.quoted:
                if marks is None:
                    marks = np.zeros(len(self.sheet), bool)
                marks[start + low : min(start + high, end)] = True
        return marks

    def _notices(self) -> Notices:
        gates = np.array([GATES.index(gate_of(roles)) for roles in self.roles], np.intp)
        firsts = self.sheet.starts.tolist()
        return Notices(
            self.sheet.starts + np.array([one.notice.body_start for one in self.inputs], np.int32),
            gates,
            GATE_BITS[gates],
            np.array([sum(ERA_BITS[era] for era in eras(one.date)) for one in self.inputs], np.int64),
            [
                (first + m.start, first + m.end)
                for first, r in zip(firsts, self.roles, strict=True)
                for m in r.punished
            ],
        )

    def _tally(self) -> None:
        """What is asked of the words of each notice wherever they stand, each word once."""
        found, reader, count = self.found, self.reader, len(self.texts)
        every = np.sort(found.texts.astype(np.int64) << 32 | found.numbers)
        every = every[np.diff(every, prepend=-1) > 0]
        texts, lists = every >> 32, reader.senses.list_of[every & 0xFFFFFFFF]
        said = answered([np.bincount(texts, says[lists], count) for says in reader.says], count)
        self.said = list(zip(*(column.tolist() for column in said), strict=True))
        self.known: list[int] = np.bincount(texts, reader.tells[lists], count).astype(int).tolist()
        somebody = ACTOR_BITS & ~int(DOER_BITS[[DOERS.index("passive"), DOERS.index("unsaid")]].sum())
        acts = reader.acts[self.rows.meanings] & ((self.rows.masks & somebody) > 0)
        self.acts = self._any(self.rows.texts[acts])
        order = np.arange(len(self.texts) + 1)
        self._hit_bounds = np.searchsorted(found.texts, order)
        self._row_bounds = np.searchsorted(self.rows.texts, order)
        self._sum_bounds = np.searchsorted(self.sums.texts, order).tolist()

    def places(self, automaton: Automaton) -> tuple[NDArray[np.int32], Places]:
        """Which texts the places of other terms are in, and where in them; found once."""
        if automaton not in self._places:
            found = automaton.find(self.sheet.codes)
            texts = self.sheet.text_of(found.starts)
            first = self.sheet.starts[texts]
            self._places[automaton] = texts, Places(found.numbers, found.starts - first, found.ends - first)
        return self._places[automaton]

    def places_in(self, number: int, automaton: Automaton) -> Places:
        """The places in one notice."""
        texts, found = self.places(automaton)
        return found.where(slice(*np.searchsorted(texts, (number, number + 1))))

    def _any(self, texts: NDArray[np.int32]) -> list[bool]:
        marks = np.zeros(len(self.texts), bool)
        marks[texts] = True
        return marks.tolist()

    def sums_of(self, number: int) -> slice:
        """Where the features of a notice are."""
        return slice(self._sum_bounds[number], self._sum_bounds[number + 1])

    def hits(self, number: int) -> tuple[Hit, ...]:
        """The words of a notice."""
        part = slice(self._hit_bounds[number], self._hit_bounds[number + 1])
        return tuple(self._hits(Found(*(column[part] for column in self.found))))

    @cached_property
    def telling(self) -> list[list[Hit]]:
        """Of each notice the words that may be keywords."""
        some = self.found.where(np.flatnonzero(self.reader.telling[self.found.lists]))
        telling: list[list[Hit]] = [[] for _ in self.texts]
        for number, hit in zip(some.texts.tolist(), self._hits(some), strict=True):
            telling[number].append(hit)
        return telling

    def _hits(self, some: Found) -> list[Hit]:
        pairs = self.reader.senses.pairs
        first = self.sheet.starts[some.texts]
        columns = some.texts, some.starts - first, some.ends - first, some.lists
        return [
            Hit(self.texts[text][start:end], start, end, pairs[k])  # a compound is more than its term
            for text, start, end, k in zip(*(column.tolist() for column in columns), strict=True)
        ]

    def shares_of(self, number: int) -> Shares:
        """Which words made the features of a notice."""
        bounds, (numbers, hits, values) = self._shares
        part = slice(bounds[number], bounds[number + 1])
        return Shares(numbers[part], hits[part] - self._hit_bounds[number], values[part])

    @cached_property
    def _shares(self) -> tuple[list[int], Shares]:
        """The shares of all notices and where each one's begin; `hits` counts the words of the page.

        A feature is shared out by the strengths of the words that made it.
        """
        made, sums, most = self.rows, self.sums, self.reader.most_features
        row, zone = cells(made)
        texts, numbers = made.texts[row].astype(np.intp), made.meanings[row] * WIDTH + zone
        feature = np.searchsorted(sums.texts.astype(np.intp) * most + sums.numbers, texts * most + numbers)
        strengths = made.strengths[row]
        whole = np.bincount(feature, strengths, len(sums.values))
        values = sums.values[feature] * strengths / whole[feature]
        bounds = np.searchsorted(texts, np.arange(len(self.texts) + 1)).tolist()
        return bounds, Shares(numbers, self._first_hits()[row], values)

    def _first_hits(self) -> NDArray[np.intp]:
        """For each row the first word of its text that is its term."""
        terms = self.found.texts.astype(np.int64) << 32 | self.found.numbers
        order = np.argsort(terms, kind="stable")
        return order[np.searchsorted(terms[order], self.rows.texts.astype(np.int64) << 32 | self.rows.terms)]
