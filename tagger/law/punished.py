"""Who is sanctioned: the noun phrase beside a sanction, and what it names.

Chinese puts the head of a noun phrase last (该公司|直接负责的主管人员|王某), so the last word that names
an organisation, an officer or a person decides; a name behind an officer's title is that officer.
"""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from tagger.card import Span
from tagger.expressions import expression
from tagger.law.persons import NAME, SURNAMES

KindOfPunished = Literal["organisation", "officer", "person", "unknown"]

_OFFICER = (
    "负责人员?|责任人员?|(?:直接负责的?)?主管人员|直接负责的?主管(?:负责人)?|主管(?!部门|单位|机关|局)|法定代表人|法人代表"
    "|法人(?!单位|机构|组织)|董事长|董事|总裁|总监|(?:副?总)?(?<!客户)(?<!大堂)经理|高管|高级管理人员|首席[^，。；、]{2,4}官|实际控制人"
    "|安全员|网络安全官|网站管理员|系统管理员|副?(?:局|处|科|院|校|行|厂|站|馆|所|社|部|台|会|厅|园|店|队)长|主任|(?:分管|主要)领导"
)
_PERSON = (
    rf"{NAME}|嫌疑人|被告人|被告|罪犯|男子|女子|青年|员工|职员|工作人员|护士|医生|医师|大夫|民警|辅警|警长|协警|法医|黑客|主犯|从犯"
    r"|大学生|中学生|小学生|高中生|初中生|研究生|考生"
    r"|网民|网友|司机|工程师|程序员|设计师|经营者|开办者|店主|老板|主播|学生|教师|老师|同伙|团伙|犯罪分子|成员|人员|客户经理|快递员|管理员|业主"
    r"|嫌犯|疑犯|情侣|夫妻|村民|市民|内鬼|他们?(?!人)|她们?|[\d一二三四五六七八九十两余多]人|[\d一二三四五六七八九十两余多]名|行为人|同案"
    r"|(?<![会人成党动裁学委议球满全定增减官演派超])员(?![工会额])"
)
_ORGANISATION = (
    r"公司|企业|单位|机构|医院|学校|中学|小学|大学|高校|学院|幼儿园|银行|分行|支行|分部|农商行|信用社|中心|平台|网站|运营者|运营方|运营商|运营单位"
    r"|主体|网吧|网咖|酒店|宾馆|旅馆|旅行社|门店|商店|药店|工厂|集团|协会|工作室|电站|商家|营业厅|服务部|机关|论坛|贴吧|公众号|报社|电视台|研究所|研究院"
    r"|厂家|厂方|店方|校方|院方|街道办(?:事处)?|俱乐部|药房|诊所|看守所|车管所|卫生所|会所|驾校|图书馆|数据中心|事务所|开发商|服务商|供应商|提供者|站点|部门|该行(?!为)|该[院校所店厂局馆社网处]|APP|App|app|[一二三四五六七八九十两\d]家|者(?=均|都)"
)
_PREDICATE = "未|被|因|由|没有|违反|建设|开发|运营|使用(?!的)|存在|发生|擅自|委托|承认|遭"
_SINGLE = rf"(?:[局厅委所站院馆店厂行校会社处](?=$|等|及|和|、)|[局厅站院馆店厂校社](?={_PREDICATE}))"
"""The last character of a body's name, where the name visibly ends."""
# Where a mention may begin: the alternatives are tried only there.
_BEGINS = (
    "(?=.某|[负责直主法董总经高首实安网系副局处科院校行厂站馆所社部台会厅园店队分嫌被罪男女青员职工护医大民辅警协"
    r"黑从司程设开老学研考教同团犯成人客快管业疑情夫村市内他她公企单机中小幼银看驾街诊俱支农信平运酒宾旅门商药集电营服论贴报研"
    r"图数事供提该委者\dAa一二三四五六七八九十两余多])"
)
MENTION = expression(
    f"{_BEGINS}(?:(?P<officer>{_OFFICER})|(?P<person>{_PERSON})|(?P<organisation>{_ORGANISATION}|{_SINGLE}))"
)


AUTHORITY = expression(
    r"(?=[公警网法检人银证金通市工监主执派专有相办审司省县区州分支大总国密保纪无侦])(?:公安|国家安全|国安|密码管理|保密|纪检|纪委|监委|监察|无线电管理|警方|网安|网警|网信|法院|检察院|检察机关|人民银行|银保监|证监|金融监管|通信管理局|通管局|市场监管|工信部|监管部门"
    r"|监管局|主管部门|执法|派出所|专案组|有关部门|相关部门|办案|检方|公诉机关|审判机关|司法机关|侦查机关|[省市县区州]局|分局|支队|大队|总队)"
)

_VERB = frozenset("，。；、：让使叫给由被向把将对有在与用借")
_PRONOUNS = frozenset(
    {"其", "他", "她", "之", "他们", "她们", "该人", "此人", "对方", "当事人", "违法行为人", "其本人"}
)
_PRONOUN = expression(f"(?:{'|'.join(sorted(_PRONOUNS, key=lambda word: (-len(word), word)))})(?![他中余人])")
REMEMBERED = 4096
"""How many noun phrases are remembered: 该公司 and 李某 stand in notice after notice."""
_BEHIND = expression(rf"(?:\s+|等.{{0,8}}|[(（].{{0,40}}|[们“”]|[{SURNAMES}]\w{{1,2}}|\w?某\w{{0,2}})?")
_SPLIT = expression(r"以及|及其|及|和|与|、|并对|[，,](?:并)?对")


class Punished(Struct, frozen=True):
    """Who is sanctioned, in the notice's words; `span` is None where no words name them."""

    kind: KindOfPunished
    words: str = ""
    span: Span | None = None


NOBODY = Punished("unknown")


@lru_cache(maxsize=REMEMBERED)
def kind_of(words: str) -> KindOfPunished:
    """What a noun phrase names, by its head.

    >>> kind_of("该公司直接负责的主管人员王某"), kind_of("该运营商员工李某"), kind_of("李某经营的公司")
    ('officer', 'person', 'organisation')
    """
    last = officer = None
    for last in MENTION.finditer(words):
        if last.lastgroup == "officer":
            officer = last
    if last is None:
        return "unknown"
    if last.lastgroup == "person" and officer and last.start() - officer.end() <= 1:
        return "officer"
    return _kind(last)


def _kind(mention: re.Match[str]) -> KindOfPunished:
    match mention.lastgroup:
        case "officer":
            return "officer"
        case "person":
            return "person"
        case _:
            return "organisation"


def parties(words: str, start: int) -> tuple[Punished, ...]:
    """The parties of a noun phrase that begins at `start`: a company and its officer are two.

    >>> [(p.kind, p.words) for p in parties("该公司及直接负责主管人员周某", 0)]
    [('organisation', '该公司'), ('officer', '直接负责主管人员周某')]
    """
    return tuple(
        Punished(kind, words[begin:end], (start + begin, start + end)) for begin, end, kind in _parts(words)
    )


def _ends_a_party(words: str) -> bool:
    """Whether a noun phrase ends with the person it names, or with what 王某（男）, 李某等人 have behind."""
    last = deque(MENTION.finditer(words), 1)[0]
    return _BEHIND.fullmatch(words, last.end()) is not None


@lru_cache(maxsize=REMEMBERED)
def _parts(words: str) -> tuple[tuple[int, int, KindOfPunished], ...]:
    pieces: list[tuple[int, int, KindOfPunished]] = []
    begin = len(words) - len(words.lstrip("、，, "))
    for cut in [*_SPLIT.finditer(words), None]:
        end = cut.start() if cut else len(words)
        kind = kind_of(words[begin:end])
        if cut and (kind == "unknown" or (kind == "person" and not _ends_a_party(words[begin:end]))):
            continue  # 和平区某公司, 教师培训与教育中心: no party ends here
        if (
            kind == "person"
            and pieces
            and pieces[-1][2] == "officer"
            and re.fullmatch(NAME, words[begin:end])
        ):
            kind = "officer"  # 负责人卢某、杨某
        pieces.append((begin, begin + len(words[begin:end].rstrip()), kind))
        begin = cut.end() if cut else end
    return tuple(piece for piece in pieces if piece[1] > piece[0])


def joined(found: tuple[Punished, ...], text: str) -> tuple[Punished, ...]:
    """Neighbours of one kind as one party: 关某、张某 are sanctioned together."""
    merged: list[Punished] = []
    for party in found:
        last = merged[-1] if merged else None
        if last and last.kind == party.kind and last.span and party.span:
            span = (last.span[0], party.span[1])
            merged[-1] = Punished(party.kind, text[slice(*span)], span)
        else:
            merged.append(party)
    return tuple(merged)


def runs(words: str) -> list[Span]:
    """Mentions that stand close together as one: 公司|法人|毛某某, 6名|主要犯罪嫌疑人."""
    found: list[Span] = []
    counted = False
    for mention in MENTION.finditer(words):
        if found and _close(words[found[-1][1] : mention.start()], mention.lastgroup, counted):
            found[-1] = (found[-1][0], mention.end())
        else:
            found.append(mention.span())
        counted = words[mention.end() - 1] in "名家"
    return found


def _close(gap: str, kind: str | None, counted: bool) -> bool:
    """Whether what stands between two mentions leaves them one noun phrase."""
    if counted or kind == "officer":
        return len(gap) <= 6 and _VERB.isdisjoint(gap)
    longest = 2 if kind == "organisation" else 1
    return gap == "、" or (len(gap) <= longest and _VERB.isdisjoint(gap))


def is_authority(words: str, run: Span) -> bool:
    """Whether a mention is, or directly follows, the name of an authority: 公安|机关, 网信办."""
    begin, end = run
    return any(found.end() >= begin for found in AUTHORITY.finditer(words, max(0, begin - 8), end))


def is_pronoun(words: str) -> bool:
    """其, 他, 当事人: words that only point back."""
    return words in _PRONOUNS


def leading_pronoun(words: str) -> str:
    """The pronoun that some words begin with (其|不起诉), or "": 其他人 and 他人 begin with none."""
    found = _PRONOUN.match(words)
    return found.group() if found else ""
