"""Dates as notices tell them: 2019年7月2日, 2019年7月, 7月2日, 同年, 当月, 次日, 今年3月, 近日.

A date without a year stands in the year told last; relative words count from the date told last,
and 今年, 近日 from the day of publication.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

from tagger.expressions import begun, expression
from tagger.law.numerals import read_numeral

_CN = "〇零一二三四五六七八九十"
_MONTH = rf"(?:\d{{1,2}}|[{_CN}]{{1,2}})"
_DAY = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}})"
_OF_A_YEAR = r"\d\d(?:\s?年|[-/.])"
_BEGINS = expression(
    rf"1(?=9{_OF_A_YEAR}|\d?[月日号])|2(?=0{_OF_A_YEAR}|\d?[月日号])|"
    + "|".join(rf"{digit}(?=\d?[月日号])" for digit in "03456789")
    + rf"|一(?=[{_CN}]{{3}}\s?年|[{_CN}]?月)|二(?=[{_CN}]{{3}}\s?年|[{_CN}]?月)|"
    + "|".join(rf"{digit}(?=[{_CN}]?月)" for digit in _CN if digit not in "一二")
    + "|同(?=[年月日天])|当(?=[年月日天])|今(?=[年日天])|去(?=年)|前(?=年)|次(?=[年月日])|本(?=[年月])"
    "|翌(?=[年日])|上(?=月)|近(?=[日期])|日(?=前)|不(?=久)|昨(?=[日天])|第(?=二天)"
)
"""Where a date may begin: `re` jumps to the first character of each, and dates are tried only there."""
_DATE = expression(
    rf"(?P<year>(?:19|20)\d\d|[一二][{_CN}]{{3}})\s?年(?:度|前|后)?(?:\s?(?P<month>{_MONTH})\s?月(?:份)?(?:\s?(?P<day>{_DAY})\s?[日号])?)?"
    r"|(?P<iso>(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)"
    rf"|(?P<which>[同当今去前次本]年|翌年)(?:(?P<month2>{_MONTH})月(?:份)?(?:(?P<day2>{_DAY})[日号])?)?"
    rf"|(?<!\d)(?P<month3>\d{{1,2}}|[{_CN}]{{1,2}}(?=月[{_CN}\d]))月(?!球|饼|经|薪)(?:份)?(?:(?P<day3>{_DAY})[日号])?"
    rf"|(?P<near>[当同次本上]月)(?:(?P<day4>{_DAY})[日号])?"
    r"|(?P<then>[当同][日天]|次日|翌日|第二天)"
    r"|(?P<lately>近日|日前|近期|不久前|昨日|昨天|今日|今天)"
    r"|(?<=[，。；、,;\s])(?P<day5>\d{1,2})[日号](?=\d{1,2}时|[上下]午|凌晨|晚|清晨)"
)

_NOTE_OF_A_LAW = expression(
    r"(?:[》法例]|办法|规定)\s?[”\"」]?[(（][^()（）]{0,60}$|《[^《》]{0,60}[(（][^()（）《》]{0,40}$"
)
_ITS_HISTORY = expression(r"[^()（）]{0,60}?(?:通过|修[正订改]|[施试]行|实施|公布|发布|令|版|文本)")


class DateMention(Struct, frozen=True):
    """A date in the text as YYYY, YYYY-MM or YYYY-MM-DD; `told` is False for 近日 and the like."""

    start: int
    end: int
    date: str
    told: bool = True


def find_dates(text: str, published: str | None = None) -> tuple[DateMention, ...]:
    """The dates of a text, in order; one that hangs on a date nobody told is left out."""
    found: list[DateMention] = []
    last = month = ""
    for match in begun(_BEGINS, _DATE, text):
        read = _read(match, last, published)
        if read is None or _of_a_law(text, match):
            continue
        told = match["lately"] is None
        found.append(DateMention(match.start(), match.end(), read, told))
        if told:
            # 2021年5月 … 公司2018年成立 … 5月15日: an earlier year alone does not move the story back.
            if len(read) > 4:
                month = read
            last = month if len(read) == 4 < len(month) and read < month else read
    return tuple(found)


def _of_a_law(text: str, match: re.Match[str]) -> bool:
    """Whether a note behind a law's name has the date: 《网络安全法》（2016年11月7日通过）."""
    start, end = match.span()
    return bool(_ITS_HISTORY.match(text, end) and _NOTE_OF_A_LAW.search(text, max(0, start - 70), start))


def _read(match: re.Match[str], last: str, published: str | None) -> str | None:
    """One mention, given the date told last; None where it cannot be told or is no date."""
    today = published or ""
    if match["iso"]:
        return _iso(*re.split("[-/.]", match["iso"]))
    if match["year"]:
        return _iso(match["year"], match["month"], match["day"])
    if match["which"]:
        from_today = match["which"][0] in "今去前本"
        year = (today if from_today else last)[:4]
        step = {"去": -1, "前": -2, "次": 1, "翌": 1}.get(match["which"][0], 0)
        return _iso(str(int(year) + step), match["month2"], match["day2"]) if year else None
    if match["month3"]:
        return _in_last_year(match["month3"], match["day3"], last, today)
    if match["near"]:
        base = today if match["near"][0] in "本上" else last
        return _month_of(base, {"次": 1, "上": -1}.get(match["near"][0], 0), match["day4"])
    if match["day5"]:
        return _month_of(last, 0, match["day5"])
    if match["then"]:
        return _day_of(last, match["then"])
    return today[:7] or None


def _in_last_year(month: str, day: str | None, last: str, today: str) -> str | None:
    """7月2日: in the year told last, else in the latest year that lies before publication."""
    if last:
        return _iso(last[:4], month, day)
    read = _iso(today[:4], month, day) if today else None
    if read and read[:7] > today[:7] and len(today) >= 7:
        return _iso(str(int(today[:4]) - 1), month, day)
    return read


def _month_of(base: str, step: int, day: str | None) -> str | None:
    if len(base) < 7:
        return None
    months = int(base[:4]) * 12 + int(base[5:7]) - 1 + step
    return _iso(str(months // 12), str(months % 12 + 1), day)


def _day_of(last: str, word: str) -> str | None:
    if len(last) < 10 or word[0] in "当同":
        return last or None
    try:
        return (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=4096)  # there are not many days
def _iso(year: str, month: str | None, day: str | None) -> str | None:
    """The date in ISO form; None where no calendar has it."""
    numbers = [_number(part) for part in (year, month, day) if part]
    if any(number is None for number in numbers):
        return None
    values = [number for number in numbers if number is not None]
    try:
        date(values[0], *[*values[1:], 1, 1][:2])
    except ValueError:
        return None
    return "-".join([f"{values[0]:04d}", *(f"{value:02d}" for value in values[1:])])


def _number(written: str) -> int | None:
    written = written.strip()
    return int(written) if written.isascii() else read_numeral(written)
