"""Regular expressions kept compiled, as Python keeps its bytecode: in `__pycache__`, for this very version.

`re` compiles in Python and has no way to keep the outcome, so this asks its inner parts for it. Where they
are not as known, or the file is missing, damaged, of another Python or not to be written, everything is
compiled as usual. A sum stands before the content: a flipped bit may make another sound expression, which
the engine, though it checks the code that it is given, would take. The sum is against chance; whoever can
write into `__pycache__` can put Python there, so the file need not be trusted more than the bytecode beside.
"""

from __future__ import annotations

import atexit
import binascii
import os
import re
import sys
from array import array
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import msgspec

_MOST = 600
"""So many are kept; the package has less than half of these."""

_SUM = 4
"""Bytes of the sum."""

_asked: dict[tuple[str, int], None] = {}
"""What had to be compiled in this process, to be kept for the next."""

_OF_THE_ENGINE = (AttributeError, ImportError, OverflowError, RuntimeError, TypeError, ValueError)
"""What a Python whose inner parts are others, or code that it does not take, may raise."""

Kept = dict[str, tuple[int, int, dict[str, int], bytes]]
"""By flags and expression as written: all flags, groups, their names, the code."""


class _File(msgspec.Struct, frozen=True):
    python: str
    kept: Kept


def pattern(written: str, flags: int) -> re.Pattern[str]:
    """What `re.compile` gives. Raises re.error."""
    row = _kept().get(f"{flags} {written}")
    if row is not None:
        with suppress(*_OF_THE_ENGINE):
            return _assembled(written, *row)
    found = re.compile(written, flags)
    if not sys.dont_write_bytecode:
        if not _asked:
            atexit.register(_keep)
        _asked[written, flags] = None
    return found


def _assembled(written: str, flags: int, groups: int, names: dict[str, int], code: bytes) -> re.Pattern[str]:
    by_number: list[str | None] = [None] * (groups + 1)
    for name, number in names.items():
        by_number[number] = name
    compile_ = import_module("_sre").compile
    found: re.Pattern[str] = compile_(
        written, flags, memoryview(code).cast("I").tolist(), groups, names, tuple(by_number)
    )
    return found


def _path() -> Path:
    return Path(cache_from_source(__file__)).with_suffix(".expressions")


def _python() -> str:
    return (
        f"{sys.version} {getattr(import_module('_sre'), 'MAGIC', '')} {array('I').itemsize} {sys.byteorder}"
    )


@cache
def _kept() -> Kept:
    with suppress(OSError, NotImplementedError, ImportError, msgspec.MsgspecError):
        content = _path().read_bytes()
        if content[:_SUM] == _sum(content[_SUM:]):
            file = msgspec.msgpack.decode(content[_SUM:], type=_File)
            if file.python == _python():
                return file.kept
    return {}


def _sum(content: bytes) -> bytes:
    return binascii.crc32(content).to_bytes(_SUM, "big")


def _keep() -> None:
    """Writes what was compiled; the file is replaced at once, and where it cannot be, nothing is lost."""
    with suppress(OSError, *_OF_THE_ENGINE):
        rows = _kept() | {f"{flags} {written}": _parts(written, flags) for written, flags in _asked}
        content = msgspec.msgpack.encode(_File(_python(), dict(list(rows.items())[-_MOST:])))
        path = _path()
        own = path.with_suffix(f".{os.getpid()}")
        try:
            own.write_bytes(_sum(content) + content)
            own.replace(path)
        finally:
            own.unlink(missing_ok=True)


def _parts(written: str, flags: int) -> tuple[int, int, dict[str, int], bytes]:
    inner: Any = import_module("re._compiler")
    parsed = import_module("re._parser").parse(written, flags)
    state = parsed.state
    code = array("I", inner._code(parsed, flags)).tobytes()
    return flags | state.flags, state.groups - 1, dict(state.groupdict), code
