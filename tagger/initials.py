"""The first letter of a character's pinyin, for keys that pick a label and letters that name a law.

GB 2312 orders its 3,755 commonest characters by pinyin, so that the letter follows from the code.
"""

from __future__ import annotations

from bisect import bisect_right

_LETTERS = "abcdefghjklmnopqrstwxyz"
_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_CODES = [int.from_bytes(first.encode("gb2312")) for first in _FIRST]
_LAST = 0xD7F9


def initial(text: str) -> str:
    """The letter of a text's first character, or that character where it has none.

    >>> initial("医疗卫生"), initial("互联网"), initial("Other")
    ('y', 'h', 'o')
    """
    try:
        code = int.from_bytes(text[:1].encode("gb2312"))
    except UnicodeEncodeError:
        return text[:1].lower()
    if not _CODES[0] <= code <= _LAST:
        return text[:1].lower()
    return _LETTERS[bisect_right(_CODES, code) - 1]


def initials(text: str) -> str:
    """The letters of all characters.

    >>> initials("网络安全法")
    'wlaqf'
    """
    return "".join(map(initial, text))
