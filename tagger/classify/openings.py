"""Where an expression may begin: asked of a whole sheet at once, so that it is tried at few places only.

An expression of some hundred words is tried at every character of a text, and fails at nearly all of
them within a few characters. How its words begin is read from the expression itself, an automaton finds
these beginnings, and the expression is asked at their places; what is not understood in an expression may
be any character.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagger.classify.automaton import Automaton
from tagger.classify.sheet import SEPARATOR, Codes, Sheet

_ANY = frozenset({-1})
"""Any character."""
_Opening = tuple[frozenset[int], ...]
"""What each of the first characters may be; as many as are told."""
_LONGEST = 6
_MOST_OPTIONS = 1000
_WORTH = 16
"""From so many texts on the automaton is worth being made."""


class SheetFinder:
    """Finds in all texts of a sheet what an expression finds that matches no empty text."""

    def __init__(self, expression: re.Pattern[str]) -> None:
        self._expression = expression

    @cached_property
    def _beginnings(self) -> _Beginnings:
        return _Beginnings(self._expression.pattern, self._expression.flags)

    def matches(self, sheet: Sheet, texts: Sequence[str]) -> Iterator[tuple[int, re.Match[str]]]:
        """(number of the text, match) as `finditer` of each text would have them."""
        if len(texts) < _WORTH:
            for number, text in enumerate(texts):
                for found in self._expression.finditer(text):
                    yield number, found
            return
        places = self._beginnings.places(sheet.codes)
        owners = sheet.text_of(places)
        last, end, text, match = -1, 0, "", self._expression.match
        for number, place in zip(owners.tolist(), (places - sheet.starts[owners]).tolist(), strict=True):
            if number != last:
                last, end, text = number, 0, texts[number]
            if place >= end:
                one = match(text, place)
                if one is not None:
                    end = one.end()
                    yield number, one


class _Beginnings:
    """How the words of an expression begin: strings, each behind so many characters that may be any."""

    def __init__(self, written: str, flags: int) -> None:
        openings = set() if flags & re.IGNORECASE else _openings(_parsed(written), _LONGEST)
        behind: dict[int, set[str]] = defaultdict(set)
        for opening in openings or {()}:
            skipped = next((k for k, one in enumerate(opening) if one != _ANY), len(opening))
            behind[skipped].update(_spelled(opening[skipped:]))
        self._anywhere = any("" in strings for strings in behind.values())
        self._automata = {skipped: Automaton(sorted(strings)) for skipped, strings in behind.items()}

    def places(self, codes: Codes) -> NDArray[np.intp]:
        """Where in a sheet the expression may begin."""
        if self._anywhere:
            return np.flatnonzero(codes != SEPARATOR)
        marks = np.zeros(len(codes), bool)
        for skipped, automaton in self._automata.items():
            marks[automaton.find(codes).starts - skipped] = True
        return np.flatnonzero(marks & (codes != SEPARATOR))


def _spelled(opening: _Opening) -> Iterator[str]:
    """The strings of an opening, as far as they are told and not too many."""
    told: list[frozenset[int]] = []
    for one in opening:
        if one == _ANY or prod(map(len, told)) * len(one) > _MOST_OPTIONS:
            break
        told.append(one)
    return ("".join(map(chr, characters)) for characters in product(*told))


def _parsed(written: str) -> Any:
    import re._parser as parser  # type: ignore[import-not-found]

    return parser.parse(written)


def _openings(parts: Sequence[tuple[Any, Any]], most: int) -> set[_Opening]:
    """The openings of parts that follow each other, of `most` characters or all that there are."""
    found: set[_Opening] = {()}
    for operation, argument in parts:
        if all(len(opening) >= most for opening in found):
            break
        tails = _of_part(str(operation), argument, most)
        found = {(*opening, *tail)[:most] for opening in found for tail in tails}
    return found


def _of_part(operation: str, argument: Any, most: int) -> set[_Opening]:
    match operation:
        case "LITERAL":
            return {(frozenset({argument}),)}
        case "IN":
            return {(_characters(argument),)}
        case "BRANCH":
            return set().union(*(_openings(branch, most) for branch in argument[1]))
        case "SUBPATTERN" if not argument[1]:  # nor flags of its own
            return _openings(argument[3], most)
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, greatest, inside = argument
            return _repeated(least, int(greatest), inside, most)
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return {()}
    return {(_ANY,) * most}


def _repeated(least: int, greatest: int, inside: Any, most: int) -> set[_Opening]:
    once = _openings(inside, most)
    found: set[_Opening] = set()
    repeated: set[_Opening] = {()}
    for times in range(min(greatest, max(least, most)) + 1):
        if times >= least:
            found |= repeated
        repeated = {(*one, *two)[:most] for one in repeated for two in once}
    return found


def _characters(options: Sequence[tuple[Any, Any]]) -> frozenset[int]:
    """The characters of a set; any where it is negated or has a category."""
    found: set[int] = set()
    for operation, argument in options:
        match str(operation):
            case "LITERAL":
                found.add(argument)
            case "RANGE" if argument[1] - argument[0] < _MOST_OPTIONS:
                found.update(range(argument[0], argument[1] + 1))
            case _:
                return _ANY
    return frozenset(found)
