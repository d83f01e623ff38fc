"""Numerals, both ways, and against cn2an."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.law.numerals import read_numeral, write_numeral


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0), ("零", 0), ("7", 7), ("0021", 21), ("9999", 9999),
        ("十", 10), ("十一", 11), ("一十一", 11), ("二十", 20), ("二十一", 21), ("廿一", 21), ("卅", 30),
        ("一百", 100), ("一百零五", 105), ("一百〇五", 105), ("一百十五", 115), ("一百一十五", 115),
        ("两百五十三", 253), ("二百五十三", 253), ("二五三", 253), ("二〇", 20), ("贰佰伍拾叁", 253),
        ("一千零二", 1002), ("一千零二十", 1020), ("一千二百六十", 1260), ("九千九百九十九", 9999),
        # no numerals
        ("", None), ("12345", None), ("二百三百", None), ("十百", None), ("百", None), ("一二三四五", None),
        ("٢١", None), ("२१", None), ("²", None), ("二十一条", None), ("21条", None), ("-1", None),
        ("万", None),
        ("十十", None), ("二十二十", None), ("一" * 5000, None),
    ],
)  # fmt: skip
def test_numerals(written: str, number: int | None) -> None:
    assert read_numeral(written) == number


def test_every_number_reads_back() -> None:
    for number in range(10_000):
        assert read_numeral(write_numeral(number)) == number == read_numeral(str(number))


def test_the_reference_reads_what_we_write() -> None:
    cn2an = pytest.importorskip("cn2an", reason="a reference reader, in the extra dev")
    assert [cn2an.cn2an(write_numeral(n), "normal") for n in range(1, 10_000)] == list(range(1, 10_000))


@given(st.text(alphabet="〇零一二三四五六七八九十百千两廿壹拾0123456789条", max_size=12))
def test_no_text_breaks_the_reader(written: str) -> None:
    number = read_numeral(written)
    assert number is None or 0 <= number <= 9999
