"""Archives, bounded: what a .zip holds, and whether an Office file is safe to parse.

`zipfile` never unpacks more of a member than its header declares, so that the declared sizes bound
what is unpacked, and a bomb is refused before the first byte.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from tagger.notice.errors import ReadError, TooLarge, Unreadable, WrongFormat

if TYPE_CHECKING:
    import zipfile

_MOST_MEMBERS = 10_000
_MOST_UNPACKED = 10  # times max_size, for a whole archive
_HIGHEST_RATIO = 200  # real text shrinks to a tenth, Office's XML to a thirtieth; a bomb to a thousandth
_RATIO_MATTERS = 2_000_000
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


class Member(Struct, frozen=True):
    """A file within an archive: its path there, and its bytes or why they cannot be had."""

    name: str
    data: bytes
    failure: type[ReadError] | None = None
    why: str = ""


def members(data: bytes, source: str, max_size: int) -> Iterator[Member]:
    """The files of a .zip in the order of their names, without folders and what systems add.

    Raises WrongFormat for what is no archive, TooLarge for one that unpacks beyond the bounds.
    """
    with _opened(data, source) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _check_bounds(entries, source, max_size)
        for name, entry in sorted((_name(entry), entry) for entry in entries):
            parts = PurePosixPath(name).parts
            if "__MACOSX" in parts or parts[-1].startswith((".", "~$")):
                continue
            yield _member(archive, entry, name, max_size)


def check_office(data: bytes, source: str, max_size: int) -> None:
    """Refuses an Office file whose parts unpack beyond the bounds or declare entities (XML bombs).

    Raises WrongFormat or TooLarge. Office never writes a document type, so that any is refused.
    """
    with _opened(data, source) as archive:
        entries = archive.infolist()
        _check_bounds(entries, source, max_size)
        for entry in entries:
            if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            part = _member(archive, entry, entry.filename, max_size)
            if part.failure:
                raise part.failure(source, f"its part {part.name} {part.why}")
            # UTF-16 would hide the words; Office writes UTF-8.
            if b"<!DOCTYPE" in part.data or b"<!ENTITY" in part.data or b"\0" in part.data[:200]:
                raise WrongFormat(
                    source, f"its part {part.name} declares entities, as XML bombs do; not read"
                )


def _opened(data: bytes, source: str) -> zipfile.ZipFile:
    import zipfile

    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise WrongFormat(source, f"is damaged or no archive at all ({error})") from error


def _check_bounds(entries: list[zipfile.ZipInfo], source: str, max_size: int) -> None:
    if len(entries) > _MOST_MEMBERS:
        raise TooLarge(source, f"holds {len(entries):,} files; the bound is {_MOST_MEMBERS:,}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _MOST_UNPACKED * max_size:
        raise TooLarge(
            source,
            f"unpacks to {unpacked:,} bytes; the bound is {_MOST_UNPACKED * max_size:,} (see --max-size)",
        )
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > _RATIO_MATTERS and unpacked > _HIGHEST_RATIO * packed:
        raise TooLarge(source, f"unpacks to {unpacked // max(packed, 1):,} times its size, as zip bombs do")


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, max_size: int) -> Member:
    import zipfile
    import zlib

    if entry.file_size > max_size:
        return Member(name, b"", TooLarge, f"has {entry.file_size:,} bytes; the bound is {max_size:,}")
    if entry.flag_bits & _ENCRYPTED:
        return Member(name, b"", Unreadable, "is encrypted; unpack it and tag the files")
    try:
        return Member(name, archive.read(entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        return Member(name, b"", WrongFormat, f"is damaged ({error})")


def _name(entry: zipfile.ZipInfo) -> str:
    """The member's name; Chinese systems write GB18030 where the format says cp437."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return str(
        PurePosixPath(
            *[part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..")]
        )
    )
