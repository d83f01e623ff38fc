"""Which edition a citation means: print, coherence, dates, in this order."""

import pytest

from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations
from tagger.law.editions import Resolution, edition_at, resolve_editions

CATALOGUE = load_catalogue()
OLD, NEW = "2017-06-01", "2026-01-01"


def resolve(text: str, **dates: str | None) -> list[Resolution]:
    return list(resolve_editions(find_citations(text, CATALOGUE), CATALOGUE, **dates))


def editions(text: str, **dates: str | None) -> set[str | None]:
    return {one.edition.in_force if one.edition else None for one in resolve(text, **dates)}


CSL = "依据《网络安全法》第{}条"


@pytest.mark.parametrize(
    ("articles", "edition"),
    [
        ("21、59", OLD), ("25、59", OLD), ("24、61", OLD), ("27、63", OLD), ("41、64", OLD), ("44、64", OLD),
        ("47、68", OLD), ("23、61", NEW), ("27、61", NEW), ("26、64", NEW), ("29、66", NEW), ("43、71", NEW),
        ("46、71", NEW),
    ],
)  # fmt: skip
@pytest.mark.parametrize("published", [None, "2026-06"])
def test_the_pair_that_coheres(articles: str, edition: str, published: str | None) -> None:
    (first, second) = resolve(CSL.format(articles), published=published)
    assert first.edition is not None and first.edition.in_force == edition
    assert first.edition is second.edition
    assert first.reason == "coherence"


@pytest.mark.parametrize("articles", ["48、68", "49、69", "50、69"])
def test_a_pair_that_coheres_in_both_is_left_to_the_date(articles: str) -> None:
    assert editions(CSL.format(articles), published="2024") == {OLD}
    assert editions(CSL.format(articles), act_date="2026-03") == {NEW}
    assert all(one.open for one in resolve(CSL.format(articles)))


@pytest.mark.parametrize(
    ("dates", "edition", "reason"),
    [
        ({"act_date": "2025-11", "published": "2026-02"}, OLD, "act"),
        ({"decision_date": "2026-01-08", "published": "2026-02"}, NEW, "decision"),
        ({"published": "2026-02-01"}, NEW, "publication"),
        ({"published": "2019"}, OLD, "only"),
        ({"act_date": "2025-12-31"}, OLD, "only"),
        ({"act_date": "2026-01-01"}, NEW, "act"),
        ({}, None, "open"),
    ],
)
def test_one_article_is_left_to_the_dates(dates: dict[str, str], edition: str | None, reason: str) -> None:
    (one,) = resolve(CSL.format("27"), **dates)
    assert (one.edition.in_force if one.edition else None, one.reason) == (edition, reason)
    assert one.open is (edition is None)


@pytest.mark.parametrize(
    ("text", "dates", "reason"),
    [
        (CSL.format("21、25"), {}, "coherence"),
        # Two duties of one penalty say less than a date does.
        (CSL.format("21、25"), {"act_date": "2025-11", "published": "2026-03"}, "act"),
        ("依据《刑法》第二百八十五条", {"act_date": "2021", "published": "2022-03"}, "open"),
        # A duty that one edition alone sanctions is no pair without its penalty.
        (CSL.format("21"), {}, "open"),
        # A law that never changed has no new edition, and none before.
        ("依据新修订的《数据安全法》第二十七条", {}, "only"),
        ("依据修订前的《数据安全法》第二十七条", {}, "only"),
        ("依据新修订的《数据安全法》第二十七条", {"published": "2020-05"}, "not-in-force"),
        # A year in which the law was not amended says nothing.
        ("依据《网络安全法（2009修正）》第二十七条", {}, "open"),
        ("依据《网络安全法（2024修正）》第二十七条", {}, "open"),
    ],
)
def test_what_decided_is_said(text: str, dates: dict[str, str], reason: str) -> None:
    assert {one.reason for one in resolve(text, **dates)} == {reason}


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("网警提醒：《网络安全法》第八十一条", NEW),
        ("网警提醒：《网络安全法》第二十一条、第五十九条", OLD),
        ("依据《网络安全法》第二十七条警告。网警提醒：《网络安全法》第八十一条", None),
    ],
)
def test_what_is_only_quoted_decides_where_nothing_is_a_ground(text: str, edition: str | None) -> None:
    assert editions(text) == {edition}


def test_the_pair_counts_before_the_date() -> None:
    assert editions(CSL.format("21、59"), act_date="2026-02", published="2026-03") == {OLD}


def test_no_edition_from_the_future() -> None:
    assert editions(CSL.format("43、71"), published="2019-05") == {OLD}


def test_a_number_that_only_one_edition_has() -> None:
    assert editions("依据《治安管理处罚法》第一百三十条") == {NEW}
    assert editions(CSL.format("81")) == {NEW}


@pytest.mark.parametrize(
    ("text", "published", "edition"),
    [
        ("《网络安全法（2025修正）》第二十七条", "2025-12", NEW),
        ("新修订的《治安管理处罚法》第二十九条", "2026-01", NEW),
        ("修订前的《治安管理处罚法》第二十九条", "2026-01", "2013-01-01"),
        ("《刑法（2020修正）》第三百零三条", None, "2021-03-01"),
        ("《治安管理处罚法（2012修正）》第二十九条", None, "2013-01-01"),
        ("《反恐怖主义法（2018修正）》第十九条", None, "2018-04-27"),
        ("新修改的网络安全法第二十七条", None, NEW),
        ("《网络安全法》（2025修正）第二十七条，又依据《网络安全法》第六十一条", "2026-03", NEW),
        ("《网络安全法》（2025修正）第四十八条，又依据《网络安全法》第六十八条", None, NEW),
        ("《网络安全法》第四十八条，又依据修订前的《网络安全法》第六十八条", "2026-03", OLD),
    ],
)
def test_the_print_decides(text: str, published: str | None, edition: str) -> None:
    assert editions(text, published=published) == {edition}


def test_a_year_with_a_change_inside_stays_open() -> None:
    (one,) = resolve("触犯《刑法》第二百八十五条", act_date="2021", published="2022-03")
    assert one.edition is None and one.open
    assert [edition.id for edition in one.candidates] == ["CRL-A9", "CRL-A11"]
    assert editions("触犯《刑法》第二百八十五条", act_date="2021-02") == {"2015-11-01"}


def test_the_decision_shuts_out_what_came_later() -> None:
    # Published before the amendment came into force: the year alone would leave two.
    assert editions("触犯《刑法》第二百八十五条", act_date="2021", published="2021-02") == {"2015-11-01"}


def test_a_law_of_one_edition_and_a_law_before_its_time() -> None:
    assert editions("依据《数据安全法》第二十七条") == {"2021-09-01"}
    (early,) = resolve("依据《数据安全法》第二十七条", published="2020-05")
    assert (early.edition, early.candidates, early.reason) == (None, (), "not-in-force")


def test_a_law_that_the_catalogue_lacks() -> None:
    (one,) = resolve("依据《某市网络条例》第三条", published="2020")
    assert (one.edition, one.reason, one.open) == (None, "unlisted", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "违反修订前的《治安管理处罚法》第二十九条，新修订的《治安管理处罚法》第三十三条",
            {"29": "2013-01-01", "33": NEW},
        ),
        # What the print says of one place yields to the number, or the pair, of another.
        (
            "违反修订前的《治安管理处罚法》第二十九条，又依据《治安管理处罚法》第一百三十条",
            {"29": "2013-01-01", "130": NEW},
        ),
        (
            "《网络安全法》（2025修正）第四十八条，又依据《网络安全法》第二十一条、第五十九条",
            {"48": NEW, "21": OLD, "59": OLD},
        ),
    ],
)
def test_two_editions_in_one_text(text: str, expected: dict[str, str]) -> None:
    found = resolve(text, published="2026")
    assert {one.citation.article: one.edition.in_force for one in found if one.edition} == expected


def test_duties_of_one_penalty_decide_where_no_date_does() -> None:
    assert editions(CSL.format("23、27")) == {NEW}
    assert editions(CSL.format("21、25")) == {OLD}
    assert editions(CSL.format("23、27"), act_date="2025-11") == {OLD}


def test_the_edition_for_what_is_not_cited() -> None:
    law = CATALOGUE.law("网络安全法")
    assert edition_at(law, act_date="2025-05", published="2026-01") is law.editions[0]
    assert edition_at(law, decision_date="2025-05", published="2026-01") is law.editions[0]
    assert edition_at(law, published="2026-01") is law.editions[1]
    assert edition_at(law) is None
    assert edition_at(law, act_date="2015") is None
