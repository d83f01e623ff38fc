"""Who is sanctioned: the noun phrase beside a sanction, and what it names.

Chinese puts the head of a noun phrase last (该公司|直接负责的主管人员|王某), so the last word that names
an organisation, an officer or a person decides; a name behind an officer's title is that officer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tagger.card import Span
from tagger.law.persons import NAME

KindOfPunished = Literal["organisation", "officer", "person", "unknown"]

_OFFICER = (
    r"负责人员?|责任人员?|(?:直接负责的?)?主管人员|直接负责的?主管(?:负责人)?|法定代表人|法人代表|法人(?!单位|机构|组织)|董事长|总经理|高管|高级管理人员"
    r"|实际控制人|安全员|网络安全官|网站管理员|系统管理员|校长|院长|行长|分管领导|主要领导"
)
_PERSON = (
    rf"{NAME}|嫌疑人|被告人|被告|罪犯|男子|女子|青年|员工|职员|工作人员|护士|医生|医师|大夫|民警|辅警|警长|协警|法医|黑客|主犯|从犯"
    r"|网民|网友|司机|工程师|程序员|设计师|经营者|开办者|店主|老板|站长|主播|学生|教师|老师|同伙|团伙|犯罪分子|成员|人员|经理|快递员|管理员|业主"
    r"|嫌犯|疑犯|情侣|夫妻|村民|市民|内鬼|他们?(?!人)|她们?|[\d一二三四五六七八九十两余多]人|[\d一二三四五六七八九十两余多]名|行为人|同案"
)
_ORGANISATION = (
    r"公司|企业|单位|机构|医院|学校|中学|小学|大学|高校|学院|幼儿园|银行|分行|支行|农商行|信用社|中心|平台|网站|运营者|运营方|运营商|运营单位"
    r"|主体|网吧|网咖|酒店|宾馆|旅馆|旅行社|门店|商店|药店|工厂|集团|协会|工作室|电站|商家|营业厅|服务部|机关|论坛|贴吧|公众号|报社|电视台|研究所|研究院"
    r"|图书馆|数据中心|事务所|开发商|服务商|供应商|提供者|站点|部门|该行(?!为)|该[院校所店厂局馆社网]|APP|App|app|[一二三四五六七八九十两\d]家|者(?=均|都)"
)
_SINGLE = r"[局厅委所站院馆店厂行校会社](?=$|等|及|和|、)"
MENTION = re.compile(
    f"(?P<officer>{_OFFICER})|(?P<person>{_PERSON})|(?P<organisation>{_ORGANISATION}|{_SINGLE})"
)

AUTHORITY = re.compile(
    r"公安|警方|网安|网警|网信办|法院|检察院|检察机关|人民银行|银保监|证监|金融监管|通信管理局|通管局|市场监管|工信部|监管部门"
    r"|监管局|主管部门|执法|派出所|专案组|有关部门|相关部门|办案|检方|公诉机关|审判机关|司法机关|[省市县区州]局|分局|支队|大队|总队"
)

_SPLIT = re.compile(r"以及|及其|及|和|与|、|并对|[，,](?:并)?对")
_PRONOUN = re.compile(r"(?:其|该)$")


@dataclass(frozen=True, slots=True)
class Punished:
    """Who is sanctioned, in the notice's words; `span` is None where no words name them."""

    kind: KindOfPunished
    words: str = ""
    span: Span | None = None


NOBODY = Punished("unknown")


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
    pieces: list[tuple[int, int, KindOfPunished]] = []
    begin = len(words) - len(words.lstrip("、，, "))
    for cut in [*_SPLIT.finditer(words), None]:
        end = cut.start() if cut else len(words)
        kind = kind_of(words[begin:end])
        if kind == "unknown" and cut:
            continue  # 和平区某公司: no party ends here
        if (
            kind == "person"
            and pieces
            and pieces[-1][2] == "officer"
            and re.fullmatch(NAME, words[begin:end])
        ):
            kind = "officer"  # 负责人卢某、杨某
        pieces.append((begin, end, kind))
        begin = cut.end() if cut else end
    return tuple(
        Punished(kind, words[begin:end], (start + begin, start + end))
        for begin, end, kind in pieces
        if end > begin
    )


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


# --- where the clause names them -----------------------------------------------------------------------

# Read from the sanction leftwards, hence each word backwards: 被依法处以|罚款, 分别予以|罚款, 已被|刑事拘留.
_VERBS = (
    "处以|予以|给予|作出|做出|作了|进行|采取|实施|执行|下达|下发|开出|开具|处|判处|罚|判|行政|正式|了|给|的"
)
_ADVERBS = (
    "依法|依规|依照规定|一并|并|分别|各自|各|均|都|全部|已经|已|先后|共同|同时|也|还|又|再|现|现已|当场|立即|最终|最后|终审|一审|二审|后|后来|决定"
    "|被|遭|受到|受|获|得到|予以|给予|作出|处以|要求|责令|因此|而|合计|共|共计|一共|成功|顶格|从重|从轻|重新|再次"
)


def _backwards(words: str) -> str:
    return "|".join(sorted((word[::-1] for word in words.split("|")), key=len, reverse=True))


_LIGHT = re.compile(f"(?:{_backwards(_VERBS)}){{0,3}}(?:{_backwards(_ADVERBS)}){{0,8}}")
_MARKER = re.compile(
    r"(?<![针应绝相比反面核校一])对(?![外应象接比称方])于?|给予|(?<![即必也均])将|把|判处|判决|判令|责令|要求|勒令"
)
_AGENT = re.compile(r"(?:被|遭|由|经)(?P<agent>[^，。；,;被由经]{1,20})$")
_MARKS = "，,；;：:。！？\n"
_REASON = re.compile(
    r"因(?!此)|以(?!及|下|上|来)|涉嫌|(?<![主从罪嫌疑案])犯(?!罪|人)|违反|未(?!成年)|拒不|不履行|不落实|的(?:违法)?行为|(?<![所现正存])在|于(?=[12]\d{3}年|近日)|存在|利用|通过|明知"
)
_PRONOUNS = frozenset(
    {"其", "他", "她", "之", "他们", "她们", "该人", "此人", "对方", "当事人", "违法行为人", "其本人"}
)
_LEAD = re.compile(
    r"[12]\d{3}年[初中底末]?|\d{1,2}月份?|\d{1,2}[日号]|[今去同]年|当[月日]|次日|近日|日前|目前|最终|后来?|其中|随后|此外|另外?|同时|现|经查|经审理"
    r"|发现|查明|判决|认定|致使|导致|为|是|系|称|[，,、：:\s]"
)
_VERB = re.compile("[，。；、：让使叫给由被向把将对有在与用]")
_NO_SUBJECT = re.compile(
    "[没未不有因由以向把将对在从并且除还但却已也]|被(?!告)|导致|致使|造成|违反|根据|依据|依照|按照|包括|涉嫌|构成|经"
)
_ASIDE = re.compile(r"[(（][^()（）]{0,40}[)）]")
_LONGEST_PHRASE = 24
_WINDOW = 120
_MEMORY = 240


def named_before(text: str, floor: int, start: int) -> tuple[Punished, ...]:
    """The parties that the words in [floor, start) name for a sanction that begins at `start`.

    First the object of 对, 将, 给予 beside it (对该公司处以), then the subject of its clause (该公司被),
    then that of a clause before it in the same sentence (王某投案，后被判). Nobody: an empty tuple.
    """
    floor = max(floor, start - _WINDOW)
    rest, passive = _without_light_words(_ASIDE.sub(_blank, text[floor:start]))
    agent = _AGENT.search(rest)
    if agent and AUTHORITY.search(agent["agent"]):
        rest, passive = _without_light_words(rest[: agent.start()])[0], True
    markers = list(_MARKER.finditer(rest))
    if markers:
        marker = markers[-1]
        object_ = rest[marker.end() :].rstrip("，, ")
        if object_ and not any(mark in object_ for mark in _MARKS):
            found = _parties_before_reason(object_, floor + marker.end())
            if len(rest) == marker.end() + len(object_) or any(party.kind != "unknown" for party in found):
                return found
    end = len(rest.rstrip(_MARKS + "、 "))
    beside = end == len(rest)
    while end > 0:
        begin = max(rest.rfind(mark, 0, end) for mark in _MARKS) + 1
        found = _subject(rest[begin:end], floor + begin, passive or not beside, beside)
        if found:
            return found
        end = len(rest[:begin].rstrip(_MARKS + "、 "))
        beside = False
    return ()


def _parties_before_reason(words: str, start: int) -> tuple[Punished, ...]:
    """Of 对张某利用职务便利的行为 and 判决肖某犯…罪 only the person, of 对未履行义务的某公司 the whole."""
    reason = _REASON.search(words, 1)
    if reason:
        head = words[: reason.start()]
        if is_pronoun(head) or kind_of(head) != "unknown":
            words = head
    return parties(words, start)


def _blank(aside: re.Match[str]) -> str:
    return " " * len(aside.group())


def _without_light_words(left: str) -> tuple[str, bool]:
    light = _LIGHT.match(left[::-1])
    length = light.end() if light else 0
    stripped = left[len(left) - length :]
    return left[: len(left) - length], any(mark in stripped for mark in ("被", "受", "获", "遭"))


def _subject(clause: str, start: int, passive: bool, beside: bool) -> tuple[Punished, ...]:
    """The parties at the head of a clause: 李某因…, 法人代表和直接责任人."""
    if not beside and _NO_SUBJECT.match(clause):
        return ()
    reason = _REASON.search(clause, 1)
    head = clause[: reason.start()] if reason else clause
    runs = [run for run in _runs(head) if passive or not AUTHORITY.search(head, max(0, run[0] - 8), run[1])]
    if not runs:
        return ()
    begin, end = runs[0]
    if beside and not reason and runs[-1][1] == len(head) and len(head) - begin <= _LONGEST_PHRASE:
        end = runs[-1][1]  # 公司信息安全负责人|被罚款: the phrase goes on to the sanction
    before = [lead.end() for lead in _LEAD.finditer(head, 0, begin)]
    begin = before[-1] if before else 0
    return parties(head[begin:end], start + begin)


def _is_authority(words: str, run: Span) -> bool:
    """Whether a mention is, or directly follows, the name of an authority: 公安|机关, 网信办."""
    begin, end = run
    return any(found.end() >= begin for found in AUTHORITY.finditer(words, max(0, begin - 8), end))


def _runs(words: str) -> list[Span]:
    """Mentions that stand close together as one: 公司|法人|毛某某, 6名|主要犯罪嫌疑人."""
    runs: list[Span] = []
    counted = False
    for mention in MENTION.finditer(words):
        if runs and _close(words[runs[-1][1] : mention.start()], mention, counted):
            runs[-1] = (runs[-1][0], mention.end())
        else:
            runs.append(mention.span())
        counted = mention.group()[-1] in "名家"
    return runs


def _close(gap: str, mention: re.Match[str], counted: bool) -> bool:
    """Whether what stands between two mentions leaves them one noun phrase."""
    if counted or mention.lastgroup == "officer":
        return len(gap) <= 6 and _VERB.search(gap) is None
    longest = 2 if mention.lastgroup == "organisation" else 1
    return gap == "、" or (len(gap) <= longest and _VERB.search(gap) is None)


def leads_on(between: str) -> bool:
    """Whether the words between two sanctions name nobody: 警告，[并处]罚款, 警告、[]罚款."""
    rest, _ = _without_light_words(between)
    return not rest.strip(_MARKS + "、 和及并且同时")


def antecedent(text: str, before: int, *, person: bool) -> Punished:
    """Whom 其 or nobody at all means: the first party that fits in the sentences before, nearest first."""
    low = max(0, before - _MEMORY)
    wanted = ("person", "officer") if person else ("organisation",)
    second: Punished = NOBODY
    for sentence in reversed(re.split(r"[。！？\n]", text[low:before])):
        for begin, end in _runs(sentence):
            if _is_authority(sentence, (begin, end)):
                continue
            kind = kind_of(sentence[begin:end])
            if kind in wanted:
                return Punished(kind)
            if second is NOBODY and not person:
                second = Punished(kind)
    return second


def is_pronoun(words: str) -> bool:
    """其, 他, 之: words that only point back."""
    return words in _PRONOUNS
