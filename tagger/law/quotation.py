"""What a text merely quotes: statute text and lessons to readers are no ground of the case.

The boxes that stand apart from the case are found by notice/split.py; here are the quotations
inside a case: a lesson behind 网警提醒, a sentence that recites a statute, 本法 in its own words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from tagger.expressions import begun, expression
from tagger.law.compact import Compact, compact

_LESSON_BEGINS = expression(
    "以(?=案)|普(?=法)|释(?=法)|说(?=法)|法(?=[条律规识院官])|知(?=[条律规识])|条(?=文)|相(?=关)|附(?=法)|小(?=[贴编])|延(?=伸)"
    "|文(?=[末后尾章中])|篇(?=[末后尾])|报(?=道)|推(?=文)|稿(?=件)|页(?=面)|结(?=尾)|末(?=尾)|网(?=[警安信])|民(?=警)|警(?=方)"
    "|公(?=安)|检(?=察)|律(?=师)|记(?=者)|温(?=馨)|特(?=别)|友(?=情)"
)
_LESSON = expression(
    r"以案[说释普]法|普法(?:栏|链接|时间|小|课|引|援|专栏|环节|部分|内容|知识|提示|提醒|[:：,，\]])|释法[:：]|说法栏|"
    r"[法知][条律规识](?:链接|速递|原文|小?课堂|小?知识|科普|条文)|条文链接|相关法条|附法条|小贴士|延伸阅读|[文篇][末后尾]|"
    r"(?:报道|文章|推文|稿件|页面|文中|[结末]尾)[^。,，;；]{0,10}(?:附|列出|科普|普及|引用|援引|摘录|介绍|提醒|提示|宣讲|解释)"
    # 经民警提醒后仍未整改 is a part of the case: the lesson speaks at once, or to the public.
    r"|(?<![经被受在])(?:网警|民警|警方|公安|网安|法院|检察[院官]|法官|网信办|律师|记者|小编|温馨|特别|友情)"
    r"(?:机关|部门|支队|大队|总队|局|在此|特别|郑重|温馨|友情|再次){0,3}(?:提醒|提示|告诫|呼吁|寄语|说法|普法)"
    r"(?:(?:广大|各|大家|全|网|企业|单位|群众|用户|市民|相关|有关|辖区|公众|互联网|您|读者)\w{0,12})?[:,，：！!】\]]"
    r"|律师\w{0,8}(?:表示|认为|介绍|指出|说|称|解读)[:,，：]"
)
_HEADING_ENDS = expression(r"\w{0,4}[\])）」”]?[:：\]]")
_BACK_TO_THE_CASE = expression(
    r"触犯法条|处罚依据|处罚结果|处理结果|处罚决定|案例[0-9一二三四五六七八九十]{1,3}|案情回顾|案件回顾|基本案情"
)
_STOPS = "。！？!?"
_REACH = 240

_LEAD = expression(
    r"根据|依据|依照|按照|违反|触犯|涉嫌|适用|援引|不符合|构成|符合|属于|以及|同时|按|依$|据$|由$|以$"
)
_RECITES = expression(
    r"(?:之|的)?(?:明确|明文)?(?:规定|指出|载明|要求)?[:：“\"]|(?:之|的)?(?:明确|明文)?规定[,，]"
)
_STATUTE_VOICE = expression(
    r"的[,，]?(?:由\w{2,12}(?:责令|处|没收|给予|依)|处\w{1,12}以[上下]|依照|依据|适用|按照)"
    r"|有下列(?:行为|情形)之一|以上\w{1,8}以下(?:罚款|罚金|有期徒刑|拘留)"
    r"|任何(?:个人|单位|组织)(?:和|、|或者)(?:个人|组织|单位)|网络运营者(?:应当|不得|不履行|违反)|国家实行"
    r"|(?:的规定|规定)的[,，]|义务的[,，]"
)


class Quotations:
    """Where a compact text (without spaces and line breaks) quotes."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> list[re.Match[str]]:
        return list(begun(_LESSON_BEGINS, _LESSON, self._text))

    @cached_property
    def _cues(self) -> list[int]:
        return [lesson.start() for lesson in self._found]

    @cached_property
    def _lessons(self) -> list[tuple[int, int]]:
        return _under_a_heading(self._text, self._found)

    def covers(self, start: int, end: int, *, own_words: bool) -> bool:
        """Whether the citations in text[start:end] are quoted.

        `own_words`: the law is named 本法, 本条例 …, as statutes speak of themselves.
        """
        if any(first <= start < last for first, last in self._lessons):
            return True
        begin = self._sentence_start(start)
        if bisect_left(self._cues, begin) < bisect_left(self._cues, start):
            return True
        if _RECITES.match(self._text, end) and not _led(self._text[begin:start]):
            return True
        return own_words and bool(
            _STATUTE_VOICE.search(self._text, max(begin, start - 80), self._sentence_end(end))
        )

    def _sentence_start(self, position: int) -> int:
        before, last = max(0, position - _REACH), self._text.rfind
        return 1 + max(before - 1, *[last(stop, before, position) for stop in _STOPS])

    def _sentence_end(self, position: int) -> int:
        last = min(len(self._text), position + _REACH)
        ends = (self._text.find(stop, position, last) for stop in _STOPS)
        return min((end for end in ends if end >= 0), default=last)


class Said(NamedTuple):
    """A text as it is read for citations and for charges: compact, and what it quotes, found when asked."""

    compact: Compact
    quotations: Quotations


def said(text: str) -> Said:
    """A text prepared for both readings."""
    pressed = compact(text)
    return Said(pressed, Quotations(pressed.text))


def _led(before: str) -> bool:
    """Whether 依据, 违反 or the like leads to what follows, over a list of other citations if need be."""
    end = len(before)
    while True:
        start = 1 + max([before.rfind(mark, 0, end) for mark in ",，;；"])
        if _LEAD.search(before, start, end):
            return True
        end = start - 1
        if end < 0 or not before.endswith(("条", "款", "项"), 0, end):
            return False


def _under_a_heading(text: str, lessons: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
    """Lessons under a heading reach to the end of the text, or to where it turns back to a case."""
    found: list[tuple[int, int]] = []
    for lesson in lessons:
        if found and lesson.start() < found[-1][1]:
            continue
        if lesson[0][-1] in ":：]" or _HEADING_ENDS.match(text, lesson.end()):
            back = _BACK_TO_THE_CASE.search(text, lesson.end())
            found.append((lesson.start(), back.start() if back else len(text)))
    return found
