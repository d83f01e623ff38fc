"""What a text says as features: which words, where they stand, who is punished, and names that are put together."""

from __future__ import annotations

import time

import pytest

from tagger.classify.features import Input, Reader, Reading
from tagger.classify.lexicon import Entry, Lexicon
from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations
from tagger.law.sanctions import sanction_clauses
from tagger.notice import Notice


def lexicon(words: str) -> Lexicon:
    """From lines of a term and its meaning."""
    rows: dict[str, list[Entry]] = {}
    for line in words.split("\n"):
        term, meaning = line.split()
        rows.setdefault(term, []).append(Entry(meaning, 3.0))
    return {term: tuple(entries) for term, entries in rows.items()}


WORDS = Reader(
    lexicon(
        """医院 industry.body.医疗卫生
银行 industry.body.金融
银行卡 none
学校 industry.body.教育培训
护士 industry.job.医疗卫生
业主信息 industry.data.生活服务
珠宝公司 industry.body.生活服务
公司 form.company
润滑油 goods.制造业
珠宝 goods.制造业
五金 goods.制造业
物流 trade.交通运输
入侵 act.intrude
出售 act.sell-data
黑客 role.hacker
黑客入侵 act.intrude
网咖 industry.body.生活服务
招嫖广告 act.illegal-post"""
    )
)


def read(text: str, title: str = "", reader: Reader = WORDS) -> Reading:
    whole = f"{title}\n{text}" if title else text
    notice = Notice(text=whole, title=title)
    citations = find_citations(whole, load_catalogue(None))
    return reader.read([Input(notice, citations, sanction_clauses(whole))])[0]


ZONES = [
    ("某医院被罚款一万元。", "any|industry.body.医疗卫生"),
    ("经查，网安大队对某医院罚款一万元。", "punished|industry.body.医疗卫生"),
    ("系统向某医院提供服务。", "buyer|industry.body.医疗卫生"),
    ("黑客入侵某医院。", "victim|industry.body.医疗卫生"),
    ("涉及医院、银行等单位。", "listed|industry.body.医疗卫生"),
    ("某医院的外包公司被罚款一万元。", "modifier|industry.body.医疗卫生"),
    ("某医院护士张某出售信息，被行政拘留五日。", "named|industry.job.医疗卫生"),
    ("某医院护士张某出售信息，被行政拘留五日。", "person|act.sell-data"),
    ("王某入侵某医院，被判处有期徒刑一年。", "person-doer|person"),
    ("黑客王某入侵某医院，被判处有期徒刑一年。", "person-doer|hacker"),
    ("某医院系统未被入侵。", "not|act.intrude"),
    ("某公司网站因黑客入侵停用。", "hacker-does|act.intrude"),
    ("某公司网站发布招嫖广告。", "business-does|act.illegal-post"),
    ("某公司网站弹出招嫖广告。", "unsaid-does|act.illegal-post"),
]


@pytest.mark.parametrize(("text", "feature"), ZONES)
def test_a_word_is_a_feature_by_where_it_stands(text: str, feature: str) -> None:
    assert feature in read(text).features


def test_the_title_has_a_zone_of_its_own() -> None:
    features = read("有人报案。", title="某医院遭入侵").features
    assert "title|industry.body.医疗卫生" in features
    assert "lead|industry.body.医疗卫生" not in features


def test_a_mask_and_a_longer_word_hide_what_is_inside_them() -> None:
    assert [hit.term for hit in read("他办了银行卡。").hits] == []
    assert [hit.term for hit in read("一家珠宝公司。").hits] == ["珠宝公司", "公司"]


COMPOUNDS = [
    ("某润滑油公司", "润滑油公司", "industry.body.制造业"),
    ("某润滑油销售有限公司", "润滑油销售有限公司", "industry.body.生活服务"),
    ("某润滑油厂", "润滑油厂", "industry.body.制造业"),
    ("某五金店", "五金店", "industry.body.生活服务"),
    ("某物流信息平台", "物流信息平台", "industry.body.交通运输"),
    ("某物流科技有限公司", "物流科技有限公司", "industry.body.交通运输"),
    ("某物流服务中心", "物流服务中心", "industry.body.交通运输"),
]


@pytest.mark.parametrize(("text", "name", "meaning"), COMPOUNDS)
def test_a_trade_before_an_ending_names_a_body(text: str, name: str, meaning: str) -> None:
    reading = read(text + "被罚款一万元。")
    found = [
        (reading.text[hit.start : hit.end], hit.meanings[0][0])
        for hit in reading.hits
        if hit.meanings[0][0].startswith("industry.")
    ]
    assert found == [(name, meaning)]


@pytest.mark.parametrize("text", ["他偷了润滑油。", "物流很快，公司很远。", "润滑油平台", "物流信息"])
def test_a_trade_alone_says_nothing(text: str) -> None:
    assert not any("industry" in feature for feature in read(text).features)


def test_a_name_of_the_lexicon_goes_before_one_put_together() -> None:
    features = read("某珠宝公司被罚款一万元。").features
    assert "any|industry.body.生活服务" in features
    assert "any|industry.body.制造业" not in features


ANTECEDENTS = [
    ("某医院的系统有漏洞。对该院罚款一万元。", ["医院", "该院"]),
    ("某医院和某银行共用系统。对该单位罚款一万元。", ["医院", "该单位"]),
    ("某医院用某润滑油公司的软件。对该公司罚款一万元。", ["润滑油公司", "该公司"]),
    ("某学校委托某公司建站。对涉事公司罚款一万元。", ["公司", "公司"]),
    ("对某医院罚款一万元。", ["医院"]),
]


@pytest.mark.parametrize(("text", "punished"), ANTECEDENTS)
def test_who_is_punished_is_looked_up_where_the_text_points_back(text: str, punished: list[str]) -> None:
    reading = read(text)
    bodies = [m for m in reading.roles.punished if m.kind in ("organisation", "business")]
    assert sorted({reading.text[m.start : m.end].removeprefix("该") for m in bodies}) == sorted(
        {name.removeprefix("该") for name in punished}
    )


GATES = [
    ("公安机关对某公司罚款一万元。", "organisation"),
    ("张某被行政拘留五日。", "person"),
    ("公安机关对某公司罚款一万元，张某被行政拘留五日。", "both"),
    ("对直接负责的主管人员张某罚款五千元。", "officer"),
    ("系统存在漏洞。", "nobody"),
    ("李某出售业主信息。", "person"),
    ("作者将木马藏进压缩包，法院认定其犯破坏计算机信息系统罪。", "person"),
]


@pytest.mark.parametrize(("text", "gate"), GATES)
def test_the_gate_sums_up_who_is_punished(text: str, gate: str) -> None:
    assert read(text).roles.gate == gate


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("王某开办的网咖被罚款。", "owner"),
        ("王某为逃避检查，将其经营的两家网咖组网，被行政拘留。", "owner"),
        ("王某到网咖上网，被行政拘留。", "person"),
        ("王某将其手机卖给网咖，被行政拘留。", "person"),
    ],
)
def test_who_owns_a_body_is_read_from_what_follows_the_name(text: str, kind: str) -> None:
    assert [mention.kind for mention in read(text).roles.named] == [kind]


def test_a_sentence_parts_a_name_from_the_words_before_it() -> None:
    assert [mention.kind for mention in read("卖给某医院护士。邱某被判刑。").roles.named] == ["person"]
    assert [mention.kind for mention in read("某医院护士邱某被判刑。").roles.named] == ["insider"]
    assert [mention.kind for mention in read("该校高三学生邱某被判刑。").roles.named] == ["person"]
    assert [mention.kind for mention in read("法院的一份判决书显示：邱某被判刑。").roles.named] == ["person"]


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("警方抓获犯罪嫌疑人12名。", 12),
        ("张某、李某、王某被刑事拘留。", 3),
        ("三十七人被刑事拘留。", 37),
        ("张某被刑事拘留。", 1),
        ("某公司被警告。", 0),
    ],
)
def test_how_many_persons_are_punished(text: str, persons: int) -> None:
    assert read(text).roles.persons == persons


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("王某等六人攻击游戏服务器，被刑事拘留。", {"outsiders|3", "outsiders|5"}),
        ("王某等三人攻击游戏服务器，被刑事拘留。", {"outsiders|3"}),
        ("某公司员工王某等六人出售客户信息，被刑事拘留。", set()),
        ("警方抓获六名嫌疑人，有人揽客、有人收款。", {"outsiders|3", "outsiders|5", "tasks|shared-out"}),
        ("王某负责建站，李某负责收款，两人被刑事拘留。", {"tasks|shared-out"}),
        ("网站负责人王某和系统负责人李某被刑事拘留。", set()),
        ("对某公司罚款一万元，公司有人建站、有人收款。", set()),
    ],
)
def test_a_group_of_outsiders_and_shared_tasks(text: str, marks: set[str]) -> None:
    assert {name for name in read(text).facts if name.startswith(("outsiders", "tasks"))} == marks


def test_time_is_linear_where_everything_points_back() -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        read("对该公司罚款一万元。" * count)
        return time.process_time() - start

    seconds(50)
    # Side by side, because a shared machine is fast and slow by turns; a quadratic one takes 100 times as long.
    assert min(seconds(5_000) / max(seconds(500), 1e-3) for _ in range(3)) < 40
