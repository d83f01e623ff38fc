"""What a lawyer would remark on, and what not; every check says on which row of the tables it rests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tagger.law.checks
from tagger import shipped
from tagger.card import Check
from tagger.casebook import Case, read_cases
from tagger.law.catalogue import load_catalogue
from tagger.law.checks import check
from tagger.law.facts import find_facts
from tagger.law.sanctions import sanction_clauses
from tagger.law.statutes import read_statutes

DOCUMENT = Path(__file__).parents[2] / "docs" / "checks.md"


def checks_of(text: str, published: str | None = None) -> tuple[Check, ...]:
    catalogue = load_catalogue()
    clauses = sanction_clauses(text)
    facts = find_facts(text, published, clauses)
    law = read_statutes(
        text,
        catalogue,
        act_date=facts.act_date,
        decision_date=facts.decision_date,
        published=published,
    )
    return check(text, law.resolutions, clauses, facts, catalogue, charges=law.charges, published=published)


def codes_of(text: str, published: str | None = None) -> list[str]:
    return [one.code for one in checks_of(text, published)]


SOUND = [
    "2019年7月，警方依据《网络安全法》第二十一条、第五十九条第一款，对该公司罚款5万元，对直接负责的主管人员罚款1万元。",
    "2019年7月，警方依据《网络安全法》第二十七条、第六十三条，对张某处以行政拘留五日，没收违法所得。",
    "2019年7月，警方依据《网络安全法》第四十四条、第六十四条第二款，对该公司罚款2千元。",
    "2022年3月，警方依据《数据安全法》第二十七条、第四十五条，对该公司警告，罚款五万元，对直接责任人罚款一万元。",
    "2026年3月，警方依据《网络安全法》第二十三条、第六十一条第一款，对该公司警告，罚款二万元。",
    "2019年7月，警方依据33号令《计算机信息网络国际联网安全保护管理办法》第十一条、第二十三条，对该单位停机整顿三个月。",
    "2020年5月，法院依照《刑法》第二百五十三条之一，以侵犯公民个人信息罪判处李某有期徒刑一年，并处罚金二万元。",
    "2019年7月，警方对该公司罚款5万元。",
    "没有引用任何条文的一段话。",
    "",
]


@pytest.mark.parametrize("text", SOUND)
def test_nothing_to_remark(text: str) -> None:
    assert checks_of(text) == ()


REMARKS = [
    ("fine-out-of-range",
     "2019年7月，警方依据《网络安全法》第二十一条、第五十九条第一款，对该公司罚款50万元。"),
    ("fine-out-of-range",
     "2019年7月，警方依据《网络安全法》第二十一条、第五十九条第一款，对该公司罚款5万元，对负责人王某罚款二千元。"),
    ("fine-out-of-range",
     "2022年3月，警方依据《数据安全法》第二十七条、第四十五条第一款，对该公司罚款三万元。"),
    ("fine-on-wrong-party",
     "2020年7月，警方依据《互联网信息服务管理办法》第十二条、第二十二条，对主管人员王某罚款一万元。"),
    ("fine-tiers-differ",
     "2026年3月，警方依据《网络安全法》第二十三条、第六十一条第一款，对该企业罚款二万元，对其负责人罚款一万元。"),
    ("person-outside-scope",
     "2019年7月，警方依据《网络安全法》第二十一条、第五十九条第一款，对该公司罚款5万元，对其他直接责任人员罚款1万元。"),
    ("warning-on-wrong-party",
     "2019年7月，警方依据《网络安全法》第四十二条、第六十四条第一款，对运维部门负责人予以警告。"),
    ("sanction-not-in-article",
     "2019年7月，警方依据《网络安全法》第二十一条、第五十九条，对该单位处以停机整顿一个月。"),
    ("sanction-not-in-article",
     "2019年7月，警方依据《网络安全法》第二十一条、第五十九条，对李某行政拘留五日。"),
    ("sanction-not-in-article",
     "2019年7月，警方依据《网络安全法》第二十四条第一款、第六十一条，对该公司予以警告。"),
    ("penalty-refers-on",
     "2019年7月，警方依据《网络安全法》第十二条、第七十条，对该公司罚款三十万元。"),
    ("detention-out-of-range",
     "2019年7月，警方依据《网络安全法》第二十七条、第六十三条，对李某行政拘留二十日。"),
    ("authority-not-competent",
     "2019年7月，北京市网信办依据《网络安全法》第四十四条、第六十四条第二款，对该公司罚款2万元。"),
    ("criminal-fine-called-fine",
     "2019年7月，法院依照《刑法》第二百五十三条之一，判处李某有期徒刑三年，罚款两万元。"),
    ("article-slip",
     "2019年7月，法院依照《刑法》第二百五十三条，以侵犯公民个人信息罪判处李某有期徒刑一年。"),
    ("article-slip",
     "2019年7月，法院依照《刑法》第二百五十三条判处出售公民个人信息的李某有期徒刑一年。"),
    ("article-slip",
     "2019年7月，法院依照《刑法》第一百七十五条，以骗取贷款罪判处李某有期徒刑一年。"),
    ("charge-not-cited",
     "2019年7月，法院依照《刑法》第二百八十五条第二款，以受贿罪判处李某有期徒刑一年。"),
    ("article-binds-others",
     "2019年7月，某医院护士李某出售信息，违反《网络安全法》第四十五条，被刑事拘留。"),
    ("article-binds-others",
     "2019年7月，依据《网络安全法》第三十四条、第五十九条第二款，对该网店予以警告。"),
    ("article-beyond-last", "2019年7月，警方依据《网络安全法》第九十九条，对该公司予以警告。"),
    ("law-not-in-catalogue", "2019年7月，依据《某某市网络管理暂行规定》第三条，对该公司予以警告。"),
    ("law-not-in-force",
     "2020年3月，警方依据《数据安全法》第二十七条、第四十五条，对该公司予以警告。"),
    ("law-later-than-act",
     "2020年3月，某公司泄露数据。2021年10月，警方依据《数据安全法》第二十七条、第四十五条，对该公司予以警告。"),
    ("law-repealed",
     "2026年11月，某网店未配合检查。2026年12月，警方依据《公安机关互联网安全监督检查规定》第十条，对该网店警告。"),
    ("editions-mixed",
     "2026年2月，警方依据《网络安全法》第二十一条、第六十一条，对该公司予以警告。"),
    ("penalty-without-duty", "2019年7月，警方依据《网络安全法》第五十九条，对该公司予以警告。"),
    ("penalty-without-duty", "2022年7月，依据《个人信息保护法》第六十六条，对该公司予以警告。"),
    ("duty-without-penalty", "2019年7月，警方依据《网络安全法》第二十一条，对该公司予以警告。"),
    ("edition-open", "警方依据《网络安全法》第四十八条、第六十八条，对该公司予以警告。"),
    ("number-changed-meaning", "警方依据《网络安全法》第二十七条、第六十三条，对李某行政拘留五日。"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), REMARKS)
def test_remark(code: str, text: str) -> None:
    assert code in codes_of(text)


def test_every_remark_rests_on_a_row_that_exists() -> None:
    for _, text in REMARKS:
        for one in checks_of(text):
            named = re.findall(r"(\w+\.csv)(?::(\d+))?", one.message)
            assert named or one.code == "criminal-fine-called-fine", one
            for name, line in named:
                rows = (shipped.DATA / "law" / name).read_text(encoding="utf-8").splitlines()
                assert int(line or 1) <= len(rows), one
            assert one.message.endswith(".")
            assert one.message.count("\n") == 0


def test_numbers_of_2017_in_a_notice_of_2026() -> None:
    text = (
        "2026年2月，警方对2025年9月的违法行为，依据《网络安全法》第二十一条、第五十九条，对该公司予以警告。"
    )
    changed = [one for one in checks_of(text, "2026-02") if one.code == "number-changed-meaning"]
    assert {re.sub("条.*", "条", one.message) for one in changed} >= {"网络安全法第21条"}


def test_a_fine_of_unknown_basis_is_not_measured() -> None:
    text = "2019年7月，依据《网络安全法》第五十九条、《某省网络条例》第四条，对该公司罚款900万元、停机整顿。"
    assert not {"fine-out-of-range", "sanction-not-in-article"} & set(codes_of(text))


def test_a_sum_over_several_bodies_is_not_measured() -> None:
    text = "2019年7月，警方依据《网络安全法》第二十一条、第五十九条，对8家单位共计罚款35万元。"
    assert "fine-out-of-range" not in codes_of(text)


@pytest.fixture(scope="module")
def report() -> dict[str, Case]:
    return {case.id: case for case in read_cases()}


# What data/law/seed_audit.csv says of the report's own citations and the tables can tell.
SEED = [
    ("2020-001", "article-slip"), ("2020-014", "article-slip"), ("2020-015", "article-slip"),
    ("2020-019", "article-slip"), ("2020-020", "article-slip"), ("2020-023", "article-slip"),
    ("2020-024", "article-slip"), ("2020-014", "charge-not-cited"), ("2020-003", "sanction-not-in-article"),
    ("2020-012", "sanction-not-in-article"), ("2020-006", "duty-without-penalty"),
    ("2020-030", "article-binds-others"), ("2020-040", "article-binds-others"),
    ("2020-044", "article-binds-others"), ("2020-049", "duty-without-penalty"),
    ("2020-063", "penalty-refers-on"), ("2020-080", "warning-on-wrong-party"),
    ("2020-081", "person-outside-scope"),
]  # fmt: skip


@pytest.mark.parametrize(("case_id", "code"), SEED)
def test_slips_of_the_report(report: dict[str, Case], case_id: str, code: str) -> None:
    case = report[case_id]
    assert code in codes_of(f"{case.text}\n{case.printed['statutes']}", "2020-06")


def test_most_notices_are_left_in_peace() -> None:
    serious = 0
    for case in read_cases():
        found = {one.code for one in checks_of(case.text, "2020-06")}
        serious += bool(found - {"penalty-without-duty", "duty-without-penalty", "edition-open"})
    assert serious <= 12


def test_a_long_list_costs_no_more_than_a_few_remarks() -> None:
    articles = "、".join(f"第{number}条" for number in range(1, 400))
    found = checks_of(f"2019年7月，依据《网络安全法》{articles}，对该公司罚款一亿元。")
    assert 0 < len(found) <= 30


def test_rows_are_named_as_the_catalogue_reads_them() -> None:
    (fine,) = (one for one in checks_of(REMARKS[0][1]) if one.code == "fine-out-of-range")
    name, line = re.search(r"(penalty_links\.csv):(\d+)", fine.message).groups()  # type: ignore[union-attr]
    row = (Path(shipped.DATA) / "law" / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert row.startswith("CSL,CSL-2017,59,1,21|25")
    assert "10,000 to 100,000 yuan" in fine.message


def test_every_code_is_explained() -> None:
    law = Path(tagger.law.checks.__file__).parent
    sources = "".join((law / name).read_text(encoding="utf-8") for name in ("coherence.py", "bearing.py"))
    used = set(re.findall(r'Check\(\s*"([a-z-]+)"', sources))
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    assert used == explained
    assert {code for code, _ in REMARKS} == used
