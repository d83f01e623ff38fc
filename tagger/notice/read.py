"""A file, a pipe or a pasted text becomes Documents. Readers are one table: extension -> function.

Everything is bounded and nothing is trusted: a file is read up to `max_size`, archives unpack up to ten
times that and three deep, a library that stumbles becomes ParserCrashed. A member of an archive or a
row of a table that fails is a Document with its `failure`, in its place, so that its neighbours are read.
docs/formats.md says what each format gives.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from tagger.expressions import expression
from tagger.notice import Document
from tagger.notice.archive import Member, members
from tagger.notice.decode import decode
from tagger.notice.errors import (
    ChangedMeanwhile,
    EmptyInput,
    ParserCrashed,
    ReadError,
    TooLarge,
    Unreadable,
    WrongFormat,
)
from tagger.notice.mail import read_mail
from tagger.notice.office import read_docx, read_pdf
from tagger.notice.rows import read_csv, read_jsonl, read_xlsx
from tagger.notice.web import read_html, read_mht

MAX_SIZE = 20_000_000
"""Bytes of the largest file that is read, unless --max-size says otherwise."""

Reader = Callable[[bytes, str, int], Iterator[Document | Member]]


def read_text(data: bytes, source: str, max_size: int) -> Iterator[Document]:
    """Plain text and Markdown; a YAML front matter gives title and date."""
    decoded = decode(data, source)
    if not decoded.text.strip():
        raise EmptyInput(source, "there is nothing but white space in it")
    front = _FRONT_MATTER.match(decoded.text)
    if front is None:
        yield Document(source, decoded.text, doubtful=decoded.doubtful)
        return
    fields = {key.lower(): value.strip(" \"'") for key, value in _FRONT_FIELD.findall(front[1])}
    day = re.match(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?", fields.get("date", ""))
    yield Document(
        source,
        decoded.text[front.end() :],
        title=fields.get("title", ""),
        date=day[0] if day else None,
        doubtful=decoded.doubtful,
    )


_FRONT_MATTER = expression(r"\ufeff?---[ \t]*\r?\n((?:(?!---)[^\n]{0,500}\n){1,60})---[ \t]*(?:\r?\n|$)")
_FRONT_FIELD = expression(r"^([A-Za-z]{1,20}):[ \t]*([^\r\n]*)", re.MULTILINE)

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".mht": read_mht,
    ".mhtml": read_mht,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".eml": read_mail,
    ".zip": members,
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
}

REFUSED: dict[str, str] = dict.fromkeys((".doc", ".wps", ".rtf", ".odt", ".pages"), "save it as .docx")
REFUSED |= dict.fromkeys((".xls", ".et", ".ods"), "save it as .xlsx or .csv")
REFUSED |= dict.fromkeys((".ppt", ".pptx", ".dps"), "save its text as .txt or .docx")
REFUSED |= dict.fromkeys(
    (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz"), "unpack it, or pack it as .zip"
)
REFUSED |= dict.fromkeys((".msg", ".mbox"), "save the mail as .eml")
REFUSED |= dict.fromkeys((".ofd", ".caj"), "save it as .pdf")
"""Formats that hold notices and are not read, with what to do. What stands in neither table is passed "
"over in folders."""

_PICTURE = "a picture"
_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or encrypted Office file"),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"Rar!", ".rar"),
    (b"7z\xbc\xaf", ".7z"),
    (b"\x1f\x8b", ".gz"),
    (b"{\\rtf", ".rtf"),
)
_BINARY = frozenset((".pdf", ".docx", ".xlsx", ".zip"))
_DEEPEST = 3
_MOST_UNPACKED = 10  # times max_size


def list_files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The files below some paths, each with its `source`, in path order.

    A folder gives its files at any depth whose extension is read, or refused by name; symbolic links
    within it, hidden files and what is no ordinary file are passed over. `source` is relative to the
    folder that was given, or the name of a file that was. A folder that cannot be listed is given
    itself, and read_path says why. Raises Unreadable for a path that is not there.
    """
    given = [Path(path) for path in paths]
    for path in given:
        if not path.exists():
            raise Unreadable(_printable(str(path)), "there is no such file or folder")
    names = Counter(path.name for path in given)
    return _listed(given, names)


def _listed(given: list[Path], names: Counter[str]) -> Iterator[tuple[Path, str]]:
    for path in given:
        if path.is_dir():
            yield from _walk(path, "")
        else:
            yield path, _printable(path.name if names[path.name] == 1 else str(path))


def _walk(folder: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        yield folder, prefix.rstrip("/") or "."
        return
    for entry in entries:
        name = f"{prefix}{_printable(entry.name)}"
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), f"{name}/")
        elif entry.is_file(follow_symlinks=False) and is_listed(entry.name):
            yield Path(entry.path), name


def is_listed(name: str) -> bool:
    """Whether a folder's or archive's file of this name is looked at."""
    extension = PurePosixPath(name).suffix.lower()
    return extension in READERS or extension in REFUSED


def _printable(name: str) -> str:
    """A name as text that can be written anywhere: bytes that are no UTF-8 are shown as \\xNN."""
    try:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # half a character, which JSON can write and no file's name can hold
        return name.encode("utf-8", "backslashreplace").decode("utf-8")


def read_path(path: Path, source: str, max_size: int = MAX_SIZE) -> Iterator[Document]:
    """The documents of a file: one, or those of an archive, a mail or a table.

    Raises a ReadError where the file as a whole cannot be read.
    """
    extension, source = path.suffix.lower(), _printable(source)
    if extension in REFUSED:
        raise WrongFormat(source, f"{extension} is not read; {REFUSED[extension]}")
    data = _bytes(path, source, max_size)
    yield from _documents(data, extension, source, max_size, _Budget(_MOST_UNPACKED * max_size), 0)


def read_piped(data: bytes, source: str = "-", max_size: int = MAX_SIZE) -> Iterator[Document]:
    """The documents of what came through a pipe: text, or a page, PDF, Word file or archive by its "
    "content."""
    if len(data) > max_size:
        raise TooLarge(source, f"has more than {max_size:,} bytes (see --max-size)")
    extension = _by_content(data)
    yield from _documents(data, extension, source, max_size, _Budget(_MOST_UNPACKED * max_size), 0)


def read_pasted(text: str, source: str = "-") -> Document:
    """The document of a pasted text. Raises EmptyInput for white space."""
    if not text.strip():
        raise EmptyInput(source, "there is no text")
    return Document(source, text)


def _bytes(path: Path, source: str, max_size: int) -> bytes:
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            if before.st_size > max_size:
                raise TooLarge(
                    source, f"has {before.st_size:,} bytes; the bound is {max_size:,} (see --max-size)"
                )
            data = file.read(max_size + 1)
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        raise ChangedMeanwhile(source, "is not there, or is no longer there") from None
    except IsADirectoryError:
        raise Unreadable(source, "is a folder; label it with `tagger batch`") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unreadable(source, f"cannot be read ({why})") from error
    if len(data) > max_size:
        raise TooLarge(source, f"has more than {max_size:,} bytes (see --max-size)")
    if stat.S_ISREG(before.st_mode) and (before.st_size, before.st_mtime_ns) != (
        after.st_size,
        after.st_mtime_ns,
    ):
        raise ChangedMeanwhile(source, "was written to while it was read; read it again")
    return data


class _Budget:
    """How many bytes an input may still unpack to, over all archives within it."""

    def __init__(self, left: int) -> None:
        self.left = left


def _documents(
    data: bytes, extension: str, source: str, max_size: int, budget: _Budget, depth: int
) -> Iterator[Document]:
    if not data.strip():
        raise EmptyInput(
            source, "the file is empty" if not data else "there is nothing but white space in it"
        )
    _check_content(data, extension, source)
    reader = READERS.get(extension, read_text)
    found = reader(data, source, max_size)
    while True:
        try:
            item = next(found, None)
        except ReadError:
            raise
        except (Exception, RecursionError) as error:
            raise ParserCrashed(
                source, f"the reader of {extension} gave up ({type(error).__name__}: {error})"
            ) from error
        if item is None:
            return
        if isinstance(item, Document):
            yield replace(item, source=_printable(item.source))
        elif is_listed(item.name):
            yield from _member(item, source, max_size, budget, depth + 1)


def _member(member: Member, container: str, max_size: int, budget: _Budget, depth: int) -> Iterator[Document]:
    """The documents of an archive's member; its failure where it gives none."""
    source = f"{container}/{_printable(member.name)}"
    extension = PurePosixPath(member.name).suffix.lower()
    budget.left -= len(member.data)
    try:
        if member.failure is not None:
            raise member.failure(source, member.why)
        if extension in REFUSED:
            raise WrongFormat(source, f"{extension} is not read; {REFUSED[extension]}")
        if budget.left < 0:
            raise TooLarge(source, "the archive unpacks beyond its bound (see --max-size)")
        if depth > _DEEPEST:
            raise TooLarge(source, "is an archive within archives; unpack it and tag the files")
        yield from _documents(member.data, extension, source, max_size, budget, depth)
    except ReadError as failure:
        yield Document(source, "", failure=failure)


def _check_content(data: bytes, extension: str, source: str) -> None:
    """Refuses a file whose first bytes say that it is something else than its name does."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            if kind == extension or (kind == ".zip" and extension in _BINARY - {".pdf"}):
                return
            if kind == _PICTURE:
                raise WrongFormat(source, "is a picture, in which nothing is read; give the text of it")
            raise WrongFormat(
                source, f"is {kind} by its content, and not {extension or 'text'}; name it as it is"
            )
    if extension == ".pdf" and b"%PDF-" not in data[:1024]:
        raise WrongFormat(source, "is no PDF file by its content")


def _by_content(data: bytes) -> str:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")) and b"<html" in data[:4096].lower():
        return ".html"
    if start.startswith(b"%pdf-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        import zipfile

        try:
            names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        except (zipfile.BadZipFile, ValueError, OSError):
            return ".zip"
        return ".docx" if "word/document.xml" in names else ".xlsx" if "xl/workbook.xml" in names else ".zip"
    return ".txt"
