"""Doubt about labels: each witness by itself, their order, and planted slips that are found."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import numpy as np
import pytest
from msgspec.structs import replace

from tagger import audit
from tagger.audit import Finding, Unseen
from tagger.casebook import Case, read_cases
from tagger.classify.training import Ground
from tagger.law.catalogue import load_catalogue
from tagger.tagger import Tagger
from tagger.taxonomy import taxonomy

CASES = read_cases()


def case(name: str, **changes: object) -> Case:
    return replace(CASES[0], id=name, event=name, **changes)


@pytest.fixture(scope="module")
def judged() -> Unseen:
    """Two cases of an insider, of which the model finds one right and one wrong."""
    model = Tagger.load("shipped").model
    labels = {head.target: head.labels for head in model.heads}
    cases = (case("a", subject=("内部人员",)), case("b", subject=("政企机构",)))
    sure = {target: np.full((2, len(of)), 1e-3) for target, of in labels.items()}
    for target in sure:
        if target != "statutes":
            for row, one in enumerate(cases):
                for label in one.labels(target):  # type: ignore[arg-type]
                    sure[target][row, labels[target].index(label)] = 0.9
    sure["subject"][1] = 1e-3
    sure["subject"][1, labels["subject"].index("内部人员")] = 0.9
    return Unseen(cases, labels, sure, model)


def test_doubt_is_what_the_given_labels_lack(judged: Unseen) -> None:
    assert judged.doubts("subject").round(3).tolist() == [0.1, 0.999]
    assert np.isnan(replace(judged, cases=(case("a", subject=()), judged.cases[1])).doubts("subject")[0])


def test_an_unlikely_label_is_told_with_what_speaks_for_another(judged: Unseen) -> None:
    (found,) = audit.unlikely_labels(judged)
    assert (found.case.id, found.field, found.given, found.suggested) == (
        "b",
        "subject",
        ("政企机构",),
        "内部人员",
    )
    assert found.evidence[0].startswith("unseen, the model says 内部人员 90%")
    assert found.evidence[1].startswith("for 内部人员: ")
    assert found.heading == "违法/犯罪主体"


def test_a_label_that_no_other_case_with_the_article_has() -> None:
    like = [case(f"c{n}", statutes=("网络安全法第21条",), nature=("建设运维管理疏失",)) for n in range(6)]
    odd = case("odd", statutes=("网络安全法第21条",), nature=("外部入侵",))
    found = [one for one in audit.labels_against_statutes([*like, odd]) if one.field == "nature"]
    assert [(one.case.id, one.suggested) for one in found] == [("odd", "建设运维管理疏失")]
    assert found[0].evidence == ("6 of 6 other cases with 网络安全法第21条 have 建设运维管理疏失",)
    assert found[0].doubt == pytest.approx(1 - 1 / 8)
    # Reports of one event are one witness, and five others are the least.
    assert not list(audit.labels_against_statutes([*(replace(one, event="odd") for one in like), odd]))
    assert not list(audit.labels_against_statutes([*like[:4], odd]))


def test_a_card_that_leaves_out_what_its_text_cites() -> None:
    text = "某市网安支队依据《网络安全法》第二十一条、第五十九条之规定，对某公司予以警告。"
    whole = case("a", facts=text, statutes=("网络安全法第21条", "网络安全法第59条"))
    less = replace(whole, id="b", statutes=("网络安全法第21条",))
    (found,) = audit.statutes_against_text((whole, less), load_catalogue(None))
    assert (found.case.id, found.suggested) == ("b", "网络安全法第59条")


def test_what_a_lawyer_found_is_told_of_the_report_alone() -> None:
    found = list(audit.known_slips(CASES))
    assert found and all(one.field == "statutes" and one.case.id.startswith("2020-") for one in found)
    assert all(one.evidence[0].startswith("a lawyer's reading (") for one in found)
    assert not list(audit.known_slips([case("own")]))


def test_findings_of_one_field_are_one() -> None:
    one = Finding(case("a"), "nature", ("其他",), "外部入侵", 0.6, ("first",))
    other = replace(one, suggested="机构犯罪", doubt=0.9, evidence=("second",))
    (found,) = audit._joined([one, other])
    assert (found.suggested, found.doubt, found.evidence) == ("机构犯罪", 0.9, ("first", "second"))


def test_findings_are_written_for_a_spreadsheet(tmp_path: Path) -> None:
    found = Finding(case("a", title="=1+1"), "nature", ("其他", "外部入侵"), "机构犯罪", 0.875, ("x", "y"))
    audit.write_findings([found], tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["id", "title", "field", "given", "suggested", "doubt", "evidence"]
    assert rows[1] == ["a", "'=1+1", "违法/犯罪性质", "其他、外部入侵", "机构犯罪", "0.875", "x; y"]


@pytest.mark.slow
def test_most_planted_slips_are_in_the_first_fifth() -> None:
    """As benchmarks/learning.py measures it over several seeds, here without the written examples."""
    dice, cases = Random(0), list(CASES)
    spoilt = set(dice.sample(range(len(cases)), 10))
    for row in spoilt:
        wrong = [str(label) for label in taxonomy()["nature"].labels if label not in cases[row].nature]
        cases[row] = replace(cases[row], nature=(dice.choice(wrong),))
    ground = replace(Ground.shipped(), examples=())
    doubts = audit.unseen(cases, ground).doubts("nature")
    top = set(np.argsort(-doubts)[:20].tolist())
    assert len(top & spoilt) >= 7
    found = audit.audit(cases, ground, load_catalogue(None))
    assert [one.doubt for one in found] == sorted((one.doubt for one in found), reverse=True)
    assert len({(one.case.id, one.field) for one in found}) == len(found)
