"""Every regular expression of the package takes time in proportion to the text, on its own worst cases.

The worst cases are made from the expression itself: for each repetition in it, what leads to it and then
what it repeats, over and over, with nothing behind it that would let it match. An expression that
searches is searched with; one that the package only matches from a given place is matched there.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec import Struct

import tagger
from tagger.expressions import expression

LAZY = type(expression("", 0))
sre = importlib.import_module("re._parser")

SEARCHING = frozenset(("search", "finditer", "findall", "sub", "subn", "split", "scanner"))
FILLERS = (
    "第",
    "《",
    "一",
    "1",
    "a",
    " ",
    "\n",
    "，",
    "、",
    "。",
    "某",
    "公司",
    "的",
    "罚款",
    "(",
    "[",
    "*",
    "#",
    "<",
    "-",
)
LENGTH = 2_000
NOISE = 0.001
"""Seconds below which so many characters are linear: a square of them are two million steps."""


class Expression(NamedTuple):
    name: str
    pattern: re.Pattern[Any]
    searches: bool


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(tagger.__path__, "tagger."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def patterns_in(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The expressions in a value: tables of them and records that hold them are looked into."""
    if isinstance(value, re.Pattern | LAZY):
        yield re.compile(value.pattern, value.flags)
    elif depth > 4:
        return
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from patterns_in(one, depth + 1)
    elif isinstance(value, dict):
        for one in value.values():
            yield from patterns_in(one, depth + 1)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from patterns_in(getattr(value, name), depth + 1)


def uses(path: str) -> dict[str, set[str]]:
    """By an expression's name, what a module calls on it; "passed" where it hands it to something else."""
    found: dict[str, set[str]] = defaultdict(set)
    if path:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        called = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found[node.value.id].add(node.attr)
                called.add(node.value)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in called:
                found[node.id].add("passed")
    return found


def written_inside() -> Iterator[tuple[str, re.Pattern[Any], bool]]:
    """The expressions that stand as a text in a call of `re`, inside a function."""
    for path in Path(tagger.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                name = f"{path.stem}:{node.lineno}"
                yield name, re.compile(node.args[0].value), node.func.attr in SEARCHING


def expressions() -> list[Expression]:
    found: dict[tuple[Any, int], Expression] = {}
    for module in modules():
        used = uses(module.__file__)
        for name, value in vars(module).items():
            # A table's expressions may be used in any way; a name's as the lines of its module say.
            searches = not isinstance(value, re.Pattern | LAZY) or not used[name].isdisjoint(
                {*SEARCHING, "passed"}
            )
            for pattern in patterns_in(value):
                key = pattern.pattern, pattern.flags
                before = found.get(key)
                if before is None or (searches and not before.searches):
                    found[key] = Expression(f"{module.__name__}.{name}", pattern, searches)
    for name, pattern, searches in written_inside():
        found.setdefault((pattern.pattern, pattern.flags), Expression(name, pattern, searches))
    return sorted(found.values(), key=lambda one: (one.name, str(one.pattern.pattern)))


EXPRESSIONS = expressions()


# ---- the worst cases of one expression ------------------------------------------------------------


def sample(nodes: Any, groups: dict[int, str]) -> str:
    """A short text that a parsed expression matches, look-arounds aside."""
    return "".join(_one(op, value, groups) for op, value in nodes)


def _one(op: Any, value: Any, groups: dict[int, str]) -> str:
    name = str(op)
    if name == "LITERAL":
        return chr(value)
    if name == "NOT_LITERAL":
        return "某" if value != ord("某") else "甲"
    if name == "ANY":
        return "某"
    if name == "IN":
        return _of_class(value)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, _, body = value
        return sample(body, groups) * max(1, least)
    if name == "SUBPATTERN":
        text = sample(value[3], groups)
        groups[value[0]] = text
        return text
    if name == "ATOMIC_GROUP":
        return sample(value, groups)
    if name == "BRANCH":
        return sample(value[1][0], groups)
    if name == "GROUPREF":
        return groups.get(value, "")
    return ""  # AT, ASSERT, ASSERT_NOT, GROUPREF_EXISTS


CATEGORIES = {
    "CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "某",
    "CATEGORY_NOT_DIGIT": "某", "CATEGORY_NOT_SPACE": "某", "CATEGORY_NOT_WORD": "-",
}  # fmt: skip


def _of_class(items: Any) -> str:
    if str(items[0][0]) == "NEGATE":
        return next(c for c in "某a1 -，\x00一" if not any(_in_item(c, *item) for item in items[1:]))
    op, value = items[0]
    if str(op) == "LITERAL":
        return chr(value)
    return chr(value[0]) if str(op) == "RANGE" else CATEGORIES[str(value)]


def _in_item(character: str, op: Any, value: Any) -> bool:
    if str(op) == "LITERAL":
        return ord(character) == value
    if str(op) == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    classes = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    name = str(value).removeprefix("CATEGORY_")
    plain = re.match(classes[name.removeprefix("NOT_")], character) is not None
    return plain != name.startswith("NOT_")


def pumps(nodes: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """For each repetition at any depth: what leads to it, and what it repeats."""
    for op, value in nodes:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield before, sample(value[2], {})
            yield from pumps(value[2], before)
        elif name == "SUBPATTERN":
            yield from pumps(value[3], before)
        elif name == "ATOMIC_GROUP":
            yield from pumps(value, before)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from pumps(branch, before)
        before += _one(op, value, {})


def worst_cases(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """What begins a text, what it repeats, and what ends it: nothing, or what few expressions match."""
    parsed = sre.parse(pattern.pattern, pattern.flags)
    whole = sample(parsed, {})
    found = {("", filler): None for filler in FILLERS}
    found["", whole] = found["", whole[: len(whole) // 2]] = found[whole[:1], whole[1:]] = None
    for before, body in pumps(parsed):
        found[before, body] = found["", body] = found["", before + body] = found["", before] = None
    return [(start, body, end) for start, body in found if body for end in ("", "，\x01")]


def text_of(start: str, body: str, end: str, length: int) -> str:
    return (start + body * (length // len(body) + 1))[:length] + end


def seconds(one: Expression, text: str, runs: int = 1) -> float:
    """The processor time of going through a text, the least of some runs."""
    subject: Any = text.encode() if isinstance(one.pattern.pattern, bytes) else text
    go: Callable[[], object] = (
        (lambda: sum(1 for _ in one.pattern.finditer(subject)))
        if one.searches
        else (lambda: (one.pattern.match(subject), one.pattern.fullmatch(subject)))
    )
    least = float("inf")
    for _ in range(runs):
        begin = time.process_time()
        go()
        least = min(least, time.process_time() - begin)
    return least


def worst(one: Expression) -> tuple[float, str, str, str]:
    """The time that the worst case takes, and that case."""
    return max((seconds(one, text_of(*case, LENGTH)), *case) for case in worst_cases(one.pattern))


@pytest.mark.parametrize("one", EXPRESSIONS, ids=lambda one: one.name)
def test_time_grows_with_the_length_and_not_with_its_square(one: Expression) -> None:
    spent, *case = worst(one)
    if spent > NOISE:
        # Four times the length: four times the time if it is linear, sixteen times if it is not. Side by side,
        # because a shared machine is fast and slow by turns.
        pairs = [[seconds(one, text_of(*case, length)) for length in (5_000, 20_000)] for _ in range(8)]
        assert any(long < 8 * short or long < NOISE for short, long in pairs), (
            f"{one.pattern.pattern!r} on {case}: {pairs}"
        )


@pytest.mark.slow
@pytest.mark.parametrize("one", EXPRESSIONS, ids=lambda one: one.name)
def test_a_million_characters(one: Expression) -> None:
    _, *case = worst(one)
    short, middle, long = (
        seconds(one, text_of(*case, length), runs)
        for length, runs in ((10_000, 3), (100_000, 2), (1_000_000, 1))
    )
    assert middle < max(30 * short, 20 * NOISE), f"{one.pattern.pattern!r} on {case}"
    assert long < max(30 * middle, 200 * NOISE), f"{one.pattern.pattern!r} on {case}"


@pytest.mark.parametrize("written", [r"\s+$", r"a*b", r"《[^》]*》第", r"第.*第.*条"])
def test_the_harness_finds_what_is_not_linear(written: str) -> None:
    one = Expression("bad", re.compile(written), True)
    grown = []
    for case in worst_cases(one.pattern):
        short, long = (seconds(one, text_of(*case, length), 2) for length in (150, 600))
        grown.append(long / max(short, 1e-6))
    assert max(grown) > 9


def test_the_expressions_are_found() -> None:
    assert len(EXPRESSIONS) > 250
    assert sum(one.searches for one in EXPRESSIONS) > 150
