"""What a line begins with: a case's header (一、 （一） 1. 01 案例一 【案例1】), a section's or box's label.

Lines are cleaned ones. Which headers part a round-up into cases is decided in split.py.
"""

from __future__ import annotations

from msgspec import Struct

from tagger.expressions import expression
from tagger.notice.words import words

Style = str
"""Headers of one style belong to one series: `一、`, `（一）`, `1.`, `1、`, `01`, `案例`, `bold` …"""

_HAN = "一二三四五六七八九十"
_NUMERAL = rf"(?:[{_HAN}]{{1,3}}|\d{{1,2}})"
_AFTER = r"[】\])）」』》>:：、.,，|｜丨/ —–-]"  # what may stand between a header's number and its title
_COUNTED = "个起件宗例则章名人条款项年月日时点家次位岁万亿元台批类种级部分号层楼倍%％"

_ORNAMENT = r"[^\w\n（(【\[「《“\"'《]{0,6}"
_OPEN = r"[【\[（(「『<《]?"

_CASE_WORDS = (
    "(?:(?:典型|执法|行政|处罚|真实|相关|警示|违法|犯罪|以案释法|网络安全|网安|部分|具体|今日)){0,3}"
)
_CASE = expression(
    rf"{_ORNAMENT}{_OPEN}{_CASE_WORDS}(?:案[例件]|案(?=[{_HAN}\d]{{1,3}}[^\w\n]))(?:之| )?[（(]?"
    rf"(?:(?P<case>{_NUMERAL})[)）]?(?![{_COUNTED}{_HAN}\d]|[和与及至到中的]|、[{_HAN}\d])"
    rf"|(?P<ringed>[\u2460-\u2473\u2776-\u277f]))(?P<sep>{_AFTER}{{0,6}})"
)
_BARE_CASE = expression(
    rf"{_ORNAMENT}(?:[【\[（(「『]{_CASE_WORDS}案例[】\])）」』]"
    rf"|{_CASE_WORDS}案例(?=[:：丨|]))[:：丨| ]{{0,3}}"
)
_EVENT = expression(
    rf"{_ORNAMENT}{_OPEN}(?:事件|事例|实例)(?P<event>{_NUMERAL})(?![{_COUNTED}{_HAN}\d])(?P<sep>{_AFTER}{{0,6}})"
)
_NTH = expression(
    rf"{_ORNAMENT}{_OPEN}第(?P<nth>{_NUMERAL})(?:案|起案[例件]|[起例]|个案[例件]"
    rf"|则案例)(?=[】\])）」:：、 |｜丨—-]|$)(?P<sep>{_AFTER}{{0,6}})"
)
_ENGLISH = expression(
    r"[^\w\n]{0,6}(?:[Cc]ase|CASE|[Cc]ase [Ss]tudy|[Ee]xample)(?: [Nn]o\.?| #)? ?(?P<english>\d{1,2}"
    r"|I{1,3}|IV|VI{0,3}|IX|X)\b(?P<sep>[])}:：.|— -]{0,4})"
)
_PART = expression(
    r"[^\w\n]{0,6}(?P<kind>PART|Part|NO|No|TOP"
    r"|Top)[. ]{0,2}(?P<part>\d{1,2})(?!\d)(?P<sep>[】\])）:：.、|｜丨/ —-]{0,4})"
)
_NUMBERED = expression(
    rf"{_ORNAMENT}(?:"
    rf"(?P<hanzi>[{_HAN}]{{1,3}})(?:(?P<hanzi_sep>[、.,，:：|｜丨]) ?| (?![{_COUNTED}])|$)"
    rf"|[（(【](?P<paren>[{_HAN}]{{1,3}})[)）】][、.:：]? ?"
    rf"|[（(【\[](?P<round>\d{{1,2}})[)）】\]][、.:：]? ?"
    rf"|(?P<zero>[01]\d)(?:[:：|｜丨/ —-]{{1,3}}(?![{_COUNTED}\d])"
    rf"|(?=[\u4e00-\u9fff《“【])(?![{_COUNTED}])|$)"
    rf"|(?P<digit>\d{{1,2}})(?:(?P<digit_sep>[.、)）])(?!\d) ?|(?P<dated_sep>[.、])"
    rf"(?=(?:19|20)\d\d ?[年./-]|\d{{1,4}}[款家名人起])|[|｜丨] ?| (?![{_COUNTED}\d])|(?=[【《])|$)"
    r"|(?P<circled>[\u2460-\u2473\u2776-\u277f\u278a-\u2793])[、.:：]? ?"
    r"|(?P<letter>[A-K])[、.:：|｜丨] ?(?=[\u4e00-\u9fff《“])"
    r")"
)

# Labels of the parts of one case.
_SECTIONS = frozenset(words("sections"))

# A box that teaches readers: what the police remind of, what the law says, what a lawyer remarks.
_BOXES = frozenset(words("boxes"))
_SPEAKER = (
    "(?:网警|网安|警方|民警|公安|公安机关|警察蜀黍|警官|律师|法官|检察官|专家|小编|编者|温馨|安全|特别|重要|反诈|防范|友情|网信|网信办|监管部门|e警|办案民警"
    "|公安网安|公安机关网安)(?:部门|民警)?(?:温馨|安全|郑重|特别|友情|再次|在此|普法)?"
    "(?:提醒|提示|说法|释法|寄语|支招|建议|点评|普法|解读|析法|忠告|警示|说案|评析|有话说|划重点|告诉你|贴士|小贴士|心语|呼吁)"
)
_SPOKEN = expression(
    rf"(?:\w{{0,6}}?{_SPEAKER}|什么是\w{{2,20}}|(?:企业|单位|公民|市民|我们)?(?:该|应|应该|应当)?(?:如何|怎么|怎样)(?:防范|预防|避免|防护|应对|保护|做好)\w{{0,16}}"
    r"|(?:[Pp]olice|[Ss]ecurity|[Ee]xpert) (?:[Rr]eminder|[Aa]dvice|[Tt]ips)|[Ll]egal (?:[Bb]ackground"
    r"|[Nn]ote|[Pp]rovisions?)|[Rr]elevant (?:[Ll]aws?|[Pp]rovisions?))"
)
_ENUMERATOR = rf"(?:(?:[{_HAN}]{{1,3}}[、.]|\d{{1,2}}[、.)]|[（(][{_HAN}\d]{{1,2}}[)）]) ?)?"
_LABEL = expression(
    rf"{_ORNAMENT}{_ENUMERATOR}[【\[（(「『“#]?(?P<word>\w[\w ]{{1,24}}?)[】\]）)」』”#]?(?P<end> "
    rf"?[:：丨|！!?？] ?|[^\w\n]{{0,6}}$|(?<=[】\]）)」』]) ?)"
)
_BEHIND_SENTENCE = expression(
    rf"(?<=[。！？”])[【\[（(]?(?:{_SPEAKER}|法[律条]链接|相关法[律条]|典型意义|以案[说释]法)[】\]）)]?[:：]"
)
_AUDIENCE = expression(
    rf"{_ORNAMENT}{_ENUMERATOR}{_SPEAKER}(?:(?<=[提醒示议吁])[:：,，]|[,，]?(?=广大|大家|各[位级大类单企网]|所有|全市|全省|全区|全体|全社会|辖区|市民|网民|网友|用户|企业"
    r"|单位|公众|群众|社会|相关(?:单位|企业|网络)|互联网(?:企业|公司|平台|用户)|网络(?:运营|使用|安全|空间|数据)|您|你|我们))"
)

_CARD_FIELD = expression(
    r"(?:违法/犯罪 ?(?:主体|性质)|所属行业|影响范围|关键词|触犯法条|机构责任)(?: |[:：]|$)"
)

# An article of a law printed as the law prints it: 第二十一条 国家实行……
_ARTICLE = expression(
    rf"{_ORNAMENT}(?:《[^》\n]{{2,40}}》)?第[〇零百{_HAN}\d]{{1,7}}条(?:之[{_HAN}])?(?: |[:：] ?[“\"]?"
    rf"|【[^】\n]{{1,30}}】|[（(][^）)\n]{{1,20}}[)）])(?=[^\n]{{6}})"
)
_LAW_SAYS = expression(
    rf"{_ORNAMENT}(?:根据|依据|按照)?(?:我国)?《[^》\n]{{2,40}}》(?:[（(][^）)\n]{{1,30}}[)）])?第[〇零百{_HAN}\d]{{1,7}}条(?:之[{_HAN}])?(?:第[{_HAN}\d]{{1,3}}[款项]){{0,2}}(?:明确)?规定[:：，,]?(?=[“\"‘]?(?:国家|网络运营者|网络产品|任何|关键信息|违反|建设|有下列|个人信息处理者|开展|重要数据|个人|网络|公民|非法|拒不|侵入|对|未|数据))"
)
_LAW_NAME = expression(
    rf"{_ORNAMENT}[（(]?《[^》\n]{{2,40}}》[）)]?(?:[（(][^）)\n]{{1,30}}[)）])?(?:规定|(?:的)?(?:相关|有关)规定)?[:：]?$"
)

STARTS_ITEM = expression(
    rf"(?:{_ORNAMENT}(?:[{_HAN}]{{1,3}}、|[（(](?:[{_HAN}]{{1,3}}|\d{{1,2}})[)）]|\d{{1,2}}(?:、"
    rf"|[.)）](?!\d|$)|[.](?=(?:19|20)\d\d ?年))|[\u2460-\u2473\u2776-\u277f\u278a-\u2793]|[{_HAN}]是"
    rf"|其[{_HAN}][,，、:：是]"
    rf"|第[{_HAN}][,，、:：]|案[例件][{_HAN}\d]))"
    rf"|[●■◆▶►★☆※▲◎□◇•·❖➤✦【#>*-]|(?:当事人|被处罚人|被处罚单位|法定代表人|负责人|地址|住所地?|统一社会信用代码|处罚机关|处罚依据|处罚内容|处罚结果|处罚日期|决定日期|文号|案号|案由)[:：]"
    rf"|第[〇零百{_HAN}\d]{{1,7}}条(?: |【)"
)
"""A line that begins something of its own and is not the rest of the line above."""

SENTENCE_OPENS = expression(
    r"[“\"]?(?:(?:19|20)\d\d ?年|(?:今|去|前|本|当)年|\d{1,2} ?月|近日|近期|日前|目前|此前|昨日|今日"
    r"|当日|随后|经查|经审|经调查|据(?:悉|了解|查|介绍|通报)|自20|[Oo]n |[Ii]n [A-Z12]|[Rr]ecently)"
)
"""How the first sentence of a narrative opens."""

LONGEST_TITLE = 60
"""A title has fewer characters."""


_OPENERS = frozenset(_HAN + "案第典执行处真相警违犯以网部具今事实")
"""The Chinese characters with which a header may begin."""


class Header(Struct, frozen=True):
    """A header at the start of a line: its series' style, its number (0: none) and where its title begins."""

    style: Style
    number: int
    title_at: int


def read_header(line: str, *, marked: bool) -> Header | None:
    """The header that a line begins with, if any; `marked`: the line is a heading or wholly in bold.

    >>> read_header("案例二：某医院未履行网络安全保护义务案", marked=False)
    Header(style='案例', number=2, title_at=4)
    """
    if line and not marked and line[0] not in _OPENERS and "\u4e00" <= line[0] <= "\u9fff":
        return None
    for pattern, group, style in (
        (_CASE, "case", "案例"),
        (_NTH, "nth", "第几案"),
        (_ENGLISH, "english", "Case"),
        (_EVENT, "event", "事件"),
    ):
        found = pattern.match(line)
        if found:
            numeral = found[group] or found["ringed"]
            return Header(style, _number(numeral), found.end())
    found = _BARE_CASE.match(line)
    if found:
        return Header("案例：", 0, found.end())
    found = _PART.match(line)
    if found:
        return Header(found["kind"].upper(), int(found["part"]), found.end())
    found = _NUMBERED.match(line)
    if found and found.lastgroup:
        kind = next(k for k in ("hanzi", "paren", "round", "zero", "digit", "circled", "letter") if found[k])
        separator = found["hanzi_sep"] or found["digit_sep"] or found["dated_sep"] or ""
        number = ord(found["letter"]) - 0x40 if kind == "letter" else _number(found[kind])
        return Header(kind + separator.replace("，", ",").replace("）", ")"), number, found.end())
    if marked and line:
        return Header("bold", 0, 0)
    return None


def is_explicit(style: Style) -> bool:
    """Whether the header says of itself that a case follows."""
    return style in ("案例", "案例：", "第几案", "Case")


class Label(Struct, frozen=True):
    """The label of a section of a case's text. `alone`: nothing follows it in its line."""

    text: str
    box: bool
    alone: bool
    end: int


def read_label(line: str) -> Label | None:
    """The label that a line begins with: of a case's section (基本案情) or of a box (网警提醒).

    >>> read_label("【法条链接】").box
    True
    """
    found = _LABEL.match(line)
    if found:
        word = found["word"]
        box = word in _BOXES or _SPOKEN.fullmatch(word) is not None
        if box or word in _SECTIONS:
            return Label(word, box, found.end() >= len(line), found.end())
    found = _AUDIENCE.match(line)
    return Label(found[0], True, False, found.end()) if found else None


def find_inline_box(line: str) -> int | None:
    """Where a box begins behind the sentences of a line: …罚款一万元。网警提醒：…"""
    found = _BEHIND_SENTENCE.search(line)
    return found.start() if found else None


_INLINE_CASE = expression(
    rf"(?<=[。！？；”：:])[【\[（(]?{_CASE_WORDS}案例(?P<case>{_NUMERAL})[】\]）)]?[:：]"
)


def find_inline_cases(line: str) -> list[int]:
    """Where cases begin in a text whose line breaks were lost: …三起案例。案例一：…案例二：…"""
    if line.count("案例") < 2:
        return []
    found = list(_INLINE_CASE.finditer(line))
    numbers = [_number(case["case"]) for case in found]
    lost = header.number if (header := read_header(line, marked=False)) and is_explicit(header.style) else 0
    if not numbers or numbers != list(range(lost + 1, lost + 1 + len(numbers))) or lost + len(numbers) < 2:
        return []
    return [case.start() for case in found]


def is_card_field(line: str) -> bool:
    """Whether a line is a field of the 2020 report's case card."""
    return bool(_CARD_FIELD.match(line))


def is_statute(line: str) -> bool:
    """Whether a line prints an article of a law, rather than citing it."""
    return bool(_ARTICLE.match(line) or _LAW_SAYS.match(line))


def is_law_name(line: str) -> bool:
    """Whether a line is nothing but a law's name: the heading of printed articles."""
    return bool(_LAW_NAME.match(line))


_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}


def _number(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    if numeral in _ROMAN:
        return _ROMAN[numeral]
    if "\u2460" <= numeral <= "\u2473":
        return ord(numeral) - 0x245F
    if "\u2776" <= numeral <= "\u277f":
        return ord(numeral) - 0x2775
    if "\u278a" <= numeral <= "\u2793":
        return ord(numeral) - 0x2789
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _HAN.index(numeral[-1]) + 1
    return (_HAN.index(tens[-1]) + 1 if tens else 1) * 10 + (_HAN.index(ones[0]) + 1 if ones else 0)
