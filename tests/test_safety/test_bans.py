"""What the package never does, read from its own lines and seen at run time."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import tagger
from tagger import shipped

PACKAGE = Path(tagger.__file__).parent
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

NEVER = frozenset(
    (
        "pickle",
        "cPickle",
        "marshal",
        "shelve",
        "dill",
        "cloudpickle",
        "ctypes",
        "cffi",
        "yaml",
        "code",
        "runpy",
    )
) | frozenset(
    ("requests", "httpx", "http.client", "urllib.request", "ftplib", "smtplib", "subprocess", "pty")
)
"""Modules that run what they read, or speak to others, or start programs."""
ONLY_IN: dict[str, frozenset[str]] = {
    "socket": frozenset(("web/app.py",)),  # listens on the loopback interface
    "asyncio": frozenset(("web/guard.py", "web/lane.py")),  # futures and tasks, no streams
    "multiprocessing": frozenset(("web/training.py",)),  # trains beside the page
}
CALLS_NEVER = frozenset(("eval", "exec", "compile", "__import__", "breakpoint", "input"))
ATTRIBUTES_NEVER = frozenset(
    (
        "os.system",
        "os.popen",
        "os.execv",
        "os.execvp",
        "os.spawnv",
        "joblib.load",
        "joblib.dump",
        "numpy.fromfile",
    )
)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dotted(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("file", FILES)
def test_a_module_runs_nothing_that_it_reads_and_calls_nobody(file: str) -> None:
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    for name in imported(tree):
        assert name not in NEVER and name.partition(".")[0] not in NEVER, name
        assert file in ONLY_IN.get(name.partition(".")[0], {file}), name
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = dotted(node.func)
        assert called not in CALLS_NEVER and called not in ATTRIBUTES_NEVER, f"line {node.lineno}: {called}"
        if called in ("np.load", "numpy.load", "np.save", "numpy.save"):
            allowed = {word.arg: word.value for word in node.keywords}.get("allow_pickle")
            assert isinstance(allowed, ast.Constant) and allowed.value is False, f"line {node.lineno}"


BLOCKED = """
import socket, os, sys

class Refused(BaseException):
    pass

def refuse(*_, **__):
    raise Refused("the network was asked for")

socket.socket.connect = socket.socket.connect_ex = socket.socket.bind = socket.socket.sendto = refuse
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse

def audit(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec")):
        raise Refused(event)
    if event in ("pickle.find_class", "marshal.load"):
        raise Refused(event)

sys.addaudithook(audit)
"""
"""A `sitecustomize` that lets the interpreter neither speak nor unpickle nor start a program."""


def run(*arguments: str, folder: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"TAGGER_HOME": str(folder / "home"), "PYTHONPATH": str(folder)} | extra
    return subprocess.run(
        [sys.executable, "-m", "tagger", *arguments],
        capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120, check=False,
        cwd=shipped.DATA.parent,
    )  # fmt: skip


def test_tagging_needs_no_network_no_program_and_no_pickle(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCKED, encoding="utf-8")
    told = run("tag", str(shipped.DATA / "sample-notice.txt"), "--json", "--explain", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["industry"]
    assert not (tmp_path / "home").exists()  # and tagging writes nothing


def test_the_block_blocks(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCKED, encoding="utf-8")
    for line in (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import pickle, collections; pickle.loads(pickle.dumps(collections.OrderedDict()))",
        "import subprocess; subprocess.run(['true'])",
    ):
        told = subprocess.run(
            [sys.executable, "-c", line],
            capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(tmp_path)}, check=False,
        )  # fmt: skip
        assert "Refused" in told.stderr


def test_jiebas_cache_in_the_common_folder_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody can put a file there; jieba would unmarshal it."""
    from tagger.classify import vocabulary

    planted = tmp_path / "jieba.cache"
    planted.write_bytes(b"not a cache, and would be refused or believed if it were read")
    planted.chmod(0o600)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    read: list[str] = []
    sys.addaudithook(lambda event, given: read.append(str(given[0])) if event == "open" else None)
    vocabulary._tokenizer.cache_clear()
    try:
        assert vocabulary.segment("网络安全") == ["网络安全"] or vocabulary.segment("网络安全")
    finally:
        vocabulary._tokenizer.cache_clear()
    assert any(path.endswith("dict.txt") for path in read)
    assert str(planted) not in read
    assert planted.read_bytes().startswith(b"not a cache")
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]


def test_temporary_files_are_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are made by `tempfile` alone, which gives them to their owner only."""
    for file in FILES:
        text = (PACKAGE / file).read_text(encoding="utf-8")
        assert "mktemp(" not in text and "gettempdir" not in text and '"/tmp' not in text, file
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with tempfile.TemporaryDirectory() as private:
        assert Path(private).stat().st_mode & 0o077 == 0
