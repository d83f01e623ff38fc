"""The list of traditional characters is what OpenCC says, and looking at it costs next to nothing."""

from __future__ import annotations

from opencc import OpenCC

from tagger.notice.script import TRADITIONAL_ONLY, is_traditional, simplify


def _bytes(character: str, encoding: str) -> bytes:
    return character.encode(encoding, "ignore")


def test_the_list_is_what_opencc_changes_among_common_characters() -> None:
    characters = [chr(code) for code in range(0x4E00, 0x9FFF)]
    changed = zip(characters, OpenCC("t2s").convert("\n".join(characters)).split("\n"), strict=True)
    assert {
        before
        for before, after in changed
        if before != after
        and b"\xa4\x40" <= _bytes(before, "big5") <= b"\xc6\x7e"
        and not _bytes(before, "gb2312")
    } == TRADITIONAL_ONLY


def test_simplified_text_is_not_traditional() -> None:
    assert not is_traditional("乾县於某违反《网络安全法》，某镕、堃等人被罚")
    assert is_traditional("違反")


def test_pieces_say_how_long_they_were() -> None:
    text = "以隨身碟竊取資訊，洩露文件。"
    pieces = list(simplify(text))
    assert sum(length for _, length in pieces) == len(text)
    assert "".join(piece for piece, _ in pieces) == "以U盘窃取信息，泄露文件。"
