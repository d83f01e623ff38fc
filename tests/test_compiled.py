"""Kept expressions are those that `re` compiles, and whatever happens to their file, none is lost."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tagger import compiled

WRITTEN = r"(?P<who>[一-鿿]{1,4})(?:被|遭)(?=罚)|(?P<sum>\d+)元|[^，。；\n]{0,3}$"
TEXT = "某公司被罚款，共300元。"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "__pycache__" / "compiled.expressions"
    path.parent.mkdir()
    monkeypatch.setattr(compiled, "_path", lambda: path)
    monkeypatch.setattr(compiled, "_asked", {})
    monkeypatch.setattr(compiled.atexit, "register", lambda _: None)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    compiled._kept.cache_clear()
    yield path
    compiled._kept.cache_clear()


def content_of(path: Path) -> compiled._File:
    return msgspec.msgpack.decode(path.read_bytes()[compiled._SUM :], type=compiled._File)


def summed(content: object) -> bytes:
    packed = msgspec.msgpack.encode(content)
    return compiled._sum(packed) + packed


def said(pattern: re.Pattern[str]) -> object:
    found = [(match.span(), match.lastgroup, match.groupdict()) for match in pattern.finditer(TEXT)]
    return found, pattern.pattern, pattern.flags, pattern.groups, dict(pattern.groupindex)


def keep(*written: str, flags: int = 0) -> None:
    for one in written:
        compiled.pattern(one, flags)
    compiled._keep()
    compiled._kept.cache_clear()


def test_what_was_compiled_once_is_not_compiled_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(WRITTEN)
    expected = said(re.compile(WRITTEN))
    monkeypatch.setattr(re, "compile", None)
    assert said(compiled.pattern(WRITTEN, 0)) == expected


def test_flags_make_another_expression(path: Path) -> None:
    keep("[a-zÀ]+")
    keep("[a-zÀ]+", flags=re.IGNORECASE)
    assert compiled.pattern("[a-zÀ]+", re.IGNORECASE).fullmatch("ABà")
    assert not compiled.pattern("[a-zÀ]+", 0).fullmatch("ABà")


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 64, msgspec.msgpack.encode({"python": 1}), summed({"python": 1})]
)
def test_a_damaged_file_is_as_none(path: Path, content: bytes) -> None:
    keep("a+")
    path.write_bytes(content)
    assert said(compiled.pattern(WRITTEN, 0)) == said(re.compile(WRITTEN))
    keep(WRITTEN)
    assert content_of(path).kept.keys() == {f"0 {WRITTEN}", "0 a+"}


def test_a_flipped_bit_anywhere_never_makes_another_expression(path: Path) -> None:
    keep(WRITTEN)
    whole, expected = path.read_bytes(), said(re.compile(WRITTEN))
    for place in range(len(whole)):
        for bit in (1, 128):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            compiled._kept.cache_clear()
            assert said(compiled.pattern(WRITTEN, 0)) == expected
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        compiled._kept.cache_clear()
        assert compiled._kept() == {}


def test_what_could_not_be_written_whole_is_taken_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, content: bytes) -> int:
        with _.open("wb") as stream:
            stream.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    keep(WRITTEN)
    assert not list(path.parent.iterdir())


def test_the_file_of_another_python_is_as_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("a+")
    monkeypatch.setattr(compiled, "_python", lambda: "3.99")
    assert compiled._kept() == {}


@pytest.mark.parametrize("code", [b"", b"abc", b"\xff\xff\xff\xff" * 9])
def test_code_that_the_engine_refuses_is_compiled_anew(path: Path, code: bytes) -> None:
    rows = {f"0 {WRITTEN}": (32, 2, {"who": 1, "sum": 2}, code)}
    path.write_bytes(summed(compiled._File(compiled._python(), rows)))
    assert said(compiled.pattern(WRITTEN, 0)) == said(re.compile(WRITTEN))


def test_where_nothing_can_be_written_all_is_compiled(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.rmdir()
    keep(WRITTEN)
    assert not path.exists()
    assert said(compiled.pattern(WRITTEN, 0)) == said(re.compile(WRITTEN))


def test_nothing_is_written_where_python_writes_no_bytecode(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    compiled.pattern(WRITTEN, 0)
    assert compiled._asked == {}


def test_a_wrong_expression_is_refused_and_spoils_nothing(path: Path) -> None:
    with pytest.raises(re.error):
        compiled.pattern("(", 0)
    keep("a+")
    assert path.exists()


def test_no_more_than_so_many_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_MOST", 2)
    keep("a", "b", "c")
    assert compiled._kept().keys() == {"0 b", "0 c"}
