"""Sanction phrases: a sanction word with the amount, the length of time and the object that belong to it.

并处罚金人民币一百八十二万元, 6万元罚款, 责令该单位停机整顿六个月, 判孙某二年、邵某一年六个月.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from tagger.card import Span
from tagger.expressions import expression
from tagger.law.measures import JAIL, ORDER, PRISON, SENTENCE, TRIGGER, WORDS, Measure
from tagger.law.money import AMOUNT, read_amount
from tagger.law.punished import runs
from tagger.law.terms import TERM, Term, read_term

_CLAUSE = "[^，。；！？,;!?\n]"
_ITEM = "[^，。；！？,;!?、\n]"
_PLAIN = r"[^，。；！？,;!?、\n\d一二三四五六七八九十两半]"

_TO = r"[、，,和及与至到~\-—]"
_AMOUNTS = rf"(?P<values>{AMOUNT}(?:人民币)?(?:{_TO}(?:人民币)?{AMOUNT}){{0,6}})"
_TERMS = rf"(?P<values>{TERM}(?:(?:有期徒刑|拘役)?{_TO}(?:有期徒刑|拘役)?{TERM}){{0,6}})"
_PROBATION = rf"(?:[、，,;；]?(?:宣告)?缓刑(?:考验期)?(?:{TERM})?|[(（]缓刑{_ITEM}{{0,6}}[)）])?"

_AMOUNT_RIGHT = expression(
    rf"(?:处罚|的?罚单|款)?(?:[，,]?(?:金额|合计|共计|总计|总额)|人民币|分别|每[人家]|[各了为计:：(（\s]){{0,5}}{_AMOUNTS}(?:不等)?"
)
_FINED_ONE = expression(rf"(?P<whom>[^，。；,;、：:\d\s]{{1,14}}?)(?:人民币)?(?P<values>{AMOUNT})")
_NEXT_ONE = expression("[，,、；;和及与]")
_AMOUNT_LEFT = expression(rf"(?:人民币)?{_AMOUNTS}(?:不等)?的?(?:行政)?(?:处罚)?$")
_CONFISCATED = expression(rf"{_PLAIN}{{0,14}}?(?:人民币)?{_AMOUNTS}|[^，。；！？,;!?、\n并和及]{{0,12}}")
_CONFISCATED_FROM = expression(rf"(?P<whom>{_ITEM}{{1,12}}?)的?(?:违法|非法|犯罪)所得")
_TERM_RIGHT = expression(rf"(?:的?处罚)?(?:分别|为期|期限|[各:：(（\s]){{0,3}}{_TERMS}(?:不等)?")
_TERM_LEFT = expression(rf"(?P<values>{TERM}(?:至{TERM})?)的?(?:行政)?$")
_BUSINESS = expression(
    rf"{_PLAIN}{{0,16}}?(?:为期)?{_TERMS}|{_ITEM}{{0,14}}?(?:业务|服务|注册|更新|功能|网站|联网)"
)
_OCCUPATION = expression(rf"{_PLAIN}{{0,20}}?{_TERMS}|{_ITEM}{{0,14}}")
_SENTENCED = expression(
    rf"(?P<whom>{_CLAUSE}{{0,24}}?)(?P<form>有期徒刑|拘役)?(?:[，,]?刑期|分别|[各为:：\s]){{0,2}}{_TERMS}(?:有期徒刑|拘役)?(?:不等)?{_PROBATION}(?:不等)?"
)
_SENTENCED_OTHERWISE = expression(rf"(?P<whom>{_CLAUSE}{{0,24}}?)(?P<form>无期徒刑|管制|缓刑)")
_SENTENCED_NEXT = expression(
    rf"[、，,](?P<whom>(?![并缓罚禁剥附]){_PLAIN}{{2,4}}?)(?P<values>{TERM}){_PROBATION}"
)
_ORDERED = expression(
    rf"(?P<whom>{_ITEM}{{0,24}}?)(?=限期|立即|马上|当场|尽快|全面|依法|[\d一二三四五六七八九十两]|停[止机业网]|暂停|关[闭停]|下[架线]|整改|改正|纠正|落实|开展|履行|完善"
    r"|加强|在|于|按|删除|消除|退|公开|进行|自|对|采取|建立|制定|备案)"
)
_ORDER_END = expression(rf"{_ITEM}{{0,16}}?(?:整改|改正|纠正|备案)(?:到位|完毕|违法行为)?|{_ITEM}{{0,20}}")
_OBJECT = expression(rf"(?:了|包括)?(?P<whom>{_CLAUSE}{{1,40}}?)(?=[，。；！？,;!?：:\n]|并|后|时|进行|$)")
_ONE_AMOUNT = expression(AMOUNT)
_ONE_TERM = expression(TERM)
_WITH_OBJECT = frozenset({"抓获", "传唤", "打掉", "逮捕", "约谈"})
_SUSPENDING = frozenset({"suspension", "shutdown"})


class Value(Struct, frozen=True):
    """One amount in yuan, or one length of time."""

    span: Span
    amount: float | None = None
    term: Term | None = None


class Phrase(Struct, frozen=True):
    """A sanction word and what belongs to it; `whom` is an object named inside it (判处李某有期徒刑)."""

    measure: Measure
    start: int
    end: int
    values: tuple[Value, ...] = ()
    whom: Span | None = None


def sanction_phrases(text: str) -> Iterator[Phrase]:
    """The sanction phrases of a text, in order, none overlapping another."""
    previous: Phrase | None = None
    for found in TRIGGER.finditer(text):
        floor = previous.end if previous else 0
        if found.start() < floor:
            continue
        measure = WORDS[found.group()][0]
        if measure.vague and previous and text[floor : found.start()] in ("", "的", "等", "等的"):
            previous = replace(previous, end=found.end())  # 罚款1万元的行政处罚 is one sanction
            continue
        for phrase in _read(text, measure, found.start(), found.end(), floor):
            if previous:
                yield previous
            previous = phrase
    if previous:
        yield previous


def _read(text: str, measure: Measure, start: int, end: int, floor: int) -> Iterator[Phrase]:
    match measure.kind:
        case "fine":
            yield from _fines(text, measure, start, end, floor)
        case _ if measure.name in ("罚金", "罚没"):
            yield _valued(text, measure, start, end, floor, _AMOUNT_RIGHT, _AMOUNT_LEFT)
        case "confiscation":
            whom = _group_span(_CONFISCATED_FROM.match(text, end), "whom")
            yield replace(_valued(text, measure, start, end, floor, _CONFISCATED), whom=whom)
        case "administrative-detention" | "criminal-detention":
            yield _valued(text, measure, start, end, floor, _TERM_RIGHT, _TERM_LEFT)
        case "suspension" | "shutdown":
            yield _valued(text, measure, start, end, floor, _BUSINESS, _TERM_LEFT)
        case "ban":
            yield _valued(text, measure, start, end, floor, _OCCUPATION)
        case "imprisonment":
            yield from _sentences(text, measure, start, end, floor)
        case "order-to-correct":
            yield _order(text, start, end)
        case "prosecution" if text.startswith("移送", start):
            yield Phrase(measure, start, text.index("起诉", end) + 2)
        case _ if measure.name in _WITH_OBJECT:
            yield Phrase(measure, start, end, whom=_object(text, end))
        case _:
            yield Phrase(measure, start, end)


def _group_span(found: re.Match[str] | None, group: str) -> Span | None:
    if found is None or not found[group]:
        return None
    return found.span(group)


def _object(text: str, end: int) -> Span | None:
    """What follows a verb in its clause, up to the next sanction word."""
    found = _OBJECT.match(text, end)
    if not found:
        return None
    start, stop = found.span("whom")
    following = TRIGGER.search(text, start, stop)
    stop = following.start() if following else stop
    return (start, stop) if stop > start else None


def _values(found: re.Match[str]) -> tuple[Value, ...]:
    if not found["values"]:
        return ()
    low = found.start("values")
    return tuple(
        [
            Value((low + start, low + end), amount, term)
            for start, end, amount, term in _written(found["values"])
        ]
    )


@lru_cache(maxsize=4096)  # 1万元 and 五日 stand in notice after notice
def _written(values: str) -> list[tuple[int, int, float | None, Term | None]]:
    """The amounts of some words, else the lengths of time, and where they stand."""
    found: list[tuple[int, int, float | None, Term | None]] = [
        (*one.span(), read_amount(one.group()), None) for one in _ONE_AMOUNT.finditer(values)
    ]
    return found or [(*one.span(), None, read_term(one.group())) for one in _ONE_TERM.finditer(values)]


def _valued(
    text: str,
    measure: Measure,
    start: int,
    end: int,
    floor: int,
    right: re.Pattern[str],
    left: re.Pattern[str] | None = None,
) -> Phrase:
    """The phrase with the value behind the word, else the one directly before it (6万元罚款)."""
    found = right.match(text, end)
    values = _values(found) if found else ()
    if found:
        end = found.end()
    if left and not values:
        found = left.search(text, max(floor, start - 40), start)
        if found:
            return Phrase(measure, found.start(), end, _values(found))
    return Phrase(measure, start, end, values)


def _fines(text: str, measure: Measure, start: int, end: int, floor: int) -> Iterator[Phrase]:
    """罚款二万元; 罚公司一万元，其负责人五千元; 罚单：公司二十五万元，技术总监三万元."""
    phrase = _valued(text, measure, start, end, floor, _AMOUNT_RIGHT, _AMOUNT_LEFT)
    one = None if phrase.values else _fined(text, end + text.startswith(("：", ":"), end))
    if one is None and (phrase.values or text[start:end] != "罚"):
        yield phrase
    while one:
        yield Phrase(measure, start, one.end(), _values(one), one.span("whom"))
        following = _NEXT_ONE.match(text, one.end())
        one = _fined(text, following.end()) if following else None
        start = one.start() if one else start


def _fined(text: str, at: int) -> re.Match[str] | None:
    """A party and its sum: 广告公司一万元, not 公司已退还用户三万元."""
    found = _FINED_ONE.match(text, at)
    if found and [end for _, end in runs(found["whom"])] == [len(found["whom"])]:
        return found
    return None


def _sentences(text: str, measure: Measure, start: int, end: int, floor: int) -> Iterator[Phrase]:
    """判处被告人李某有期徒刑三年，缓刑四年; 4年有期徒刑; 判孙某二年、邵某一年六个月."""
    found = _SENTENCED.match(text, end)
    if measure not in (SENTENCE, PRISON, JAIL) or not found or (measure is not SENTENCE and found["whom"]):
        other = _SENTENCED_OTHERWISE.match(text, end) if measure is SENTENCE else None
        left = _TERM_LEFT.search(text, max(floor, start - 12), start)
        if left and measure in (PRISON, JAIL):
            yield Phrase(measure, left.start(), end, _values(left))
        elif other:
            yield Phrase(measure, start, other.end(), whom=_group_span(other, "whom"))
        else:
            yield Phrase(measure, start, end)
        return
    form = {"有期徒刑": PRISON, "拘役": JAIL}.get(found["form"], measure)
    yield Phrase(form, start, found.end(), _values(found), _group_span(found, "whom"))
    while found and (found := _SENTENCED_NEXT.match(text, found.end())):
        yield Phrase(form, found.start("whom"), found.end(), _values(found), found.span("whom"))


def _order(text: str, start: int, end: int) -> Phrase:
    """责令该公司限期整改; where the order is to stop or to close, that is the measure."""
    if text.startswith("限期", start):
        tail = _ORDER_END.match(text, end)
        return Phrase(ORDER, start, tail.end() if tail else end)
    if not text.startswith("责令", start):
        return Phrase(ORDER, start, end)
    whom = _ORDERED.match(text, end)
    ahead = whom.end() if whom else end
    named = _group_span(whom, "whom")
    following = TRIGGER.search(text, ahead, ahead + 24)
    if following and not _breaks(text, ahead, following.start()):
        measure = WORDS[following.group()][0]
        if measure.kind in _SUSPENDING:
            stop = _valued(text, measure, following.start(), following.end(), ahead, _BUSINESS)
            return replace(stop, start=start, whom=named)
        if measure is ORDER:
            ahead = following.start()
        if measure.name == "退赔道歉":
            return Phrase(measure, start, following.end(), whom=named)
    tail = _ORDER_END.match(text, ahead)
    return Phrase(ORDER, start, tail.end() if tail else ahead, whom=named)


def _breaks(text: str, start: int, end: int) -> bool:
    return any(mark in text[start:end] for mark in "，。；,;、\n")
