"""Every encoding of Chinese is read rightly, and whatever is not certain is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.notice.decode import decode, looks_garbled
from tagger.notice.errors import UnknownEncoding

SIMPLIFIED = (
    "2023年5月，江州市公安局依据《网络安全法》第二十一条对某科技公司罚款一万元。",
    "某医院系统被植入木马",
    "快递面单外泄",
    "罚款",
)
TRADITIONAL = ("違反《網路安全法》，某公司遭處罰款新臺幣五萬元。", "駭客入侵醫院")
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "gb18030",
    "gbk",
    "gb2312",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "hz",
)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", SIMPLIFIED)
def test_simplified(text: str, encoding: str) -> None:
    if text == "罚款" and encoding.startswith("utf-16-"):
        pytest.skip("these four bytes are ASCII too")
    decoded = decode(text.encode(encoding), "a.txt")
    assert (decoded.text, decoded.doubtful) == (text, None)


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16-be"])
@pytest.mark.parametrize("text", TRADITIONAL)
def test_traditional(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding), "a.txt")
    assert (decoded.text, decoded.doubtful) == (text, None)


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "utf-8", "no-such-encoding", "", None, "zip"])
def test_what_a_page_declares_is_tried_and_not_believed(declared: str | None) -> None:
    assert decode(SIMPLIFIED[0].encode("gb18030"), "a.html", declared).text == SIMPLIFIED[0]
    assert decode(SIMPLIFIED[0].encode("utf-8"), "a.html", declared).text == SIMPLIFIED[0]


MOJIBAKE = {
    "UTF-8 as GB18030": SIMPLIFIED[0].encode().decode("gb18030", "replace"),
    "UTF-8 as GBK, lost": SIMPLIFIED[0].encode().decode("gbk", "ignore"),
    "UTF-8 as Latin-1": SIMPLIFIED[0].encode().decode("latin-1"),
    "UTF-8 as cp1252": SIMPLIFIED[0].encode().decode("cp1252", "replace"),
    "GBK as Latin-1": SIMPLIFIED[0].encode("gbk").decode("latin-1"),
    "lost to question boxes": "\ufffd\ufffd\ufffd公司被罚",
    "锟斤拷": "某公司锟斤拷锟斤拷被罚",
}


@pytest.mark.parametrize("text", MOJIBAKE.values(), ids=MOJIBAKE)
def test_mojibake_that_was_saved_is_reported(text: str) -> None:
    assert decode(text.encode("utf-8"), "a.txt").doubtful is not None


DAMAGED = {
    "cut within a character": SIMPLIFIED[0].encode()[:-5],
    "a byte lost": SIMPLIFIED[0].encode()[:30] + SIMPLIFIED[0].encode()[31:],
    "GB18030 cut": SIMPLIFIED[0].encode("gb18030")[:-1],
    "two encodings": SIMPLIFIED[0].encode() * 9 + "某公司".encode("gbk"),
    "Japanese": "不正アクセスにより個人情報が漏洩した。".encode("shift_jis"),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_damage_is_reported(data: bytes) -> None:
    assert decode(data, "a.txt").doubtful is not None


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"\xff" * 99, bytes(range(255, 0, -1)) * 4]
)
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(UnknownEncoding, match=r"^a\.txt: .*UTF-8") as caught:
        decode(data, "a.txt")
    assert caught.value.kind == "encoding"


@pytest.mark.parametrize(
    "text", [*SIMPLIFIED, *TRADITIONAL, "café déjà vu", "The hospital was fined.", "日本語のテキストです", ""]
)
def test_real_text_does_not_look_garbled(text: str) -> None:
    assert not looks_garbled(text)


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data, "a.txt")
    except UnknownEncoding:
        return
    decoded.text.encode("utf-8", "strict" if decoded.doubtful is None else "replace")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=200))
def test_utf8_is_read_as_it_stands(text: str) -> None:
    if "~{" not in text:
        assert decode(text.encode("utf-8"), "a.txt").text == text
