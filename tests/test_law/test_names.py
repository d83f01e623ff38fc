"""Names of laws: known, corrupted, abbreviated, not in the catalogue."""

import re
from pathlib import Path

import pytest

from tagger.law.catalogue import Catalogue, load_catalogue
from tagger.law.citations import find_citations
from tagger.law.names import law_names

CATALOGUE = load_catalogue()
NAMES = law_names(CATALOGUE)


@pytest.mark.parametrize(
    ("printed", "law", "edition"),
    [
        ("网络安全法", "网络安全法", None),
        ("中华人民共和国网络安全法", "网络安全法", None),
        ("网络安全法（2025修正）", "网络安全法", "2025"),
        ("网络安全法(2016年11月7日通过)", "网络安全法", "2016"),
        ("治安管理处罚法（修订）", "治安管理处罚法", None),
        ("公安部关于修改的网络安全法", None, None),
        ("最高人民法院 最高人民检察院关于办理诈骗刑事案件具体应用法律若干问题的解释",
         "最高人民法院、最高人民检察院关于办理诈骗刑事案件具体应用法律若干问题的解释", None),
        ("关于办理诈骗刑事案件具体应用法律若干问题的解释",
         "最高人民法院、最高人民检察院关于办理诈骗刑事案件具体应用法律若干问题的解释", None),
        ("国务院计算机信息系统安全保护条例", "计算机信息系统安全保护条例", None),
        # one character wrong, missing or added; in a long name two missing
        ("网路安全法", "网络安全法", None),
        ("络安全法", "网络安全法", None),
        ("网络安全全法", "网络安全法", None),
        ("数剧安全法", "数据安全法", None),
        ("个人信息保护护法", "个人信息保护法", None),
        ("治安管理处罚发", None, None),
        ("计算机信息网络国际联网安全管理办法", "计算机信息网络国际联网安全保护管理办法", None),
        # other laws, and names that might be two
        ("食品安全法", None, None),
        ("核安全法", None, None),
        ("公安法", None, None),
        ("互联网用户账号名称管理规定", None, None),
        ("网络安全等级保护管理办法", None, None),
        ("网络安全办法", None, None),
    ],
)  # fmt: skip
def test_names_in_brackets(printed: str, law: str | None, edition: str | None) -> None:
    found = NAMES.bracketed(printed)
    if law is None:
        assert found is None or found.law is None
    else:
        assert found is not None and found.law is not None
        assert (found.name, found.edition) == (law, edition)


@pytest.mark.parametrize(
    "printed", ["用户协议", "隐私政策", "平安北京", "某某公司员工手册", "净网", "", "一" * 200]
)
def test_what_is_no_law(printed: str) -> None:
    assert NAMES.bracketed(printed) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("该公司违反络安全法", "网络安全法"),
        ("违反网路安全法", "网络安全法"),
        ("依据江苏省计算机信息系统安全保护条例", "江苏省计算机信息系统安全保护条例"),
        ("依照刑事诉讼法", "刑事诉讼法"),
        ("第二十一条和某市数据条例", "某市数据条例"),
        ("依据有关规定", None),
        ("违反公司制定的管理办法", None),
        ("依据国家规定", None),
        ("这一种方法", None),
        ("", None),
    ],
)
def test_names_that_end_at_a_list(text: str, name: str | None) -> None:
    found = NAMES.ending_at(text, len(text))
    assert (found[1].name if found else None) == name
    if found is not None:
        assert text[found[0] :].endswith(text[-2:])


def test_a_law_of_ones_own_is_cited_by_its_alias(tmp_path: Path) -> None:
    (tmp_path / "laws.csv").write_text(
        "law_id,citation_name,aliases,version_id,effective_from\nZJ,浙江省网络条例,浙网条例,ZJ-1,2027-01-01\n",
        encoding="utf-8",
    )
    (one,) = find_citations("依据浙网条例第九条", Catalogue(tmp_path))
    assert (one.name, one.article) == ("浙江省网络条例", "9")
    assert one.law is not None and one.law.editions[0].in_force == "2027-01-01"


def test_the_longest_name_is_read() -> None:
    text = "依据消费者权益保护法实施条例和消费者权益保护法"
    assert [law.name for _, _, law in NAMES.plain(text)] == ["消费者权益保护法实施条例", "消费者权益保护法"]


def test_no_name_with_one_error_means_another_law() -> None:
    recognised = tried = 0
    for name, law in CATALOGUE.aliases.items():
        for at in range(len(name)):
            for corrupted in (
                name[:at] + name[at + 1 :],
                f"{name[:at]}某{name[at + 1 :]}",
                f"{name[:at]}安{name[at:]}",
            ):
                found = NAMES.bracketed(corrupted)
                if re.sub(r"[(（][)）]", "", corrupted) in CATALOGUE.aliases:
                    continue  # (二) without its 二 is the first one's name
                assert found is None or found.law in (None, law), (name, corrupted)
                recognised += found is not None and found.law is law
                tried += 1
    assert recognised > 0.7 * tried
