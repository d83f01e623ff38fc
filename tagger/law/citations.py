"""Citations: which articles of which laws a text names, where, and whether as the ground of its case.

The grammar, on the text without spaces, line breaks and bold marks (the list: articles.py):

    citation  = law list | list after | list              a list alone: the last law that the text names
    after     = [ "之规定" ] ( "(" | "," | "见" … ) law   第二十一条（《网络安全法》）, no list behind the law
    law       = ( "《" name "》" | name | 该法 … ) { note } [ filler ]
    note      = "(" … ")" | document number  （公安部令第33号）, （以下简称《办法》）
    filler    = [ "的" | "中" … ] [ "规定" ] { "第" number "章" }

The text is walked through once, from law to law and list to list; what was read as a part of one
citation is not read again, and every expression is bounded: the time is linear in the length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tagger.card import Span
from tagger.expressions import begun, expression
from tagger.law.articles import ARTICLE_START, FOLLOWS, Listed, read_articles, read_pinpoints
from tagger.law.catalogue import Catalogue
from tagger.law.names import LawName, LawNames, law_names, local_before
from tagger.law.numerals import CHINESE, NUMERAL
from tagger.law.provisions import Law, has_article
from tagger.law.quotation import Said, said


class Citation(Struct, frozen=True):
    """One article that the text cites, with every place where it does.

    `name` is the law's citation_name, or its name as printed (without 中华人民共和国) where the catalogue
    lacks it. `article` is "21" or "253之一"; pinpoints are `59.1` (款), `21(2)` (项), `21.1(2)`.
    `ground` is False where the article is only quoted. `edition` is what the print says of it: a year
    ("2025" for 2025修正), an edition's id, "new" (新修订的) or "old" (修订前的); None: nothing.
    """

    name: str
    law: Law | None
    article: str
    pinpoints: tuple[str, ...]
    spans: tuple[Span, ...]
    ground: bool
    edition: str | None = None


def find_citations(
    text: str, catalogue: Catalogue, quoted: tuple[Span, ...] = (), prepared: Said | None = None
) -> tuple[Citation, ...]:
    """The citations of a cleaned text, in the order of their first mention; spans count in `text`.

    `quoted` are spans that educate readers: what is cited there is no ground. `prepared` is `said(text)`.
    """
    if not _TRACE.search(text):
        return ()
    reader = _Reader(prepared or said(text), law_names(catalogue), quoted)
    reader.read()
    return _merged(reader.mentions)


_TRACE = expression("条|" + "|".join(rf"{mark}\s?第?\s?[0-9{CHINESE}]" for mark in "法例定》>"))
"""Without one of these there is no citation: most notices need no further look."""

_LAW_KINDS = "法|条例|办法|规定|细则|决定|解释"
_EVENT_BEGINS = expression(
    rf"《|本|该|此|同|前(?=[述一])|上(?=述)|第(?=\(?[0-9{CHINESE}])|"
    + "|".join(f"{digit}(?<=[据照反犯用了]{digit})" for digit in "0123456789" + CHINESE)
)
_EVENT = expression(
    r"(?P<bracket>《{1,50}+)"
    rf"|(?P<own>本(?:{_LAW_KINDS}))"
    rf"|(?P<pronoun>(?:该|此|同|前述|上述|同一|前一)部?(?:法律|法规|规章|{_LAW_KINDS}))"
    rf"|(?P<same>[该同本]条(?=第{NUMERAL}[款项]))"
    rf"|(?P<list>{ARTICLE_START}|(?<=[据照反犯用了]){NUMERAL}(?=条))"
)
_NAME = expression(r"((?:[^《》]|《[^《》]{1,60}》){2,120}+)》{1,3}")
_ARTICLE_INSIDE = expression(ARTICLE_START)
_NOTE = expression(
    r"[》”\"’'」』\]]{1,2}|\((?!第?[0-9一二三四五六七八九十百]{1,7}条)(?P<note>[^()]{0,90})\)|\[[^\[\]]{0,40}\]"
    rf"|[^\W条第]{{0,12}}?(?:\[[0-9]{{4}}\]|\([0-9]{{4}}\))?第?{NUMERAL}号令?"
)
_ABBREVIATED = expression(
    r"(?:简称|下称|称)(?:为|作)?[:：]?[“\"「《']{0,2}(?P<short>\w{2,24})[”\"」》']{0,2}"
)
_FILLER = expression(
    rf"(?:[的之中里]|其中|当中)?(?:有关|相关)?(?:规定)?[的中]?[,，:：]?(?:第{NUMERAL}[编章节]){{0,3}}[(“\"]?"
)
_EDITION_BEFORE = expression(
    r"(?:(?P<new>新(?:修订|修改|修正|版)?|(?:修订|修改|修正)后)|(?:原|旧|(?:修订|修改|修正)前))的?《*$"
)
_EDITION_NOTED = expression(
    r"(?P<year>(?:19|20)\d\d)年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:第.次)?(?:修[正订改]|版)|^(?:最?新修[正订改]|修[正订]版)"
)
_LED = expression(r"(?:根据|依据|依照|按照|违反|触犯|适用|涉嫌|以及|同时|规定[,，]|[、和及与])了?$")
_ALONE = expression(r"(?:^|\W|[的之中其即是了以由对将或该按照依据反犯]|[据款]为)$")
_OF_LAW = expression(
    r"[的之]?(?:有关|相关)?(?:规定|条款)?(?:(?P<open>\()|[,，]?)(?:以上|上述|前述)?(?:条款|条文|规定)?(?:均|皆|都|分别)?"
    r"(?P<verb>(?:详|参|可)?见于?|(?:出自|引自|源自|来自|载于|规定[于在]|属于?|系|[为是即])(?!本)|)[“\"「]?(?P<bracket>《{1,50}+)?"
)
_OF_LAW_ENDS = expression(r"[”\"」]?[的之中]?(?:有关|相关)?(?:规定|条款|条文)?[)。;；,，]|$")
_SENTENCE = 80
_STOP = expression("[。！？!?]")
_LAWS_REMEMBERED = 8
_SHORT_NAMES_REMEMBERED = 20


class _Mention(NamedTuple):
    law: LawName
    article: str
    pinpoints: tuple[str, ...]
    span: Span
    ground: bool


_Law = TypeVar("_Law", LawName, LawName | None)


class _Reader:
    """Walks through one compact text and keeps what it has met: laws, their short names, citations."""

    def __init__(self, text: Said, names: LawNames, quoted: Iterable[Span]) -> None:
        self.text, self.quotations = text
        self.s, self.names, self.quoted = self.text.text, names, tuple(quoted)
        self.mentions: list[_Mention] = []
        self.laws: list[LawName] = []
        self.short: dict[str, LawName] = {}
        self.behind_no_law = -1
        self.plain: dict[int, tuple[int, LawName]] = {}
        self.waiting: tuple[list[Listed], int] | None = None

    def read(self) -> None:
        cursor = 0
        for start, end, what in self._events():
            if start < cursor:
                continue
            if isinstance(what, LawName):
                cursor = self._plain_name(start, end, what)
            elif what == "bracket":
                cursor = self._bracket(start, end)
            elif what == "list":
                cursor = self._list_without_law(start)
            elif what == "same":
                cursor = self._same_article(start, end)
            else:
                cursor = self._pronoun(start, end, own=what == "own")

    def _events(self) -> list[tuple[int, int, LawName | str]]:
        found: list[tuple[int, int, LawName | str]] = list(self.names.plain(self.s))
        self.plain = {start: (end, law) for start, end, law in found if isinstance(law, LawName)}
        found += [(m.start(), m.end(), str(m.lastgroup)) for m in begun(_EVENT_BEGINS, _EVENT, self.s)]
        found.sort(key=lambda event: (event[0], isinstance(event[2], str), -event[1]))
        return found

    # A law and the list behind it. Each returns where to read on.

    def _bracket(self, start: int, end: int) -> int:
        match = _NAME.match(self.s, end)
        if match is None:
            return end
        law = self.short.get(match[1]) or self.names.bracketed(match[1])
        if law is None or law.law is None:
            article = _ARTICLE_INSIDE.search(match[1])
            before = self.names.bracketed(match[1][: article.start()]) if article else None
            if before is not None and before.law is not None:
                return end  # 《网络安全法第二十一条》
        if law is None:  # 《用户协议》第三条
            self.behind_no_law = self._filler(self._notes(match.end(), None)[0])
            return match.end()
        return self._law(start, match.end(), law)

    def _plain_name(self, start: int, end: int, law: LawName) -> int:
        if local_before(self.s, start) and not (law.law and law.law.kind.startswith("法律")):
            return end  # 江苏省 + 计算机信息系统安全保护条例; no province has a 网络安全法
        known = len(self.laws)
        cursor = self._law(start, end, law)
        if cursor == end and end - start < 3:
            del self.laws[known:]  # 刑法 and 消法 are parts of other words
        return cursor

    def _law(self, start: int, end: int, law: LawName) -> int:
        law = self._with_edition(law, start)
        behind, law = self._notes(end, law)
        filled = self._filler(behind)
        listed = read_articles(self.text, filled, bare=filled == behind)
        self.laws.append(law)
        self._cite_waiting(law, start)
        self._cite(law, listed, start)
        return listed[-1].end if listed else end

    def _cite_waiting(self, law: LawName, start: int) -> None:
        """违反第二十一条，依据《网络安全法》第五十九条: the first list waits for the law of its sentence."""
        if self.waiting is not None:
            listed, at = self.waiting
            between = self.s[listed[-1].end : start]
            if len(between) <= _SENTENCE and not _STOP.search(between):
                self._cite(law, listed, at)
            self.waiting = None

    def _with_edition(self, law: LawName, start: int) -> LawName:
        said = None if law.edition else _EDITION_BEFORE.search(self.s[max(0, start - 6) : start])
        return replace(law, edition="new" if said["new"] else "old") if said else law

    def _notes(self, end: int, law: _Law) -> tuple[int, _Law]:
        """Passes over closing quotes, notes and document numbers; learns the edition and the short name."""
        for _ in range(4):
            match = _NOTE.match(self.s, end)
            if match is None:
                break
            end = match.end()
            said = _EDITION_NOTED.search(match["note"]) if match["note"] else None
            if said is not None and law is not None and law.edition is None:
                law = replace(law, edition=said["year"] or "new")
            short = _ABBREVIATED.search(match["note"]) if match["note"] else None
            if short is not None and law is not None and len(self.short) < _SHORT_NAMES_REMEMBERED:
                self.short[short["short"]] = law
        return end, law

    def _filler(self, end: int) -> int:
        match = _FILLER.match(self.s, end)
        return match.end() if match else end

    def _pronoun(self, start: int, end: int, *, own: bool) -> int:
        law = self._meant(self.s[start:end])
        listed = read_articles(self.text, self._filler(end), bare=True) if law else []
        if law is None or not listed:
            return end
        self._cite(law, listed, start, own_words=own)
        return listed[-1].end

    def _meant(self, pronoun: str) -> LawName | None:
        """What 该法, 本条例, 上述法律 stand for: the law named last whose name ends so."""
        kind = re.search(rf"(?:办法|{_LAW_KINDS})$", pronoun)
        for law in reversed(self.laws):
            own = re.search(rf"(?:办法|{_LAW_KINDS})$", law.name)
            if kind is None or (own is not None and own[0] == kind[0]):
                return law
        return None

    # A list without a law before it

    def _list_without_law(self, start: int) -> int:
        listed = read_articles(self.text, start, bare=True)
        if not listed:
            return start + 1
        end = listed[-1].end
        if start == self.behind_no_law:
            return end
        named = self._short_name_before(start) or self.names.ending_at(self.s, start)
        after = self._named_after(end) if named is None else None
        if after is not None:
            self._cite(after, listed, start)
        elif named is not None:
            at, law = named
            self.laws.append(law)
            self._cite(law, listed, at)
        elif self.laws and self._may_stand_alone(start, end):
            self._cite(self._carried(listed), listed, start)
        elif not self.laws and self._led(start) and FOLLOWS.match(self.s, end):
            self.waiting = (listed, start)
        return end

    def _named_after(self, end: int) -> LawName | None:
        """The law that stands behind its list: 第二十一条（《网络安全法》）, 第五十九条见《网安法》."""
        lead = _OF_LAW.match(self.s, end)
        if lead is None:
            return None
        law: LawName | None = None
        at = lead.end()
        if lead["bracket"]:
            match = _NAME.match(self.s, at)
            if match is not None:
                law, at = self.short.get(match[1]) or self.names.bracketed(match[1]), match.end()
        elif at in self.plain:
            at, law = self.plain[at]
        loose = not (lead["open"] or lead["verb"])
        if law is None or (loose and not lead["bracket"]):
            return None
        if loose and self.laws:
            return None  # 同法第五条，《数据安全法》 …: of the law before
        law = self._with_edition(law, lead.end())
        if lead["verb"] and not lead["open"]:
            return None if read_articles(self.text, self._filler(at), bare=True) else law
        return law if _OF_LAW_ENDS.match(self.s, at) else None

    def _may_stand_alone(self, start: int, end: int) -> bool:
        """Not in 公司章程第五条, nor in 第三条微博."""
        if self._led(start):
            return True
        before = self.s[max(0, start - 8) : start]
        return _ALONE.search(before) is not None and FOLLOWS.match(self.s, end) is not None

    def _led(self, start: int) -> bool:
        return _LED.search(self.s[max(0, start - 8) : start]) is not None

    def _short_name_before(self, end: int) -> tuple[int, LawName] | None:
        return next(
            ((end - len(short), law) for short, law in self.short.items() if self.s.endswith(short, 0, end)),
            None,
        )

    def _carried(self, listed: list[Listed]) -> LawName:
        """The last law named that is long enough to have these articles, else the last one named."""
        for law in self.laws[: -_LAWS_REMEMBERED - 1 : -1]:
            if law.law is None or any(
                all(has_article(edition, one.article) is not False for one in listed)
                for edition in law.law.editions
            ):
                return law
        return self.laws[-1]

    def _same_article(self, start: int, end: int) -> int:
        """该条第二款: more of the article that was cited last."""
        pins, behind = read_pinpoints(self.text, end)
        if self.mentions and pins:
            last = self.mentions[-1]
            pinpoints = tuple(last.article + pin for pin in pins)
            self.mentions.append(last._replace(pinpoints=pinpoints, span=self.text.original(start, behind)))
        return behind

    # What was found

    def _cite(self, law: LawName, listed: list[Listed], start: int, *, own_words: bool = False) -> None:
        if not listed:
            return
        quoted = self.quotations.covers(start, listed[-1].end, own_words=own_words)
        for index, one in enumerate(listed):
            span = self.text.original(start if index == 0 else one.start, one.end)
            ground = not quoted and not any(first <= span[0] < last for first, last in self.quoted)
            self.mentions.append(_Mention(law, one.article, one.pinpoints, span, ground))


def _merged(mentions: Iterable[_Mention]) -> tuple[Citation, ...]:
    """One citation an article and edition; one that is a ground somewhere leaves its quotations out."""
    groups: dict[tuple[str, str, str | None], list[_Mention]] = {}
    for mention in mentions:
        groups.setdefault((mention.law.name, mention.article, mention.law.edition), []).append(mention)
    return tuple(map(_citation, groups.values()))


def _citation(mentions: list[_Mention]) -> Citation:
    law, article = mentions[0].law, mentions[0].article
    grounds = [mention for mention in mentions if mention.ground]
    counted = grounds or mentions
    return Citation(
        name=law.name,
        law=law.law,
        article=article,
        pinpoints=tuple(dict.fromkeys(pin for mention in counted for pin in mention.pinpoints)),
        spans=tuple(mention.span for mention in counted),
        ground=bool(grounds),
        edition=law.edition,
    )
