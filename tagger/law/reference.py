"""Where a sentence names the sanctioned: 对该公司处以…, 该公司被…, 判决李某…; and whom 其 points back to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tagger.card import Span
from tagger.expressions import expression
from tagger.law.persons import NAME
from tagger.law.punished import (
    AUTHORITY,
    REMEMBERED,
    KindOfPunished,
    Punished,
    is_authority,
    is_pronoun,
    kind_of,
    leading_pronoun,
    parties,
    runs,
)

# Read from the sanction leftwards, hence each word backwards: 被依法处以|罚款, 分别予以|罚款, 已被|刑事拘留.
_VERBS = (
    "处以|予以|给予|作出|做出|作了|进行|采取|实施|执行|下达|下发|开出|开具|出具"
    "|处|判处|罚|判|行政|正式|了|给|的"
)
_ADVERBS = (
    "依法|依规|依照规定|一并|并|分别|各自|各|均|都|全部|已经|已|先后|共同|同时|也|还|又|再|现|现已|当场|立即"
    "|最终|最后|终审|一审|二审|后|后来|决定|被|遭|受到|受|获|得到|予以|给予|作出|处以|要求|责令|因此|而|合计"
    "|共|共计|一共|成功|顶格|从重|从轻|重新|再次"
)


def _backwards(words: str) -> str:
    return "|".join(sorted((word[::-1] for word in words.split("|")), key=len, reverse=True))


_LIGHT = expression(f"(?:{_backwards(_VERBS)}){{0,3}}(?:{_backwards(_ADVERBS)}){{0,8}}")
_PASSIVE = frozenset("被受获遭")
_MARKER = expression(
    "对(?<![针应绝相比反面核校一]对)(?![外应象接比称方])于?|给予|将(?<![即必也均]将)|把|判[处决令]|责令|要求|勒令"
)
_AGENT = expression(
    r"[被遭由经](?P<agent>[^，。；,;被由经]{1,20}?)(?:(?:依据|根据|依照|按照|依)[^，。；,;被由经]{0,80})?$"
)
_MARKS = "，,；;：:。！？\n"
_MARK = expression(f"[{_MARKS}]")
_CLAUSE_BACKWARDS = expression(f"[^{_MARKS}]*")
_EDGE = _MARKS + "、 "
_REASON = expression(
    r"(?=[因以涉犯违未拒不的在于存利通明])(?:因(?!此)|以(?!及|下|上|来)|涉嫌|(?<![主从罪嫌疑案])犯(?!罪|人)|违反|未(?!成年)"
    r"|拒不|不履行|不落实|的(?:违法)?行为|(?<![所现正存])在|于(?=[12]\d{3}年|近日)|存在|利用|通过|明知)"
)
_NO_SUBJECT = expression(
    "[没未不有因由以向把将对在从并且除还但却已也用为]|被(?!告)|导致|致使|造成|违反|根据|依据|依照|按照|包括|涉嫌|构成|经"
    "|期间|通过|利用|使用|借助|其间|随后|然后|再"
)
_LEAD = expression(
    r"(?=[\d今去同当次近日目最后其随此另现经发查判认致导为是系称，,、：:\s])(?:[12]\d{3}年[初中底末]?|\d{1,2}月份?|\d{1,2}[日号]"
    r"|[今去同]年|当[月日]|次日|近日|日前|目前|最终|后来?|其中|随后|此外|另外?|同时|现|经查|经审理|发现|查明|判决|认定|致使|导致"
    r"|为|是|系|称|[，,、：:\s])"
)
_OWNED = expression("(?:的|所在|任职|供职|就职|名下|旗下|所属|经营|开办|开设|创办|控制)$")
"""Between a person and a body: the two are one noun phrase, its head the body."""
_NEXT = expression(r"\s|[某该]$")
"""What stands before a body that is spoken of anew: 员工泄露资料 某银行|被罚, 网民举报|某平台|被罚."""
_IN_NAMES = expression(
    "(?:培训|发展|服务|资助|活动|管理|教育|研究|信息|咨询|就业|创业|招聘|健康|文化|交流|专业|职业|技术|进修|[与和及])+"
)
"""Between a person and a body: 教师|培训与教育研究|中心 is one name."""
_OFFICIAL = expression("(?:执法|办案|网安|社区)?民警$|(?<=执法|办案|检查|侦查|专案)人员$")
_HELD = expression("(?:认定|认为|查明|查实|发现|证实)其(?![他中余实])")
"""An authority says of somebody what he did."""
_ASIDE = expression(r"\([^()（）]{0,40}[)）]|（[^()（）]{0,40}[)）]|《[^《》]{0,60}》")
_STOP = expression(r"[。！？\n]")
_LONGEST_PHRASE = 24
_WINDOW = 120
_LOOK_BACK = 240
_MEMORY = 6


def named_before(text: str, floor: int, start: int) -> tuple[Punished, ...]:
    """The parties that the words in [floor, start) name for a sanction that begins at `start`.

    First the object of 对, 将, 给予 beside it (对该公司处以), then the subject of its clause (该公司被),
    then that of a clause before it in the same sentence (王某投案，后被判). Nobody: an empty tuple.
    """
    floor = max(floor, start - _WINDOW)
    left = text[floor:start]
    if "(" in left or "（" in left or "《" in left:
        left = _ASIDE.sub(_blank, left)
    rest, passive = _without_light_words(left)
    agent = _AGENT.search(rest, max(0, len(rest) - _WINDOW))
    if agent and _acts(agent):
        rest, passive = _without_light_words(rest[: agent.start()])[0], True
    markers = list(_MARKER.finditer(rest))
    if markers:
        begin = markers[-1].end()
        object_ = rest[begin:].rstrip("，, ")
        if object_ and not _MARK.search(object_):
            found = _object(object_, floor + begin)
            if begin + len(object_) == len(rest) or any(party.kind != "unknown" for party in found):
                return found
            pronoun = leading_pronoun(object_)
            if pronoun:  # 对其不起诉，由公安机关|处罚
                return (_pointing(pronoun, floor + begin),)
    backwards = rest[::-1]
    mark = len(rest)
    beside = True
    while mark >= 0:
        end = mark
        clause_begins = _CLAUSE_BACKWARDS.match(backwards, len(rest) - end)
        mark = len(rest) - 1 - clause_begins.end() if clause_begins else -1
        clause = rest[mark + 1 : end].rstrip(_EDGE)
        if clause:
            held = _HELD.search(clause)
            # 警方认定其擅自联网，|罚款; not 发现其员工卖数据.
            if held and kind_of(clause[held.end() : held.end() + 8]) == "unknown":
                return (_pointing("其", floor + mark + held.end()),)
            here = beside and mark + 1 + len(clause) == len(rest)
            begin, behind = _subject(clause, passive, here)
            found = parties(clause[begin:behind], floor + mark + 1 + begin)
            if found:
                return found
        beside = False
    return ()


def _pointing(pronoun: str, start: int) -> Punished:
    return Punished("unknown", pronoun, (start, start + len(pronoun)))


def _acts(agent: re.Match[str]) -> bool:
    """Whether what stands between 被 and a sanction is who imposes it: 被[银保监会]罚款, 被[公司]开除."""
    words = agent["agent"]
    if " " in words or "\n" in words:  # 隐私被转发 男子|被罚: another subject
        return False
    return AUTHORITY.search(words) is not None or (agent.group()[0] in "被遭" and kind_of(words) != "unknown")


def leads_on(between: str) -> bool:
    """Whether the words between two sanctions name nobody: 警告，[并处]罚款, 警告、[]罚款."""
    rest, _ = _without_light_words(between)
    return not rest.strip(_EDGE + "和及并且同时")


class Memory:
    """The parties that a text has mentioned so far; reads every character once, however often it is asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._read = 0
        self._sentences: list[list[_Party]] = [[]]

    def antecedent(self, before: int, *, person: bool) -> Punished:
        """Whom 其 or nobody at all means at `before`: the first party that fits, nearest sentence first.

        What falls on bodies as on persons (a fine) falls on a body if one was mentioned, unless the text is
        about somebody whom it names.
        """
        self._read_on(before)
        near = [sentence for sentence in self._sentences[-_MEMORY:] if sentence]
        if not person and _about_somebody(near):
            return Punished("person")
        wanted = ("person", "officer") if person else ("organisation",)
        other: KindOfPunished = "unknown"
        for sentence in reversed(near):
            for party in sentence:
                if party.kind in wanted:
                    return Punished(party.kind)
                if other == "unknown" and not person and party.acts:
                    other = party.kind
        # An officer who explains himself stands for his body, on which the sanction falls.
        return Punished("organisation" if other == "officer" else other)

    def _read_on(self, to: int) -> None:
        if to <= self._read:
            return
        for number, sentence in enumerate(_STOP.split(self._text[max(self._read, to - _LOOK_BACK) : to])):
            mentioned = [_party(sentence, run) for run in runs(sentence) if not _imposes(sentence, run)]
            if number == 0:
                self._sentences[-1] += mentioned
            elif mentioned:
                self._sentences.append(mentioned)
        self._read = to


class _Party(NamedTuple):
    """Somebody mentioned. Of persons: whether he does something, and whether by an anonymous name."""

    kind: KindOfPunished
    acts: bool = False
    named: bool = False


_NAMED = expression(NAME)
_TO_HIM = expression("[将把被对给向致使让与和同等]|导致|造成|泄露|出售|提供|损害|侵害|冒用")
"""Before a name in its clause: something is done to whoever has it."""
_WHOSE = expression(r"等?(?:的|[个某多\d]*人)?(?:个人)?(?:信息|资料|数据|隐私|账[户号]|手机|名义|姓名|身份)")


def _party(sentence: str, run: Span) -> _Party:
    """A mention; nobody acts of whom 将住客王某的信息 or 李某的账户被盗 is said."""
    start, end = run
    kind = kind_of(sentence[start:end])
    if kind == "organisation":
        return _Party(kind)
    clause = max(sentence.rfind(mark, 0, start) for mark in _MARKS) + 1
    acts = not _TO_HIM.search(sentence, clause, start) and not _WHOSE.match(sentence, end)
    return _Party(kind, acts, _NAMED.search(sentence, start, end) is not None)


def _about_somebody(near: Sequence[Sequence[_Party]]) -> bool:
    """Whether sentences (the nearest last) speak of a named person rather than of a body.

    No sentence begins with a body; or the nearest names the person, and of bodies only a victim is mentioned.
    """
    named = [any(one.kind == "person" and one.acts and one.named for one in sentence) for sentence in near]
    if not any(named):
        return False
    bodies = sum(one.kind == "organisation" for sentence in near for one in sentence)
    return all(sentence[0].kind != "organisation" for sentence in near) or (named[-1] and bodies <= 1)


def _imposes(words: str, run: Span) -> bool:
    """Whether a mention is an authority or its officials, who impose sanctions rather than suffer them."""
    return is_authority(words, run) or _OFFICIAL.match(words, *run) is not None


def _object(words: str, start: int) -> tuple[Punished, ...]:
    """Of 对张某利用职务便利的行为 and 判决肖某犯…罪 only the person, of 对未履行义务的某公司 the whole."""
    reason = _REASON.search(words, 1)
    if reason:
        head = words[: reason.start()]
        if is_pronoun(head) or kind_of(head) != "unknown":
            words = head
    return parties(words, start)


@lru_cache(maxsize=REMEMBERED)
def _subject(clause: str, passive: bool, beside: bool) -> Span:
    """Where the parties at the head of a clause stand: 李某因…, 法人代表和直接责任人; (0, 0): nowhere."""
    if not beside and _NO_SUBJECT.match(clause):
        return 0, 0
    reason = _REASON.search(clause, 1)
    head = clause[: reason.start()] if reason else clause
    mentioned = runs(head)
    first = next((run for run in mentioned if passive or not _imposes(head, run)), None)
    if first is None:
        return 0, 0
    begin, end = first
    last = mentioned[-1]
    if (
        beside
        and not reason
        and last[1] == len(head)
        and len(head) - begin <= _LONGEST_PHRASE
        and not _does(head, first, last)
        and (passive or not _imposes(head, last))
    ):
        end = last[1]  # 公司信息安全负责人|被罚款: the phrase goes on to the sanction
    before = [lead.end() for lead in _LEAD.finditer(head, 0, begin)]
    return before[-1] if before else 0, end


def _does(head: str, first: Span, last: Span) -> bool:
    """Whether a person does something to a body: 男子扫描水库平台|被罚 speaks of the man."""
    between = head[first[1] : last[0]]
    return (
        len(between) > 1
        and not _IN_NAMES.fullmatch(between)
        and not _NEXT.search(between)
        and not _OWNED.search(between)
        and kind_of(head[slice(*first)]) == "person"
        and kind_of(head[slice(*last)]) == "organisation"
    )


def _blank(aside: re.Match[str]) -> str:
    return " " * len(aside.group())


def _without_light_words(left: str) -> tuple[str, bool]:
    """The words left of the verbs and adverbs that lead up to a sanction; whether these are passive."""
    light = _LIGHT.match(left[: -_LONGEST_PHRASE - 1 : -1])
    length = light.end() if light else 0
    cut = len(left) - length
    return left[:cut], not _PASSIVE.isdisjoint(left[cut:])
