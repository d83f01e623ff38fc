import random
import re

import pytest

from tagger.casebook import read_cases
from tagger.expressions import begun, expression
from tagger.law import authorities, citations, dates, quotation


def test_an_expression_does_what_the_compiled_one_does() -> None:
    lazy, compiled = expression("(?P<n>[一二三])个", re.ASCII), re.compile("(?P<n>[一二三])个", re.ASCII)
    assert lazy.sub("x", "三个和一个") == compiled.sub("x", "三个和一个")
    match = lazy.search("在三个", 1)
    assert match is not None
    assert (match["n"], match.span()) == ("三", (1, 3))
    assert (lazy.pattern, lazy.flags, lazy.groups) == (compiled.pattern, compiled.flags, compiled.groups)


def test_it_is_compiled_once_and_only_when_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda w, f=0: compiled.append(w) or compile_(w, f))
    lazy = expression("a+")
    assert compiled == []
    assert lazy.findall("aab") + lazy.findall("ba") == ["aa", "a"]
    assert compiled == ["a+"]


def test_a_wrong_expression_fails_when_used() -> None:
    lazy = expression("(")
    with pytest.raises(re.error):
        lazy.match("")


PAIRS = [
    (citations._EVENT_BEGINS, citations._EVENT),
    (quotation._LESSON_BEGINS, quotation._LESSON),
    (dates._BEGINS, dates._DATE),
    (authorities._BEGINS, authorities._NAME),
]


@pytest.mark.parametrize(("begins", "whole"), PAIRS, ids=["citations", "lessons", "dates", "authorities"])
def test_what_is_tried_where_it_begins_is_all_that_there_is(
    begins: re.Pattern[str], whole: re.Pattern[str]
) -> None:
    """On texts made of the expression's own characters, and of what it finds in the report, cut and joined."""
    dice = random.Random(0)
    letters = sorted({c for c in whole.pattern if "\u3000" < c < "\uff00" or c in "0123456789[]()"})
    report = "".join(case.text for case in read_cases())
    found = [match.group() for match in whole.finditer(report)] or ["甲"]
    texts = [report]
    for _ in range(3_000):
        pieces = [dice.choice((dice.choice(letters), dice.choice(found))) for _ in range(12)]
        texts.append("".join(piece[: dice.randint(1, 9)] for piece in pieces))
    for text in texts:
        expected = [(match.span(), match.lastgroup) for match in whole.finditer(text)]
        assert [(match.span(), match.lastgroup) for match in begun(begins, whole, text)] == expected
