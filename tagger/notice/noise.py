"""What stands around an article on a page: bylines, share buttons, navigation, footers, page numbers.

All patterns look at one line, from its start; lines are short, repetition is bounded or possessive.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from tagger.expressions import expression
from tagger.notice.words import words

LONGEST = 120
"""A line with more characters is never furniture, and is not looked at."""

_DAY = r"(?:19|20)\d\d ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}(?: ?日)?"
_CLOCK = r"(?:T| )?\d{1,2}:\d{2}(?::\d{2})?"

_ORNAMENT = (
    "".join(c for c in map(chr, range(0x20, 0x7F)) if not c.isalnum())
    + "【】（）「」《》：，·•●■◆▶►★☆▼▲△↓↑→—…“”"
)

# Fields of the lines above and below an article. What follows the colon is short and no sentence.
_FIELDS = frozenset(words("fields"))
_FIELD = expression(r"([\u4e00-\u9fff]{1,6})(?: ?[:：丨|/]|[】\])）][:： ]?)")

_BYLINE = expression(
    rf"{_DAY}(?:{_CLOCK})?(?=$| ?(?:[|｜/]|来源|浏览|阅读|字[号体]|编辑|发[布表]|稿源"
    rf"|作者)[^。；，]{{0,80}}$)"
    rf"|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:{_CLOCK})? [^。；，：:]{{1,20}}$"
    rf"|{_DAY}{_CLOCK} ?[^。；，：:]{{1,20}}$"
    r"|(?:阅读|浏览|点击|在看|点赞|评论|转发|收藏|分享) ?\d{1,9}万?\+?(?=$| )"
    r"|(?:来源|编辑|责编|作者|记者|校对|审核) [^，。；\n]{1,20}$"
)

# How lines begin that belong to a page or an app and not to what was written.
_BEGINNINGS = words("beginnings")

_PAGE_NUMBER = expression(r"[-–—·] ?\d{1,4} ?[-–—·]$")
_WHOLE = expression(
    r"(?:\w{0,2}(?:ICP备|ICP证|公网安备)|发表于[\u4e00-\u9fff]{2,4}$|\d{1,4}(?:人|条)(?:评论|参与|跟贴|留言)"
    r"|第 ?\d{1,4} ?页(?:[,，/ ]{0,2}共 ?\d{1,4} ?页)?$|\d{1,4} ?/ ?\d{1,4}$|[Pp]age "
    r"\d{1,4}(?: of \d{1,4})?$"
    r"|(?:END|End|THE END|完|全文完|正文完)\W{0,4}$|(?:图片|图源|配图|资料图|示意图|视频)[\])）]?(?:$"
    r"|[:：][^。]{0,20}$)"
    r"|原创 [^，。；]{1,40}$|[^。；，]{0,30}版权所有$|地址[:：][^。；，]{0,40}(?:邮编|电话)|$)"
)

_BUTTONS = frozenset(words("buttons"))
_WORDS = expression(r"[^\W\d_]+")

_RELATED = expression(
    r"(?:相关(?:阅读|新闻|推荐|文章|报道|稿件|内容|资讯)|推荐阅读|延伸阅读|热门(?:推荐|文章|新闻|阅读|资讯)?|热点(?:新闻|推荐)|精彩推荐|为您推荐"
    r"|猜你喜欢|大家都在看|更多(?:精彩|新闻|推荐|文章|阅读)|往期(?:回顾|推荐|精选|精彩)|最新(?:文章|新闻|资讯)|(?:点击|新闻|文章|阅读|热文)排行榜?|友情链接|24小时热文)\W{0,6}$"
)

# Inside a line: stock codes, a portal's marks, the editor's name at the end.
INLINE = expression(
    r"[(（](?:[a-zA-Z]{2}\.?\d{5,6}|\d{5,6}\.[a-zA-Z]{2}|\d{5,6}[,，] ?(?:股吧|基金吧|诊股)|(?:NASDAQ"
    r"|NYSE|纳斯达克|纽交所|港交所|HKEX)[:：]? ?[A-Z0-9.]{1,8}"
    r"|(?:股票|证券)?代码[:：]? ?\d{5,6}(?:\.[A-Z]{2})?)[)）]"
    r"|返回搜狐，查看更多|\[微博\]|\[-?\d{1,5}\.\d{1,3}(?: [-+]?\d{1,3}\.\d{1,2}%)?(?: 资金 研报)?\]"
    r"|[（(\[【](?:责任编辑|责编|编辑|见习编辑|实习编辑|审核|校对|来源|稿源"
    r"|编辑器)[:： ][^）)\]】\n]{0,30}[）)\]】]"
)

_PUBLISHED = expression(
    rf"(?:发布时间|发布日期|发稿时间|发表时间|更新时间|日期|时间|发布于"
    rf"|发表于)[】\])）]?[:： ]{{0,3}}(?P<key>{_DAY})"
    rf"|(?:^|\n)[^\w\n]{{0,4}}(?P<line>{_DAY})(?:{_CLOCK})?(?= *(?:$|\n|[|｜来浏字编发稿作]))"
    rf"|(?P<clock>{_DAY}){_CLOCK}"
)
# 关注我们 is furniture, 关注我们身边的案件 is not.
_TELLS = expression("罚|查处|判|拘|案|被告|嫌疑|警方|抓获|获利|起诉|侦")
_SENTENCE = expression("[。；，!?！？]")
_NUMBERS = expression(r"\d+")
_CHINESE_DAY = expression(
    r"([二〇○零一九八七六五四三]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "十": 10}


@lru_cache(maxsize=4096)  # the pages of one site share their furniture
def is_furniture(line: str, *, head: bool) -> bool:
    """Whether a line belongs to the page. `head`: it stands among the first lines of the page.

    A date alone is furniture under the headline, and the notice's own date at its end.
    """
    if len(line) > LONGEST:
        return False
    bare = line.strip(_ORNAMENT)
    if _PAGE_NUMBER.match(line) or _WHOLE.match(bare):
        return True
    if bare.startswith(_BEGINNINGS) and not _TELLS.search(bare):
        return True
    field = _FIELD.match(bare)
    if field and field[1] in _FIELDS and len(bare) <= 80 and not _SENTENCE.search(bare):
        return True
    byline = _BYLINE.match(bare)
    if byline and (head or byline.end() < len(bare)):
        return True
    parts = _WORDS.findall(bare) if len(bare) <= 60 and line[-1] != "。" else []
    return bool(parts) and _BUTTONS.issuperset(parts)


def heads_other_articles(line: str) -> bool:
    """Whether a line is the heading of a list of other articles: what follows it are their titles."""
    return len(line) <= 20 and bool(_RELATED.match(line.strip(_ORNAMENT)))


def published(text: str) -> str | None:
    """The day (YYYY-MM-DD) on which a page says that it was published, else the day that signs it.

    Looks at the first 1,500 and the last 200 characters, before anything is cleaned away.
    """
    head, tail = text[:1500], text[-200:].rstrip()
    for found in _PUBLISHED.finditer(head):
        day = iso_day(*map(int, _NUMBERS.findall(found["key"] or found["line"] or found["clock"])[:3]))
        if day:
            return day
    last = tail[tail.rfind("\n") + 1 :].strip() if "\n" in tail else ""
    if re.fullmatch(_DAY, last):
        return iso_day(*map(int, _NUMBERS.findall(last)[:3]))
    chinese = _CHINESE_DAY.fullmatch(last)
    if chinese:
        year = int("".join(str(_DIGITS[c]) for c in chinese[1]))
        return iso_day(year, _tens(chinese[2]), _tens(chinese[3]))
    return None


def iso_day(year: int, month: int, day: int) -> str | None:
    """The day as YYYY-MM-DD; None where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _tens(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else _DIGITS[tens]) + (_DIGITS.get(ones, 0) if ten else 0)
