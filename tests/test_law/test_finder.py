"""Names are found alike with and without an automaton, for few texts and for many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.casebook import read_cases
from tagger.law.catalogue import load_catalogue
from tagger.law.finder import NameFinder
from tagger.law.places import Gazetteer, find_places

TEXTS = [case.text for case in read_cases()]
WORDS = st.text(alphabet="甲乙丙", min_size=2, max_size=5)


@given(names=st.lists(WORDS, max_size=12), text=st.text(alphabet="甲乙丙丁", max_size=60))
def test_both_ways_find_the_same(names: list[str], text: str) -> None:
    assert NameFinder(names, patience=10**6).find(text) == NameFinder(names, patience=0).find(text)


def test_the_leftmost_counts_and_of_these_the_longest() -> None:
    finder = NameFinder(["网络安全", "安全法", "网络安全法"])
    assert finder.find("违反网络安全法和安全法") == [(2, 2, 7), (1, 8, 11)]


@pytest.mark.parametrize("patience", [0, 10])
def test_without_names_nothing_is_found(patience: int) -> None:
    assert NameFinder([], patience).find("网络安全法") == []


def test_a_name_of_one_character_is_found() -> None:
    assert NameFinder(["法"], patience=10).find("依法") == [(0, 1, 2)]


def test_law_names_are_found_alike_after_many_texts() -> None:
    finder = NameFinder(list(load_catalogue().aliases), patience=sum(map(len, TEXTS)) // 2)
    assert [finder.find(text) for text in TEXTS] == [finder.find(text) for text in TEXTS]


def test_places_are_found_alike_for_few_texts_and_for_many() -> None:
    few, many = Gazetteer(patience=len(TEXTS)), Gazetteer(patience=0)
    for text in (*TEXTS, "", "京", "在北京市朝阳区和吉林市、达州渠县警方"):
        assert find_places(text, few) == find_places(text, many)
