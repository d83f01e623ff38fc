"""What a finder finds is what its expression finds in each text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.classify.openings import SheetFinder
from tagger.classify.sheet import Sheet
from tagger.law.punished import MENTION

EXPRESSIONS = {
    "mention": re.compile(MENTION.pattern),
    "words": re.compile(r"(?=.某|[公法])(?:(?P<a>法人(?!单位)|公司|.某)|(?P<b>[\d一二]人|[局厅](?=$|等)))"),
    "parts": re.compile(r"(?:甲{2,3}|[^乙丙]丁?|\w丙+|(?:乙|丁丁)??公)司?"),
    "not one": re.compile(r"(?<!客户)经理|x*?y|(?i:ap)"),
    "any case": re.compile("ap|x", re.IGNORECASE),
}
FINDERS = {name: SheetFinder(expression) for name, expression in EXPRESSIONS.items()}
PIECES = st.sampled_from([*"AP", *"公司法人单位某李一二3人局厅等甲乙丙丁客户经理xyAPp负责主管\n，该行为𠀀"])
TEXTS = st.lists(st.lists(PIECES, max_size=20).map("".join), min_size=16, max_size=18)


@pytest.mark.parametrize("name", EXPRESSIONS)
@given(TEXTS)
def test_it_finds_what_the_expression_finds(name: str, texts: list[str]) -> None:
    found = FINDERS[name].matches(Sheet(texts), texts)
    assert [(k, match.span(), match.lastgroup) for k, match in found] == [
        (k, match.span(), match.lastgroup)
        for k, text in enumerate(texts)
        for match in EXPRESSIONS[name].finditer(text)
    ]
