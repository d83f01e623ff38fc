"""An enforcement notice of network security, or something else."""

from __future__ import annotations

import json

import pytest

from tagger import shipped
from tagger.card import CaseCard
from tagger.casebook import read_cases
from tagger.notice import Document
from tagger.notice.errors import EmptyInput
from tagger.notice.split import notices
from tagger.tagger import Tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load("shipped")


OTHER = [
    "西红柿炒鸡蛋：鸡蛋三个打散加少许盐，西红柿切块。热锅凉油，先炒鸡蛋盛出，再下西红柿炒出汁，倒回鸡蛋翻匀即可。",
    "上证指数今日收报3120点，涨0.6%。券商股领涨，两市成交九千亿元，北向资金净买入四十亿元。",
    "The ministry said on Tuesday that exports rose 4.5 percent in March, beating expectations.",
    "床前明月光，疑是地上霜。举头望明月，低头思故乡。",
    "def add(a, b):\n    return a + b\n\nprint(add(1, 2))",
    "明天白天多云转阴，局部有小雨，最高气温二十三度，东北风三级。请市民外出携带雨具。",
    "本公司诚聘会计一名，大专以上学历，有三年以上工作经验，月薪六千至八千元，周末双休，有意者请将简历发至人事部。",
    "第三节比赛结束时主队以七十八比六十五领先，外援独得三十一分，末节客队连追九分仍未能扳平。",
    "小明有十二个苹果，给了小红三个，又买了五个。问：小明现在有几个苹果？请列式计算。",
    "生态环境局查明，某化工厂夜间向河道偷排废水，依法责令停产整治，并处罚款二十万元。",
    "税务局稽查局对某商贸公司虚开增值税专用发票一案作出处理，追缴税款一百万元，并处罚款五十万元。",
    "李某酒后驾驶轿车与护栏相撞，经检测血液酒精含量超标，法院以危险驾驶罪判处其拘役两个月，并处罚金三千元。",
    "市场监管局抽检发现某超市销售过期食品，没收违法所得，罚款一万元。",
    "个人信息保护法自2021年11月1日起施行。该法明确了个人信息处理的基本原则，规定了处理者的义务，违者最高可处五千万元罚款。",
    "关于某邮件系统存在远程代码执行漏洞的安全公告：攻击者可利用该漏洞执行任意命令，请用户及时升级到最新版本。",
    "本届网络安全大会将于下月在会展中心举行，届时将有二十场论坛，欢迎各界报名参会。",
    "如何设置一个安全的密码？建议长度不少于十二位，混用大小写字母、数字和符号，不同网站使用不同密码。",
    "什么是侵犯公民个人信息罪？向他人出售或者提供公民个人信息，情节严重的，构成侵犯公民个人信息罪。",
    "某化工厂偷排废水被罚款二十万元。举报污染请留姓名、联系电话，我们为您保密。",
    "我司防火墙产品支持入侵检测、病毒过滤和流量分析，助力企业轻松通过等级保护测评，欢迎来电咨询。",
]
NOTICES = [
    "某县公安局网安大队检查发现，某医院未留存网络日志，依据《网络安全法》第二十一条、第五十九条，给予警告并责令改正。",
    "张某利用木马控制他人电脑三百余台，被警方抓获并采取刑事强制措施。",
    "某网站因未对用户发布的信息尽到管理义务，被网信办罚款五万元。",
    "某公司员工王某出售客户个人信息两万条，以侵犯公民个人信息罪被判处有期徒刑一年。",
    "某物业公司服务器存在弱口令，被境外黑客植入勒索病毒，网警对该公司予以行政处罚。",
    "男子编造并在微信群散布谣言，被行政拘留五日",
    "某高校泄露学生信息，被罚八万元",
    "包某凭一台旧调试器把电表读数往回拨，一次收八百，法院认定其犯破坏计算机信息系统罪，判处有期徒刑三年。",
    "通信管理局通报下架十二款违规收集个人信息的APP，涉及某旅行社等企业。",
]


@pytest.mark.parametrize("text", OTHER, ids=lambda text: text[:12])
def test_what_is_no_notice_gets_no_label(tagger: Tagger, text: str) -> None:
    card = tagger.tag(text)
    assert not card.notice
    assert not any(s.assigned for s in card.statutes)
    assert not any(card.assigned(t) for t in ("industry", "subject", "nature", "impact", "liability"))
    assert card.review.needed
    assert card.review.reasons[0].startswith("不是")


@pytest.mark.parametrize("text", NOTICES, ids=lambda text: text[:12])
def test_a_notice_is_one(tagger: Tagger, text: str) -> None:
    card = tagger.tag(text)
    assert card.notice
    assert all(card.assigned(target) for target in ("industry", "subject", "nature"))


def test_the_reason_names_what_is_missing(tagger: Tagger) -> None:
    assert "处罚" in "".join(tagger.tag(OTHER[14]).review.reasons)
    assert "网络" in "".join(tagger.tag(OTHER[9]).review.reasons)


def refused(tagger: Tagger, documents: list[Document]) -> list[str]:
    return [card.source for card in tagged(tagger, documents) if not card.notice]


def tagged(tagger: Tagger, documents: list[Document]) -> list[CaseCard]:
    return tagger.tag_notices([notices(document, split=False)[0] for document in documents])


def test_few_notices_are_refused(tagger: Tagger) -> None:
    documents = [Document(case.id, case.facts, case.title, case.date) for case in read_cases()]
    for name in ("dev", "written"):
        lines = (shipped.DATA / "field" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = map(json.loads, lines)
        documents += [Document(r["id"], r["text"], r["title"], r["published"]) for r in rows]
    assert len(refused(tagger, documents)) <= 0.03 * len(documents)


def test_most_other_texts_are_recognised(tagger: Tagger) -> None:
    lines = (shipped.DATA / "genre" / "not_notices.jsonl").read_text(encoding="utf-8").splitlines()
    known = 0
    for row in map(json.loads, lines):
        try:
            known += bool(refused(tagger, [Document(row["id"], row["text"])]))
        except EmptyInput:  # a menu, cleaned away whole
            known += 1
    assert len(lines) >= 200
    assert known >= 0.95 * len(lines)
