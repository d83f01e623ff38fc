"""Archives and Office files are bounded before anything is unpacked."""

from __future__ import annotations

import io
import zipfile

import pytest

from tagger.notice.archive import check_office, members
from tagger.notice.errors import TooLarge, WrongFormat
from tagger.notice.read import read_piped


def pack(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_members_come_in_the_order_of_their_names() -> None:
    found = members(
        pack({"b.txt": b"b", "a/c.txt": b"c", ".hidden": b"", "__MACOSX/x.txt": b""}), "a.zip", 1000
    )
    assert [(member.name, member.data) for member in found] == [("a/c.txt", b"c"), ("b.txt", b"b")]


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "/etc/passwd.txt", "..\\..\\a.txt"])
def test_names_that_climb_are_only_names(name: str) -> None:
    ((member),) = members(pack({name: b"x"}), "a.zip", 1000)
    assert not member.name.startswith(("/", ".."))


def test_a_large_member_fails_alone() -> None:
    documents = list(read_piped(pack({"a.txt": "网".encode() * 900, "b.txt": b"fine"}), "a.zip", 2000))
    assert [document.text for document in documents] == ["", "fine"]
    assert isinstance(documents[0].failure, TooLarge)
    assert documents[0].source == "a.zip/a.txt"


def test_what_unpacks_beyond_the_bound_is_refused_whole() -> None:
    with pytest.raises(TooLarge, match="unpacks to 12,000 bytes; the bound is 10,000"):
        list(members(pack({f"{n}.txt": bytes(1000) for n in range(12)}), "a.zip", 1000))
    with pytest.raises(TooLarge, match="as zip bombs do"):
        list(members(pack({"a.txt": bytes(3_000_000)}), "a.zip", 10_000_000))
    with pytest.raises(TooLarge, match="10,001 files"):
        list(members(pack({f"{n}": b"" for n in range(10_001)}), "a.zip", 1000))


def test_archives_within_archives_share_one_bound() -> None:
    leaf = b"".join(bytes([i % 251]) + str(i).encode() for i in range(150))
    inner = pack({f"{n}.txt": leaf for n in range(8)})
    outer = pack({f"{n}.zip": inner for n in range(5)})
    documents = list(read_piped(outer, "a.zip", max(len(inner), len(outer))))
    failures = [document for document in documents if isinstance(document.failure, TooLarge)]
    assert failures
    assert sum(len(document.text) for document in documents) <= 10 * max(len(inner), len(outer))


@pytest.mark.parametrize("cut", [10, 40, 100])
def test_damaged_archives(cut: int) -> None:
    with pytest.raises(WrongFormat, match="damaged"):
        list(members(pack({"a.txt": b"x" * 100})[:cut], "a.zip", 1000))


def test_a_damaged_member_fails_alone() -> None:
    data = bytearray(pack({"a.txt": bytes(range(256)) * 3, "b.txt": b"fine"}))
    data[60] ^= 0xFF
    first, second = members(bytes(data), "a.zip", 10_000)
    assert first.failure is WrongFormat
    assert second.data == b"fine"


BOMBS = {
    "entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "doctype behind a comment": b"<!-- "
    + b"x" * 100_000
    + b" --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
    "UTF-16": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"),
}


@pytest.mark.parametrize("part", ["word/document.xml", "_rels/.rels", "word/STYLES.XML"])
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_office_files_with_entities_are_refused(bomb: bytes, part: str) -> None:
    with pytest.raises(WrongFormat, match="entities"):
        check_office(pack({part: bomb}), "a.docx", 1_000_000)


def test_office_files_are_bounded() -> None:
    with pytest.raises(TooLarge):
        check_office(pack({"word/document.xml": b"<a/>" * 1000}), "a.docx", 1000)
    check_office(pack({"word/document.xml": b"<a/>"}), "a.docx", 1000)
