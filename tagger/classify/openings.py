"""Where an expression may begin: asked of a whole sheet at once, so that it is tried at few places only.

An expression of some hundred words is tried at every character of a text, and fails at nearly all of
them by its first two characters. These are read from the expression itself, and a table of pairs turns
the other places away; what is not understood in an expression may be any character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagger.classify.sheet import SEPARATOR, Codes, Sheet

_ANY = frozenset({-1})
"""Any character."""
_Opening = tuple[frozenset[int], ...]
"""What the first characters may be, two at most."""
_MOST_OPTIONS = 400
_WORTH = 16
"""From so many texts on the table of pairs is worth being made."""


class Finder:
    """Finds in all texts of a sheet what an expression finds that matches no empty text."""

    def __init__(self, expression: re.Pattern[str]) -> None:
        self._expression = expression

    @cached_property
    def _may(self) -> _Pairs:
        return _Pairs(self._expression.pattern, self._expression.flags)

    def matches(self, sheet: Sheet, texts: Sequence[str]) -> Iterator[tuple[int, re.Match[str]]]:
        """(number of the text, match) as `finditer` of each text would have them."""
        if len(texts) < _WORTH:
            for number, text in enumerate(texts):
                for found in self._expression.finditer(text):
                    yield number, found
            return
        places = self._may.places(sheet.codes)
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


class _Pairs:
    """Which two characters an expression may begin with."""

    def __init__(self, written: str, flags: int) -> None:
        parts = [] if flags & re.IGNORECASE else _parsed(written)
        openings = {(*opening, _ANY, _ANY)[:2] for opening in _openings(parts, 2)}
        self._first, first = _numbered([one for one, _ in openings])
        self._second, second = _numbered([two for _, two in openings])
        self._may = np.zeros((len(first) + 1, len(second) + 1), bool)
        for one, two in openings:
            rows = range(len(first) + 1) if one == _ANY else [first[c] for c in one]
            columns = range(len(second) + 1) if two == _ANY else [second[c] for c in two]
            self._may[np.ix_(rows, columns)] = True

    def places(self, codes: Codes) -> NDArray[np.intp]:
        """Where in a sheet the expression may begin."""
        marks = self._may[self._first[codes[:-1]], self._second[codes[1:]]]
        return np.flatnonzero(marks & (codes[:-1] != SEPARATOR))


def _numbered(sets: Sequence[frozenset[int]]) -> tuple[NDArray[np.uint16], dict[int, int]]:
    """A table from code points to numbers, 0 for those in no set, and the same as a dict."""
    known = {code: k for k, code in enumerate(sorted(frozenset().union(*sets) - _ANY), 1)}
    table = np.zeros(SEPARATOR + 1, np.uint16)
    table[list(known)] = list(known.values())
    return table, known


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
            once = _openings(inside, most)
            found: set[_Opening] = {()} if least == 0 else set()
            for times in range(max(1, least), min(int(greatest), max(least, most)) + 1):
                repeated: set[_Opening] = {()}
                for _ in range(min(times, most)):
                    repeated = {(*one, *two)[:most] for one in repeated for two in once}
                found |= repeated
            return found
        case "ASSERT" | "ASSERT_NOT" | "AT":
            return {()}
    return {(_ANY,) * most}


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
