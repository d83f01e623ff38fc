"""Look-ups by alias, article and date; renumbering; what sanctions what."""

import pytest

from tagger.law.catalogue import UnknownArticle, UnknownLaw, load_catalogue
from tagger.law.provisions import article_key, has_article

CATALOGUE = load_catalogue()
CSL_2017, CSL_2026 = (CATALOGUE.editions[name] for name in ("CSL-2017", "CSL-2026"))


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("网安法", "网络安全法"),
        ("《中华人民共和国网络安全法》", "网络安全法"),
        ("33号令", "计算机信息网络国际联网安全保护管理办法"),
        ("计算机信息国际联网安全保护管理办法", "计算机信息网络国际联网安全保护管理办法"),
        ("个保法", "个人信息保护法"),
        ("中华人民共和国征信业管理条例", "征信业管理条例"),
        ("互联网信息内容管理行政执法程序规定", "网信部门行政执法程序规定"),
    ],
)
def test_any_alias_finds_its_law(alias: str, name: str) -> None:
    assert CATALOGUE.law(alias).name == name


def test_an_unknown_law_names_the_nearest() -> None:
    with pytest.raises(UnknownLaw, match="did you mean 网络安全法"):
        CATALOGUE.law("网路安全法")


@pytest.mark.parametrize(
    ("date", "editions"),
    [
        ("2016", []),
        ("2017-05-31", []),
        ("2017", ["CSL-2017"]),
        ("2025-12", ["CSL-2017"]),
        ("2025-12-31", ["CSL-2017"]),
        ("2026-01-01", ["CSL-2026"]),
        ("2026", ["CSL-2026"]),
        ("", ["CSL-2017", "CSL-2026"]),
    ],
)
def test_the_edition_at_a_date(date: str, editions: list[str]) -> None:
    assert [edition.id for edition in CATALOGUE.law("网络安全法").editions_at(date)] == editions


def test_a_year_with_a_change_inside_is_not_decided() -> None:
    assert [e.id for e in CATALOGUE.law("刑法").editions_at("2021")] == ["CRL-A9", "CRL-A11"]
    assert [e.id for e in CATALOGUE.law("刑法").editions_at("2021-03")] == ["CRL-A11"]


def test_the_same_number_means_another_thing() -> None:
    assert "入侵干扰网络" in CATALOGUE.article(CSL_2017, "27").gist
    assert "应急预案" in CATALOGUE.article(CSL_2026, "27").gist
    (trap,) = CATALOGUE.traps(CSL_2026, "27")
    assert trap.old_meaning == CATALOGUE.article(CSL_2017, "27").gist


@pytest.mark.parametrize(
    ("number", "source", "target", "there"),
    [
        ("27", CSL_2017, CSL_2026, ("29",)),
        ("27", CSL_2026, CSL_2017, ("25",)),
        ("69", CSL_2017, CSL_2026, ("69", "70")),
        ("71", CSL_2026, CSL_2017, ("64", "66", "70")),
        ("3", CSL_2026, CSL_2017, ()),
        ("27", CSL_2017, CSL_2017, ("27",)),
    ],
)
def test_an_article_in_another_edition(number, source, target, there) -> None:
    assert CATALOGUE.translate(number, source, target) == there


def test_editions_without_a_concordance_keep_their_numbers() -> None:
    old, new = CATALOGUE.editions["CRL-A9"], CATALOGUE.editions["CRL-A12"]
    assert CATALOGUE.translate("253之一", old, new) == ("253之一",)


@pytest.mark.parametrize(
    ("edition", "duty", "penalties"),
    [
        ("CSL-2017", "21", {"59.1"}),
        ("CSL-2017", "44", {"64.2"}),
        ("CSL-2017", "48", {"60.1", "68.2"}),
        ("CSL-2026", "23", {"61.1", "61.3"}),
        ("DSL-2021", "27", {"45.1"}),
        ("PIPL-2021", "51", {"66.1", "66.2"}),
        ("MPS33-2011", "12", {"23.1"}),
    ],
)
def test_what_sanctions_a_duty(edition: str, duty: str, penalties: set[str]) -> None:
    links = CATALOGUE.penalties_of(CATALOGUE.editions[edition], duty)
    assert {f"{link.penalty}.{link.paragraph}" for link in links} == penalties


def test_the_fines_of_a_penalty() -> None:
    (first, aggravated) = CATALOGUE.penalty_links(CSL_2017, "59", "1")
    assert first.entity_fine is None
    assert aggravated.entity_fine == (10_000, 100_000)
    assert aggravated.individual_fine == (5_000, 50_000)


def test_a_paragraph_is_served_by_its_article() -> None:
    assert CATALOGUE.find_article(CSL_2017, "22.1") is CATALOGUE.article(CSL_2017, "22")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("80", "articles 1 to 79; there is no 80"),
        ("0", "there is no 0"),
        ("1", "is not described; described"),
    ],
)
def test_an_article_that_is_not_there(number: str, says: str) -> None:
    with pytest.raises(UnknownArticle, match=says):
        CATALOGUE.article(CSL_2017, number)


def test_a_law_of_unknown_length_may_have_any_article() -> None:
    assert has_article(CATALOGUE.editions["TELREALNAME-2013"], "17") is None


def test_article_numbers_in_order() -> None:
    numbers = ["254", "253之二", "9", "253", "253之一"]
    assert sorted(numbers, key=article_key) == ["9", "253", "253之一", "253之二", "254"]


@pytest.mark.parametrize(
    ("law", "number", "kind"),
    [
        ("刑法", "67", "sentencing"),
        ("刑法", "253之一", None),
        ("行政处罚法", "33", "procedure"),
        ("公安机关办理行政案件程序规定", "138", "procedure"),
        ("治安管理处罚法", "20", "sentencing"),
        ("治安管理处罚法", "29", None),
        ("治安管理处罚法", "80", None),
        ("治安管理处罚法", "110", "procedure"),
        ("网络安全法", "59", None),
    ],
)
def test_sentencing_and_procedure(law: str, number: str, kind: str | None) -> None:
    assert CATALOGUE.general_provision(CATALOGUE.law(law), number) == kind


def test_the_longest_charge_comes_first() -> None:
    lengths = [len(name) for name in CATALOGUE.charge_names]
    assert lengths == sorted(lengths, reverse=True)
    assert CATALOGUE.charge_names["帮信罪"].article == "287之二"
