"""Lengths of time as decisions write them: 十五日, 6个月, 一年六个月, 三年零三个月, 一年半."""

from __future__ import annotations

from msgspec import Struct

from tagger.expressions import expression
from tagger.law.money import read_number

_N = r"(?:(?<!\d)\d{1,3}|[〇零一二三四五六七八九十百两]{1,4})"
_YEARS = r"(?:(?<!\d)\d{1,2}|[一二三四五六七八九十两]{1,3})"
TERM = (
    rf"(?:{_YEARS}年半|{_YEARS}年(?!前)(?:(?:零|又|、)?{_N}个?月)?(?:零?{_N}[日天])?|{_N}个半月"
    rf"|{_N}个月(?:零?{_N}[日天])?|半年|半个?月|{_N}[日天](?!前)|{_N}个?(?:星期|周)"
    r"|(?:24|48|72|二十四|四十八|七十二)小时)"
)
"""A regular expression for one length of time. 5日 may also be a date: read it only where a term stands."""

_PARTS = expression(
    rf"(?P<half>半)(?P<half_of>年|个?月)|(?P<n>{_N})(?P<unit>个半月|年半|年|个?月|[日天]|个?(?:星期|周)|小时)"
)


class Term(Struct, frozen=True):
    """Whole months and days; either may be None."""

    months: int | None = None
    days: int | None = None


def read_term(words: str) -> Term | None:
    """The length that TERM has matched: years in months, weeks and half months in days.

    >>> read_term("一年六个月"), read_term("十五日"), read_term("一年半")
    (Term(months=18, days=None), Term(months=None, days=15), Term(months=18, days=None))
    """
    months = days = 0
    for part in _PARTS.finditer(words):
        if part["half"]:
            if part["half_of"] == "年":
                months += 6
            else:
                days += 15
            continue
        number = int(read_number(part["n"]) or 0)
        match part["unit"]:
            case "年":
                months += 12 * number
            case "年半":
                months += 12 * number + 6
            case "个月" | "月":
                months += number
            case "个半月":
                months, days = months + number, days + 15
            case "日" | "天":
                days += number
            case "小时":
                days += number // 24
            case _:
                days += 7 * number
    if not months and not days:
        return None
    return Term(months or None, days or None)
