"""Bytes become text: by their mark (BOM), else as UTF-8, else as chardet finds; doubt is never silent.

UTF-8 and a mark prove themselves. Every other encoding is a guess that is checked: real Chinese is
written in common characters (level 1 of GB 2312 or Big5), wrongly decoded Chinese in rare ones.
"""

from __future__ import annotations

import codecs
from functools import lru_cache

from msgspec import Struct

from tagger.notice.errors import UnknownEncoding


class Decoded(Struct, frozen=True):
    """A decoded text; `doubtful` says in Chinese why it may be wrong, None where nothing says so."""

    text: str
    encoding: str
    doubtful: str | None = None


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_EXPECTED = (
    "gb18030",
    "big5",
    "big5hkscs",
    "utf-16-le",
    "utf-16-be",
    "utf-32-le",
    "utf-32-be",
    "hz",
    "cp1252",
    "ascii",
)
"""What Chinese pages are written in; chardet chooses among these."""

# gb2312 and gbk name subsets of gb18030, and pages that declare them use characters beyond them.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
}

_SAMPLE = 3000
_LEAST_COMMON = 0.8
_SURE, _GUESSED = 10, 2  # how many Chinese characters it takes to doubt a proven and a guessed decoding
_MOST_LOST = 0.05
_MOST_ODD = 0.15  # accented letters and unassigned characters where Chinese is expected


def decode(data: bytes, source: str, declared: str | None = None) -> Decoded:
    """The text of some bytes; `declared` is the encoding that the page or mail itself names.

    Raises UnknownEncoding where the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            decoded = _checked(data.decode(encoding, "replace"), encoding, _SURE)
            if decoded.doubtful is None or _is_text(decoded.text):
                return decoded
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _guessed(data, source, declared)
    if b"~{" in data and b"~}" in data and data.isascii():
        return _decoded(data, "hz")
    return _checked(text, "utf-8", _SURE)


def _damaged_utf8(data: bytes) -> Decoded | None:
    text = data.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    lost = text.count("\ufffd")
    cut_off = lost == 1 and text[-1] == "\ufffd" and beyond_ascii > 2
    return _checked(text, "utf-8", _SURE) if cut_off or lost <= _MOST_LOST * beyond_ascii else None


def _guessed(data: bytes, source: str, declared: str | None) -> Decoded:
    named = [encoding for encoding in (_known(declared), _detected(data)) if encoding]
    readings = [_decoded(data, encoding) for encoding in named]
    # chardet misses short UTF-16 without a mark; what nothing names is taken only where it is beyond doubt.
    further = (_decoded(data, encoding) for encoding in ("utf-16-le", "utf-16-be", "gb18030", "big5hkscs"))
    for decoded in readings:
        if decoded.doubtful is None and _is_text(decoded.text):
            return decoded
    for decoded in further:
        if decoded.doubtful is None and _is_chinese(decoded.text):
            return decoded
    for decoded in readings:
        if _is_text(decoded.text):
            return decoded
    raise UnknownEncoding(source, "is text in no encoding that is known here; save it as UTF-8")


def _known(declared: str | None) -> str | None:
    if not declared:
        return None
    name = declared.strip().strip("\"'").lower()
    name = _SUPERSETS.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return name if info._is_text_encoding else None


def _detected(data: bytes) -> str | None:
    import chardet

    found = chardet.detect(data, include_encodings=_EXPECTED, no_match_encoding="gb18030")["encoding"]
    return _known(found.lower()) if found else None


def _decoded(data: bytes, encoding: str) -> Decoded:
    return _checked(data.decode(encoding, "replace"), encoding, _GUESSED)


def _is_text(text: str) -> bool:
    sample = text[:_SAMPLE]
    strange = sum(not (c.isprintable() or c.isspace()) for c in sample) + sample.count("\ufffd")
    return strange <= _MOST_LOST * len(sample)


def _is_chinese(text: str) -> bool:
    beyond_ascii = [c for c in text[:_SAMPLE] if not c.isascii()]
    return 2 * sum(map(_is_common, beyond_ascii)) > len(beyond_ascii)


def _checked(text: str, encoding: str, least_han: int) -> Decoded:
    name = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
    lost = text.count("\ufffd")
    if lost:
        return Decoded(text, encoding, f"有{lost}处不能按{name}解码（显示为\ufffd）")
    garbled = looks_garbled(text, least_han)
    return Decoded(text, encoding, f"按{name}读取，文字像是乱码" if garbled else None)


def looks_garbled(text: str, least_han: int = 10) -> bool:
    """Whether a text reads like Chinese that was decoded wrongly, here or before it was saved.

    Judges by its Chinese characters where it has `least_han` of them.

    >>> looks_garbled("缃戠粶瀹夊叏娉曡瀹氱殑缃戠粶杩愯惀鑰�")
    True
    """
    if text.isascii():
        return False
    sample = text[:_SAMPLE]
    if "锟斤拷" in sample or "烫烫烫" in sample:
        return True
    han = [c for c in sample if "\u3400" <= c <= "\u9fff"]
    if len(han) >= least_han:
        return sum(map(_is_common, han)) < _LEAST_COMMON * len(han)
    odd = sum(
        "\x80" <= c <= "\xff" or "\ue000" <= c <= "\uf8ff" or (c > "\x7f" and not c.isprintable())
        for c in sample
    )
    return odd > least_han and odd > _MOST_ODD * len(sample)


@lru_cache(maxsize=8192)
def _is_common(character: str) -> bool:
    """Whether it is of level 1 of GB 2312 (3,755 characters) or of Big5 (5,401)."""
    return b"\xb0" <= character.encode("gb2312", "ignore")[:1] < b"\xd8" or (
        b"\xa4" <= character.encode("big5", "ignore")[:1] < b"\xc7"
    )
