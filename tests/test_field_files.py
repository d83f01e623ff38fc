"""The form of the files that the tagger is measured on: labels, citations that can be found in the text, laws
that were in force, no text twice. What the labels ought to be is said in data/field/README.md."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from typing import Any

import pytest

from tagger import shipped
from tagger.taxonomy import TARGETS, taxonomy

Record = dict[str, Any]

LABELS = ("industry", "subject", "nature", "impact", "liability")
FIELDS = {"id", "published", "title", "text", *LABELS, "statutes_cited", "statutes_likely", "pinpoints"}

# Laws that notices cite and the catalogue lacks; a tagger keeps their names as printed.
UNCATALOGUED = {
    "保险法",
    "人身保险客户信息真实性管理暂行办法",
    "互联网用户账号名称管理规定",
    "证券基金经营机构信息技术管理办法",
}

CITATION = re.compile(r"(?P<law>.+)第(?P<number>\d{1,4})条(?P<suffix>之[一二三四五六])?")
PINPOINT = re.compile(r"(?P<law>.+) (?P<article>\d{1,4}(?:之[一二三四五六])?)(?:\.\d{1,2})?(?:\(\d{1,2}\))?")


def _records(name: str) -> list[Record]:
    lines = (shipped.DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


NOTICES = _records("field/written.jsonl")
FRESH = _records("field/fresh.jsonl")
OTHERS = _records("genre/not_notices.jsonl")


def _numeral(number: int) -> str:
    """A number under 1000 as an article prints it: 21 is 二十一, 253 is 二百五十三."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        middle = "十" if tens == 1 and not hundreds else f"{digits[tens]}十"
    else:
        middle = "零" if hundreds and ones else ""
    return head + middle + (digits[ones] if ones else "")


def _first_in_force() -> dict[str, str]:
    """The month from which the catalogue's first edition of each law is in force."""
    first: dict[str, str] = {}
    with (shipped.DATA / "law" / "laws.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            name, month = row["citation_name"], row["effective_from"][:7]
            first[name] = min(month, first.get(name, month))
    return first


IN_FORCE = _first_in_force()


def _ids(records: list[Record]) -> list[str]:
    return [record["id"] for record in records]


def test_numbering() -> None:
    assert _ids(NOTICES) == [f"written-{n:03d}" for n in range(1, 201)]
    assert _ids(FRESH) == [f"fresh-{n:03d}" for n in range(1, 701)]
    assert _ids(OTHERS) == [f"other-{n:03d}" for n in range(1, 221)]


@pytest.mark.parametrize("notice", NOTICES, ids=_ids(NOTICES))
def test_written_notice(notice: Record) -> None:
    assert set(notice) - {"second"} == FIELDS
    assert re.fullmatch(r"20(1[7-9]|2[0-6])-(0[1-9]|1[0-2])", notice["published"])
    assert 20 <= len(notice["text"]) <= 500
    for answers in (notice, notice.get("second", {})):
        for field, answer in answers.items():
            if field in LABELS:
                _check_labels(field, answer)
            elif field.startswith("statutes"):
                _check_statutes(answer, notice["published"])


def test_fresh_notices() -> None:
    """One test: 700 of their own would take longer to tell than to run."""
    assert not [notice["id"] for notice in FRESH if not _is_fresh_notice(notice)]


def _is_fresh_notice(notice: Record) -> bool:
    second = notice.get("second", {})
    return (
        set(notice) - {"second"}
        == {"id", "published", "title", "text", "industry", "subject", "nature", "statutes_likely"}
        and 20 <= len(notice["text"]) <= 500
        and second.keys() <= {"industry", "subject", "nature"}
        and all(
            set(answers.get(target, ())) <= set(taxonomy()[target].labels)  # type: ignore[index]
            for answers in (notice, second)
            for target in ("industry", "subject", "nature")
        )
        and all(CITATION.fullmatch(citation) for citation in notice["statutes_likely"])
    )


def _check_labels(target: str, answer: list[str]) -> None:
    known = taxonomy()[next(t for t in TARGETS if t == target)].labels
    assert answer
    assert len(set(answer)) == len(answer)
    assert set(answer) <= set(known), answer
    if target in ("industry", "nature"):
        assert len(answer) == 1, "industry and nature are one per notice"


def _check_statutes(answer: list[str], published: str) -> None:
    assert len(set(answer)) == len(answer)
    for citation in answer:
        match = CITATION.fullmatch(citation)
        assert match, citation
        law = match["law"]
        assert law in IN_FORCE or law in UNCATALOGUED, law
        assert IN_FORCE.get(law, "") <= published, f"{citation} before its law"


@pytest.mark.parametrize("notice", NOTICES, ids=_ids(NOTICES))
def test_cited_articles_stand_in_the_text(notice: Record) -> None:
    printed = re.sub(r"[\s*]", "", notice["text"]).replace("條", "条")
    for citation in notice["statutes_cited"]:
        match = CITATION.fullmatch(citation)
        assert match
        number, suffix = int(match["number"]), match["suffix"] or ""
        assert any(f"{form}条{suffix}" in printed for form in (_numeral(number), str(number))), citation


@pytest.mark.parametrize("notice", NOTICES, ids=_ids(NOTICES))
def test_pinpoints_refine_cited_articles(notice: Record) -> None:
    cited = set()
    for citation in notice["statutes_cited"]:
        match = CITATION.fullmatch(citation)
        assert match
        cited.add(f"{match['law']} {match['number']}{match['suffix'] or ''}")
    for pinpoint in notice["pinpoints"]:
        match = PINPOINT.fullmatch(pinpoint)
        assert match, pinpoint
        assert f"{match['law']} {match['article']}" in cited, pinpoint
        assert pinpoint != f"{match['law']} {match['article']}", "names neither paragraph nor item"


def test_something_is_likely_everywhere() -> None:
    assert [n["id"] for n in NOTICES if not n["statutes_likely"]] == []


def test_second_answers_differ() -> None:
    for notice in NOTICES:
        second = notice.get("second", {})
        assert second or "second" not in notice
        assert set(second) <= FIELDS
        for field, answer in second.items():
            assert set(answer) != set(notice[field]), (notice["id"], field)


def test_every_label_is_there_often_enough_to_be_measured() -> None:
    for target in ("industry", "subject", "nature"):
        first = Counter(notice[target][0] for notice in NOTICES)
        assert set(first) == set(taxonomy()[next(t for t in TARGETS if t == target)].labels)
        assert min(first.values()) >= 5, first


def test_no_text_twice() -> None:
    texts = [record["text"] for record in (*NOTICES, *OTHERS)]
    assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_written_notices_are_not_training_data() -> None:
    lines = (shipped.DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    facts = {json.loads(line)["facts"] for line in lines}
    assert facts.isdisjoint(notice["text"] for notice in NOTICES)


@pytest.mark.parametrize("other", OTHERS, ids=_ids(OTHERS))
def test_text_that_is_no_notice(other: Record) -> None:
    assert set(other) == {"id", "kind", "near", "text"}
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", other["kind"])
    assert isinstance(other["near"], bool)
    assert 50 <= len(other["text"]) <= 400


def test_a_third_of_the_other_texts_are_near_misses() -> None:
    assert 0.3 <= sum(other["near"] for other in OTHERS) / len(OTHERS) <= 0.45
