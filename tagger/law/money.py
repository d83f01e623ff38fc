"""Amounts of money as notices write them: 一万元, 1万元, 10,000元, 2.5万余元, 壹万伍仟元, 三万五."""

from __future__ import annotations

from tagger.expressions import expression
from tagger.law.numerals import CHINESE, read_numeral

_ABOUT = "余多来"
_NUMBER = (
    rf"(?:\d{{1,3}}(?:[,，]\d{{3}}){{1,4}}(?!\d)|[\d{CHINESE}万萬亿億])[\d.{CHINESE}万萬亿億{_ABOUT}]{{0,23}}"
)

AMOUNT = (
    rf"(?:[¥￥]\s?{_NUMBER}(?:元|圆)?"
    rf"|{_NUMBER}(?:\s?(?:元|圆|块钱|块)|(?<=[万萬亿億千仟百{_ABOUT}])|(?<=[万萬千仟][一二三四五六七八九])))"
)
"""A regular expression for one amount: with ¥ before or 元 behind it, or ending in 百, 千, 万, 亿.

What may stand around it (人民币, 共计, 以上) is the reader's business.
"""

_NOT_WRITTEN = expression(rf"[^\d.{CHINESE}万萬亿億]")
_PARTS = expression(r"(?:(?P<亿>[^亿億]+)[亿億])?(?:(?P<万>[^万萬]+)[万萬])?(?P<一>.*)")
_SIZES = {"亿": 100_000_000, "万": 10_000, "一": 1}
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_DECIMAL = expression(r"(\d{1,6}\.\d{1,4})([十百千])")
_TENTHS = expression(r"(?<=[万萬千仟百佰])[一二三四五六七八九]$")


def read_number(words: str) -> float | None:
    """The number that `words` writes, in Arabic, Chinese or formal (壹贰叁) numerals or a mixture.

    余, 多, 元 and everything else that is no numeral is passed over; None where no number is left.

    >>> read_number("2.5万余"), read_number("壹万伍仟"), read_number("一百八十二万"), read_number("三万五")
    (25000.0, 15000.0, 1820000.0, 35000.0)
    """
    written = _NOT_WRITTEN.sub("", words)
    # 三万五 is 35,000: a bare digit at the end counts tenths of the unit before it.
    tail = _TENTHS.search(written)
    if tail:
        unit = {"万": "千", "萬": "千", "千": "百", "仟": "百", "百": "十", "佰": "十"}[
            written[tail.start() - 1]
        ]
        written += unit
    match = _PARTS.fullmatch(written)
    if not written or match is None:
        return None
    total = 0.0
    for unit, size in _SIZES.items():
        if match[unit]:
            part = _read_part(match[unit])
            if part is None:
                return None
            total += part * size
    return total if any(match[unit] for unit in _SIZES) else None


def _read_part(written: str) -> float | None:
    """A number below a unit of 万: 2.5, 一百八十二, 5千, 1千2百, 百."""
    try:
        return float(written)
    except ValueError:
        decimal = _DECIMAL.fullmatch(written)
        if decimal:
            return float(decimal[1]) * {"十": 10, "百": 100, "千": 1000}[decimal[2]]
        numeral = written.translate(_DIGITS).lstrip("零〇")
        return read_numeral(numeral) or read_numeral(f"一{numeral}")


def read_amount(words: str) -> float | None:
    """The yuan of an amount that AMOUNT has matched; None for a number too long to be one."""
    number = read_number(words)
    return round(number, 2) if number is not None and number < 1e15 else None
