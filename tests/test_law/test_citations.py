"""Citations in every form that a drafter was seen to write or may write, and what looks like one but is none.

What is expected is written as `law article pinpoints …; law …`: `网络安全法 21(2),21(3) 59.1; 刑法 253之一`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations
from tagger.notice.clean import clean

CATALOGUE = load_catalogue()


def expected(written: str) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for part in filter(None, (part.strip() for part in written.split(";"))):
        law, *articles = part.split(" ")
        for pinned in articles:
            pins = pinned.split(",")
            match = re.match(r"\d+(之[一二三四五六七八九十])?", pins[0])
            assert match is not None
            found[law, match[0]] = [pin for pin in pins if pin != match[0]]
    return found


def grounds(text: str, quoted: tuple[tuple[int, int], ...] = ()) -> dict[tuple[str, str], list[str]]:
    return {
        (one.name, one.article): list(one.pinpoints)
        for one in find_citations(text, CATALOGUE, quoted)
        if one.ground
    }


DATA = Path(__file__).parents[1] / "data" / "citations"
FORMS = [line.split("\t") for line in (DATA / "forms.tsv").read_text(encoding="utf-8").splitlines()]
TRAPS = (DATA / "traps.txt").read_text(encoding="utf-8").splitlines()
CLEAN_FORMS = [form for form in FORMS if r"\n" not in form[0]]  # cleaning looks at whole lines


@pytest.mark.parametrize(("text", "means"), FORMS)
def test_forms(text: str, means: str) -> None:
    assert grounds(text.replace(r"\n", "\n")) == expected(means)


@pytest.mark.parametrize(("text", "means"), CLEAN_FORMS)
def test_forms_after_cleaning(text: str, means: str) -> None:
    assert grounds(clean(text).text) == expected(means)


@pytest.mark.parametrize("text", TRAPS)
def test_no_ground_is_cited(text: str) -> None:
    assert grounds(text.replace(r"\n", "\n")) == {}


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (
            "違反《中華人民共和國網絡安全法》（下稱“網絡安全法”）第 42 條，依據第六十四條第一款",
            "网络安全法 42 64.1",
        ),
        ("依據《個人信息保護法》第六十六條之規定", "个人信息保护法 66"),
        ("《網絡安全法》第二十一條第（二）項及《數據安全法》第二十七條", "网络安全法 21(2); 数据安全法 27"),
        ("觸犯刑法第二百五十三條之一第一款的規定", "刑法 253之一.1"),
        ("《网络安全法》第２１条、第５９条第１款", "网络安全法 21 59.1"),
        (
            "2023年2月，长沙市公安局岳麓分局检查发现辖区一家电商平台没有落实网络安全等级保\n"
            "护制度，日志留存不足六个月，根据《网络安全法》第二十一条第（三）项、第五十九\n"
            "条第一款之规定，决定给予该公司警告，并责令限期改正，目前该公司已经完成整改。\n",
            "网络安全法 21(3) 59.1",
        ),
        ("**《网络安全法》第二十一条**、**第五十九条**", "网络安全法 21 59"),
    ],
)
def test_other_writing_comes_clean(text: str, means: str) -> None:
    assert grounds(clean(text).text) == expected(means)


# Where it stands


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "该公司违反《网络安全法》第二十一条第（五）项、第二十五条，被警告",
            {"21": ["《网络安全法》第二十一条第（五）项"], "25": ["第二十五条"]},
        ),
        (
            "违反网安法第 21 条；依据《网络安全法》第五十九条，又据第二十一条",
            {"21": ["网安法第 21 条", "第二十一条"], "59": ["《网络安全法》第五十九条"]},
        ),
        ("依据《网络\n安全法》第\n二十一条", {"21": ["《网络\n安全法》第\n二十一条"]}),
        ("《网络安全法》（以下简称《网安法》）第九条", {"9": ["《网络安全法》（以下简称《网安法》）第九条"]}),
        ("依照《刑法》第二百八十五条，适用该条第二款", {"285": ["《刑法》第二百八十五条", "该条第二款"]}),
        (
            "《网络安全法》第二十一至二十三条",
            {"21": ["《网络安全法》第二十一"], "22": ["第二十一至二十三条"], "23": ["二十三条"]},
        ),
        ("违反络安全法第二十一条", {"21": ["络安全法第二十一条"]}),
        ("依据某省网络条例第八条", {"8": ["某省网络条例第八条"]}),
        (
            "《某省网络安全条例》（下称“条例”）第十条，依据条例第三十条",
            {"10": ["《某省网络安全条例》（下称“条例”）第十条"], "30": ["条例第三十条"]},
        ),
    ],
)  # fmt: skip
def test_spans(text: str, places: dict[str, list[str]]) -> None:
    found = {c.article: [text[start:end] for start, end in c.spans] for c in find_citations(text, CATALOGUE)}
    assert found == places


def test_a_law_of_the_catalogue_comes_with_its_entry() -> None:
    (one,) = find_citations("依据《网安法》第二十一条", CATALOGUE)
    assert one.law is CATALOGUE.law("网络安全法")


def test_a_law_that_the_catalogue_lacks_keeps_its_printed_name() -> None:
    (one,) = find_citations("依据《某市网络安全管理办法（试行）》第八条", CATALOGUE)
    assert (one.name, one.law) == ("某市网络安全管理办法（试行）", None)
    (two,) = find_citations("依据《中华人民共和国广告法》第九条", CATALOGUE)
    assert two.name == "广告法"


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("《网络安全法（2025修正）》第六十一条", "2025"),
        ("新修订的《治安管理处罚法》第三十三条", "new"),
        ("修订前的《治安管理处罚法》第二十九条", "old"),
        ("新修改的网络安全法第六十一条", "CSL-2026"),
        ("《网络安全法》（2025修正）第六十一条", "2025"),
        ("《治安管理处罚法》（2012年10月26日修正，2013年起施行）第二十九条", "2012"),
        ("《计算机信息网络国际联网安全保护管理办法》（公安部令第33号，2011年修订）第十条", "2011"),
        ("《网络安全法》（新修订）第六十一条", "new"),
        ("第六十一条（《网络安全法（2025修正）》）", "2025"),
        ("《网络安全法》（中华人民共和国主席令第53号）第六十一条", None),
        ("《网络安全法》第六十一条", None),
    ],
)
def test_what_the_print_says_of_the_edition(text: str, edition: str | None) -> None:
    (one,) = find_citations(text, CATALOGUE)
    assert one.edition == edition


# What is quoted


def test_the_notice_says_where_readers_are_educated() -> None:
    text = "依据《网络安全法》第五十九条警告。法律小知识 《网络安全法》第二十一条第一款"
    box = text.index("法律小知识"), len(text)
    cited = {c.article: c.ground for c in find_citations(text, CATALOGUE, (box,))}
    assert cited == {"59": True, "21": False}


def test_a_ground_leaves_its_quotations_out() -> None:
    text = "依据《网络安全法》第五十九条第一款警告。网警提醒：《网络安全法》第五十九条第二款适用于关基。"
    (one,) = find_citations(text, CATALOGUE)
    assert (one.pinpoints, len(one.spans)) == (("59.1",), 1)


# Hostile input


def steps(text: str) -> int:
    """How many functions, ours and the library's, are called to read a text."""
    count = 0

    def tally(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        find_citations(text, CATALOGUE)
    finally:
        sys.setprofile(None)
    return count


HOSTILE: dict[str, Callable[[int], str]] = {
    "one long list": lambda n: "依据《网络安全法》" + "第二十一条、" * n,
    "numbers without 条": lambda n: "《网络安全法》" + "二十一、" * n,
    "pinpoints": lambda n: "《网络安全法》第一条" + "第（一）项、" * n,
    "ranges": lambda n: "《网络安全法》" + "第一条至第二十条、" * (10 * n),
    "open brackets": lambda n: "《" * n + "第一条",
    "nested brackets": lambda n: "《" * n + "》" * n + "第一条",
    "laws": lambda n: "《网络安全法》第二十一条，" * n,
    "unknown laws": lambda n: "依据某某某某办法第一条，" * n,
    "corrupted laws": lambda n: "违反络安全法第二十一条，" * n,
    "pronouns": lambda n: "《网络安全法》" + "该法第二十一条，" * n,
    "digits": lambda n: "《网络安全法》第" + "1" * n + "条",
    "numerals": lambda n: "《网络安全法》第" + "一" * n + "条",
    "lists before their law": lambda n: "违反第二十一条（《网络安全法》）、" * n,
    "lists that wait": lambda n: "违反第二十一条，" * n + "《网络安全法》第五条",
    "spaces": lambda n: "《网络安全法》第" + " \n" * n + "二十一条",
    "lessons": lambda n: "网警提醒：第二十一条规定，" * n,
    "notes": lambda n: "《网络安全法》" + "（" * n + "第一条",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_work_grows_with_the_length(text: Callable[[int], str]) -> None:
    steps(text(400))  # fills the caches
    short, long = steps(text(100)), steps(text(400))
    assert long <= 4.5 * short


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("《网络安全法》第零条", ""),
        ("《网络安全法》第九千九百九十九条", "网络安全法 9999"),
        ("《网络安全法》第一百二十条", "网络安全法 120"),
        ("《网络安全法》第12345条", ""),
        ("《网络安全法》第٢١条、第२१条", ""),
        ("《网络安全法》第²条", ""),
        ("《网络安全法》第一条至第九千条", "网络安全法 1 9000"),
        ("《网络安全法》第五十九条至第二十一条", "网络安全法 59 21"),
        ("《网络安全法》第百条", ""),
        ("", ""),
        ("条", ""),
        ("《》第一条", ""),
    ],
)
def test_numbers_that_no_law_has(text: str, means: str) -> None:
    assert grounds(text) == expected(means)


def test_a_long_list_is_read_to_its_end() -> None:
    cited = find_citations("依据《网络安全法》" + "第二十一条、" * 3000 + "第五十九条", CATALOGUE)
    assert [(one.article, len(one.spans)) for one in cited] == [("21", 3000), ("59", 1)]
