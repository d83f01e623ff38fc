"""The nearest cases of the casebook, and what they share with a notice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tagger.casebook import Case, read_cases
from tagger.classify import storing
from tagger.classify.matrices import case_input
from tagger.classify.precedents import NEAREST, PastCases, precedents, remember, similarities
from tagger.tagger import Tagger

CASES = read_cases()


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load("shipped")


@pytest.fixture(scope="module")
def past(tagger: Tagger) -> PastCases:
    assert tagger.model.past is not None
    return tagger.model.past


def cosines(tagger: Tagger, past: PastCases, case: Case) -> np.ndarray:
    (reading,) = tagger.model.read([case_input(case)])
    return similarities(past, reading, tagger.model.text([reading])[0])


@pytest.mark.parametrize("case", CASES[::20], ids=lambda case: case.id)
def test_a_case_is_its_own_nearest(tagger: Tagger, past: PastCases, case: Case) -> None:
    found = cosines(tagger, past, case)
    assert past.cases[int(found.argmax())].id == case.id
    assert found.max() == pytest.approx(1.0, abs=1e-4)
    assert found.min() >= 0


def test_three_cases_nearest_first_with_what_they_share(tagger: Tagger) -> None:
    text = "某医院信息系统存在弱口令，未落实等级保护制度，未留存网络日志，网安部门依法对该医院予以警告。"
    card = tagger.tag(text, explain=True)
    assert card.precedents is not None
    assert len(card.precedents) == NEAREST
    similar = [one.similarity for one in card.precedents]
    assert similar == sorted(similar, reverse=True)
    assert 0 < similar[-1] <= similar[0] <= 1
    by_id = {case.id: case for case in CASES}
    for one in card.precedents:
        case = by_id[one.id]
        assert (one.title, one.statutes) == (case.title, case.statutes)
        assert all(phrase in text and phrase in case.text.lower() for phrase in one.shared)
        assert not any(a != b and a in b for a in one.shared for b in one.shared)
    assert any(one.shared for one in card.precedents)
    assert any("警告" in one.outcome for one in card.precedents)


def test_what_shares_nothing_has_no_precedent(tagger: Tagger, past: PastCases) -> None:
    (reading,) = tagger.model.read([case_input(Case("x", "", "aaaa bbbb", (), (), ()))])
    assert precedents(past, reading, np.zeros(len(tagger.model.terms))) == ()


def test_a_users_cases_are_precedents_too(tagger: Tagger) -> None:
    model = tagger.model
    own = Case(
        "ours-1", "某水务公司控制系统被入侵", "某水务公司未修复漏洞，被罚款五万元。", ("水利",), (), (),
        statutes=("网络安全法第21条",),
    )  # fmt: skip
    cases = (*CASES[:5], own)
    readings = model.read([case_input(case) for case in cases])
    past = remember(cases, readings, model.text(readings))
    (query,) = model.read([case_input(Case("y", "", "某水务公司控制系统存在漏洞，被罚款五万元", (), (), ()))])
    first = precedents(past, query, model.text([query])[0])[0]
    assert first.id == "ours-1"
    assert first.statutes == ("网络安全法第21条",)
    assert first.outcome == "单位罚款5万元"


def test_no_case_no_precedent(tagger: Tagger) -> None:
    past = remember((), (), np.zeros((0, len(tagger.model.terms))))
    (reading,) = tagger.model.read([case_input(CASES[0])])
    assert precedents(past, reading, np.zeros(len(tagger.model.terms))) == ()


def test_they_are_stored_with_the_model(tagger: Tagger, past: PastCases, tmp_path: Path) -> None:
    name = storing.save(tagger.model, tmp_path, manifest={}, out_of_fold=storing.OutOfFold(()))
    again = storing.load(tmp_path / name).past
    assert again is not None
    assert again.cases == past.cases
    assert np.array_equal(again.columns, past.columns)
    assert np.array_equal(cosines(tagger, again, CASES[3]), cosines(tagger, past, CASES[3]))
