"""Which files are read, under which name, and what becomes of those that cannot be."""

from __future__ import annotations

import builtins
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tagger.notice import Document
from tagger.notice import read as room
from tagger.notice.errors import (
    ChangedMeanwhile,
    EmptyInput,
    MissingReader,
    ParserCrashed,
    ReadError,
    TooLarge,
    Unreadable,
    WrongFormat,
)
from tagger.notice.read import MAX_SIZE, READERS, REFUSED, list_files, read_pasted, read_path, read_piped

FILES = Path(__file__).parent.parent / "data" / "files"
NOTICE = "某公司被罚\n2023年5月，某市公安局依据《网络安全法》第二十一条对某公司罚款一万元。"


def write(path: Path, text: str = NOTICE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# ---- listing -------------------------------------------------------------------------------------


def test_folders_are_walked_in_path_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a.txt", "a/b/c.html", "B.txt", "通报.docx"):
        write(tmp_path / name)
    sources = [source for _, source in list_files([tmp_path])]
    assert sources == [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*.*"))]


def test_what_is_no_input_is_passed_over(tmp_path: Path) -> None:
    for name in (
        ".hidden.txt",
        "~$notice.docx",
        "a.png",
        "style.css",
        "README",
        ".git/a.txt",
        "page_files/b.js",
    ):
        write(tmp_path / name)
    write(tmp_path / "a.TXT")
    write(tmp_path / "old.doc")
    assert [source for _, source in list_files([tmp_path])] == ["a.TXT", "old.doc"]


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "in/a.txt")
    outside = write(tmp_path / "out/b.txt")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/file.txt").symlink_to(outside)
    (tmp_path / "in/gone.txt").symlink_to(tmp_path / "nowhere")
    assert [source for _, source in list_files([tmp_path / "in"])] == ["a.txt"]


def test_a_link_that_was_given_itself_is_read(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to(write(tmp_path / "a.txt"))
    ((path, source),) = list_files([tmp_path / "link.txt"])
    assert source == "link.txt"
    assert [document.text for document in read_path(path, source)] == [NOTICE]


def test_what_is_no_ordinary_file_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert list(list_files([tmp_path])) == []


def test_files_are_named_by_their_names_unless_two_have_the_same(tmp_path: Path) -> None:
    first, second = write(tmp_path / "1/a.txt"), write(tmp_path / "2/a.txt")
    assert [source for _, source in list_files([first])] == ["a.txt"]
    assert [source for _, source in list_files([first, second])] == [str(first), str(second)]


@pytest.mark.skipif(sys.platform == "darwin", reason="its file system refuses such names")
def test_names_with_line_breaks_or_invalid_utf8(tmp_path: Path) -> None:
    for name in (b"a\nb.txt", b"\xc4\xe3.txt"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text(NOTICE, encoding="utf-8")
    listed = {source: path for path, source in list_files([tmp_path])}
    assert set(listed) == {"a\nb.txt", "\\xc4\\xe3.txt"}
    for source, path in listed.items():
        (document,) = read_path(path, source)
        assert document.text == NOTICE
        document.source.encode("utf-8")
    error = TooLarge("a\nb.txt", "is large")
    assert str(error) == "a\\nb.txt: is large"


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        list_files([tmp_path, tmp_path / "missing.txt"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    path.chmod(0)
    folder = tmp_path / "closed"
    folder.mkdir(mode=0)
    ((_, _), (closed, source)) = list_files([tmp_path])
    with pytest.raises(Unreadable, match="Permission denied"):
        list(read_path(path, "a.txt"))
    with pytest.raises(Unreadable):
        list(read_path(closed, source))


def test_a_folder_that_cannot_be_listed_is_given_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a/b.txt")
    write(tmp_path / "c.txt")
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [source for _, source in list_files([tmp_path])] == ["a", "c.txt"]
    with pytest.raises(Unreadable):
        list(read_path(tmp_path / "a", "a"))


# ---- one file ------------------------------------------------------------------------------------


def fails(error: type[ReadError], path: Path, match: str, **further: Any) -> None:
    with pytest.raises(error, match=match) as caught:
        list(read_path(path, path.name, **further))
    assert caught.value.source == path.name
    assert "\n" not in str(caught.value)


def test_files_that_give_nothing(tmp_path: Path) -> None:
    fails(EmptyInput, write(tmp_path / "a.txt", ""), "empty")
    fails(EmptyInput, write(tmp_path / "a.md", " \n\t"), "white space")
    fails(Unreadable, tmp_path, "is a folder; label it with `tagger batch`")
    png = tmp_path / "a.png"
    png.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    fails(WrongFormat, png, "is a picture, in which nothing is read")
    fails(ChangedMeanwhile, tmp_path / "gone.txt", "no longer")
    fails(TooLarge, write(tmp_path / "big.txt", "网" * 400), "1,200 bytes; the bound is 1,000", max_size=1000)


def test_two_gigabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    fails(TooLarge, path, "--max-size")
    assert MAX_SIZE == 20_000_000


@pytest.mark.parametrize("extension", REFUSED)
def test_formats_that_are_not_read_say_what_to_do(extension: str, tmp_path: Path) -> None:
    fails(WrongFormat, write(tmp_path / f"a{extension}"), "save|unpack")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"%PDF-1.7 ..."),
        ("a.html", b"PK\x03\x04 ..."),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ..."),
        ("a.pdf", b"<html>no PDF</html>"),
        ("a.pdf", b"PK\x03\x04 ..."),
        ("a.csv", b"\x1f\x8b ..."),
    ],
)
def test_a_file_is_what_its_name_says(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    fails(WrongFormat, tmp_path / name, "content")


def test_a_file_that_is_written_to_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt")
    fstat = os.fstat
    calls = []

    def growing(number: int) -> os.stat_result:
        calls.append(number)
        if len(calls) == 2:
            with path.open("a") as file:
                file.write("more")
        return fstat(number)

    monkeypatch.setattr(room.os, "fstat", growing)
    fails(ChangedMeanwhile, path, "written to")


@pytest.mark.parametrize(
    "failure", [KeyError("x"), RecursionError(), MemoryError(), AssertionError("odd\nthing")]
)
def test_a_library_that_stumbles(failure: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(data: bytes, source: str, max_size: int) -> Any:
        yield Document(source, NOTICE)
        raise failure

    monkeypatch.setitem(READERS, ".pdf", stumble)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4")
    documents = read_path(path, "a.pdf")
    assert next(documents).text == NOTICE
    with pytest.raises(ParserCrashed, match=type(failure).__name__):
        next(documents)


@pytest.mark.parametrize(
    ("name", "library"), [("notice.docx", "docx"), ("two-pages.pdf", "pypdf"), ("wechat.html", "trafilatura")]
)
def test_a_missing_extra_says_what_to_install(
    name: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(module: str, *arguments: Any, **keywords: Any) -> Any:
        if module.split(".")[0] == library:
            raise ImportError(module)
        return real(module, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingReader, match=r'pip install "notice-tagger\[docs\]"') as caught:
        list(read_path(FILES / name, name))
    assert caught.value.kind == "missing-extra"


def test_no_heavy_library_is_loaded_by_the_room() -> None:
    import subprocess

    code = "import sys, tagger.notice.read, tagger.notice.split; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {
        "trafilatura",
        "lxml",
        "docx",
        "pypdf",
        "openpyxl",
        "chardet",
        "opencc",
        "numpy",
        "email.mime",
    }


# ---- pipes and pasted text -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["gb18030.txt", "wechat.html", "two-pages.pdf", "notice.docx", "second-sheet.xlsx", "chinese-names.zip"],
)
def test_a_pipe_is_read_by_its_content(name: str) -> None:
    piped = [(d.text, d.title) for d in read_piped((FILES / name).read_bytes())]
    assert piped == [(d.text, d.title) for d in read_path(FILES / name, name)]


def test_pipes_are_bounded() -> None:
    with pytest.raises(TooLarge):
        list(read_piped(b"a" * 1001, max_size=1000))
    with pytest.raises(EmptyInput):
        list(read_piped(b"\n"))


def test_pasted_text() -> None:
    assert read_pasted(NOTICE) == Document("-", NOTICE)
    for blank in ("", " \n", "\u3000"):
        with pytest.raises(EmptyInput):
            read_pasted(blank)


def test_failures_travel_between_processes() -> None:
    import pickle

    failures: list[ReadError] = [
        TooLarge("a.txt", "is large"),
        MissingReader("a.docx", "reading .docx", "docs"),
    ]
    for failure in failures:
        copy = pickle.loads(pickle.dumps(failure))
        assert (type(copy), str(copy), copy.source, copy.kind) == (
            type(failure),
            str(failure),
            failure.source,
            failure.kind,
        )
