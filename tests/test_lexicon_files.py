"""The shipped lexicons keep their form, and the words that are known to misfire are hidden.

The tables are read here by hand and searched by the two rules of data/lexicon/README.md, so that
what the files promise is tested without what the model makes of them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tagger import shipped

FOLDER = shipped.DATA / "lexicon"
FILES = sorted(path for path in FOLDER.glob("*.tsv") if path.name != "meanings.tsv")
INDUSTRIES = json.loads((shipped.DATA / "taxonomy.json").read_text(encoding="utf-8"))["industry"]["labels"]
KINDS = ("body", "product", "job", "data", "place")
LONGEST = 20


def normal(term: str) -> str:
    return unicodedata.normalize("NFKC", term).lower()


def rows(path: Path) -> Iterator[tuple[str, str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith(("#", "term\t")):
            term, meaning, strength = line.split("\t")
            yield term, meaning, strength


@cache
def lexicon() -> dict[str, frozenset[str]]:
    """Term -> its meanings."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for term, meaning, _ in rows(path):
            found[normal(term)].add(meaning)
    return {term: frozenset(meanings) for term, meanings in found.items()}


def family(meaning: str) -> str:
    return meaning.split(".")[0]


def read(text: str) -> set[str]:
    """The meanings of the words in a text, by the rules of the README."""
    words, text = lexicon(), normal(text)
    places = [
        (start, end)
        for start in range(len(text))
        for end in range(start + 2, min(len(text), start + LONGEST) + 1)
        if text[start:end] in words
    ]
    found: set[str] = set()
    for start, end in places:
        around = [words[text[a:b]] for a, b in places if a <= start and end <= b and (a, b) != (start, end)]
        if any("none" in longer for longer in around):
            continue
        hidden = {family(meaning) for longer in around for meaning in longer}
        # A word counts with all its meanings or not at all.
        own = words[text[start:end]] - {"none"}
        if not hidden & {family(meaning) for meaning in own}:
            found |= own
    return found


def industries(text: str) -> set[str]:
    return {meaning.split(".")[2] for meaning in read(text) if meaning.startswith("industry.")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_what_it_holds_and_has_three_columns(path: Path) -> None:
    lines = path.read_bytes().decode("utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert lines[: len(head)] == head, "comments stand at the top"
    assert any(line.startswith("# Sources: ") for line in head)
    assert lines[len(head)] == "term\tmeaning\tstrength"
    assert all(line.count("\t") == 2 and line == line.strip() for line in lines[len(head) + 1 :])
    assert len(lines) > len(head) + 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_terms_stand_as_cleaned_text_has_them(path: Path) -> None:
    wrong = [
        term
        for term, _, strength in rows(path)
        if term != unicodedata.normalize("NFKC", term)
        or not (1 if path.stem == "heads" else 2) <= len(term) <= LONGEST
        or re.search(r"\s", term)
        or strength not in ("1", "2", "3")
    ]
    assert wrong == []


def test_terms_are_simplified() -> None:
    opencc = pytest.importorskip("opencc")
    simplify = opencc.OpenCC("t2s").convert
    assert [term for term in lexicon() if simplify(term) != term] == []


def test_no_term_stands_twice_with_one_meaning() -> None:
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in FILES:
        for term, meaning, _ in rows(path):
            places[normal(term), meaning].append(path.name)
    assert {key: names for key, names in places.items() if len(names) > 1} == {}


def test_every_meaning_is_documented_and_every_documented_meaning_has_words() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`((?:role|act|duty|outcome|harm|notice|form)\.[a-z-]+)`", readme)) | {
        "none"
    }
    documented |= {f"industry.{kind}.{label}" for kind in KINDS for label in INDUSTRIES}
    stems = {f"trade.{label}" for label in INDUSTRIES} | {"goods.制造业"}
    assert {meaning for meanings in lexicon().values() for meaning in meanings} - stems == documented


def test_a_file_of_an_industry_holds_that_industry() -> None:
    for path in FILES:
        meanings = {meaning for _, meaning, _ in rows(path)}
        if path.stem == "industry-brands":
            assert {meaning.rpartition(".")[0] for meaning in meanings} == {"industry.body"}
        elif path.stem.startswith("industry-"):
            assert len({meaning.split(".")[2] for meaning in meanings}) == 1
        assert (meanings == {"none"}) == (path.stem == "masks")


@pytest.mark.parametrize("label", INDUSTRIES)
def test_every_industry_is_well_supplied(label: str) -> None:
    words = [term for term, found in lexicon().items() for meaning in found if meaning.endswith(f".{label}")]
    bodies = [term for term, found in lexicon().items() if f"industry.body.{label}" in found]
    assert len(words) >= 200
    assert len(bodies) >= 50


def test_every_mask_hides_a_word() -> None:
    words = lexicon()

    def hides(mask: str) -> bool:
        inner = (
            mask[a:b] for a in range(len(mask)) for b in range(a + 2, len(mask) + 1) if b - a < len(mask)
        )
        return any(words.get(term, frozenset()) - {"none"} for term in inner)

    assert [term for term, found in words.items() if "none" in found and not hides(term)] == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("某医科大学附属医院", "医疗卫生"),
        ("某市农业科学院", "科研"),
        ("某农商行", "金融"),
        ("某县自来水公司", "水利"),
        ("某水电站", "能源"),
        ("某停车场管理公司", "交通运输"),
        ("某邮政储蓄银行支行", "金融"),
        ("某移动营业厅", "运营商"),
        ("某职业技术学院", "教育培训"),
        ("某电影院", "文化传媒"),
        ("某新能源汽车公司", "制造业"),
        ("某网约车平台", "交通运输"),
        ("某县融媒体中心", "文化传媒"),
        ("某助贷平台", "金融"),
        ("某医美机构", "医疗卫生"),
        ("某云计算中心", "互联网"),
        ("货拉拉", "交通运输"),
        ("京东快递", "交通运输"),
        ("小米公司", "制造业"),
        ("晶科能源", "制造业"),
        ("星巴克", "生活服务"),
        ("平安好医生", "医疗卫生"),
        ("学习通", "教育培训"),
        ("某矿泉水厂", "制造业"),
    ],
)
def test_an_institution_belongs_to_one_trade(text: str, label: str) -> None:
    assert industries(text) == {label}


@pytest.mark.parametrize(
    "text",
    [
        "使用移动硬盘拷贝",
        "绑定银行卡后转账",
        "对其作出行政处罚",
        "提供水平",
        "提供电子证据",
        "提高校验强度",
        "其中学习资料一份",
        "进行批评教育",
        "开展网络安全教育培训",
        "收集人脸特征信息",
        "保护工作不力",
        "颠覆国家政权",
        "该公司机房",
        "系统方面存在缺陷",
        "在采集中考虑不周",
        "确保单位安全",
        "货物流向不明",
        "部分包括",
        "人民法院以犯侵犯公民个人信息罪判处",
        "学习通知精神",
        "点点滴滴",
        "博彩信息",
        "帮助他人回收旧物",
        "向公安机关报案",
        "多次通过支付宝转账",
    ],
)
def test_chance_neighbours_name_no_trade(text: str) -> None:
    assert industries(text) == set()


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("防范计算机病毒和网络攻击的技术措施", "act.malware"),
        ("办案民警赶到现场", "role.public-servant"),
        ("公司确保安全运行", "role.employee"),
        ("某网站长期无人维护", "role.owner"),
        ("系统上线运行", "role.gang"),
        ("通报警示", "role.victim"),
        ("无业务往来", "role.suspect"),
        ("商品外包装", "role.contractor"),
        ("当地推进整改", "act.card-dealing"),
        ("提取现场数据", "act.card-dealing"),
        ("通过人脸识别登录", "act.ai-fake"),
        ("被抓取的数据", "outcome.person-arrested"),
        ("计算机信息网络国际联网安全保护管理办法", "act.vpn"),
        ("防诈骗宣传", "act.fraud"),
        ("相关基础设施", "duty.cii"),
    ],
)
def test_a_misleading_phrase_does_not_have_the_meaning(text: str, meaning: str) -> None:
    assert meaning not in read(text)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("未依法履行网络安全保护义务", "duty.protection"),
        ("未严格落实", "duty.failed"),
        ("网络日志留存不足六个月", "duty.no-log"),
        ("管理后台使用弱口令", "duty.weak-password"),
        ("数据库存在未授权访问漏洞", "duty.unauthorised-access"),
        ("存储桶配置为公共读", "duty.cloud-bucket"),
        ("首页被黑客篡改", "duty.defaced"),
        ("被不法分子植入暗链", "duty.hung-dark-link"),
        ("数据被境外IP窃取", "duty.cross-border"),
        ("离职后仍能登录后台", "role.former-employee"),
        ("受雇于该公司的代运维人员", "role.contractor"),
        ("利用职务之便", "role.employee"),
        ("辅警李某", "role.public-servant"),
        ("遭黑客攻击", "role.victim"),
        ("分工明确的犯罪团伙", "role.gang"),
        ("利用AI换脸", "act.ai-fake"),
        ("使用大模型生成谣言", "act.llm"),
        ("窃取公民个人信息", "act.steal-data"),
        ("倒卖快递面单", "act.sell-data"),
        ("花钱购买业主信息", "act.buy-data"),
        ("暴力破解后台密码", "act.crack"),
        ("服务器被植入挖矿木马", "act.mining"),
        ("出租银行卡用于跑分", "act.card-dealing"),
        ("抢票软件", "act.plugin"),
        ("对该公司处以罚款", "outcome.org-fined"),
        ("处行政拘留五日", "outcome.person-detained-administrative"),
        ("判处有期徒刑一年", "outcome.person-sentenced"),
        ("打掉犯罪团伙三个", "outcome.group-busted"),
        ("办案民警赶到现场", "role.authority"),
        ("依法作出行政处罚", "notice.enforcement"),
        ("葱姜切丝后大火翻炒", "notice.not"),
    ],
)
def test_a_common_phrase_has_its_meaning(text: str, meaning: str) -> None:
    assert meaning in read(text)
