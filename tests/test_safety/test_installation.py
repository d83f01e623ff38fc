"""The files that come with the package, and the expressions that it keeps: damaged, foreign, not to be written.

Each damaged file is read by what reads it; what must hold of a whole command runs in a copy of the
package, so that nothing of this checkout is touched.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tagger import shipped
from tagger.casebook import read_cases
from tagger.classify.lessons import EXAMPLES, read_examples
from tagger.classify.lexicon import read_lexicon
from tagger.classify.priors import read_priors, read_together
from tagger.errors import TaggerError
from tagger.law.places import Gazetteer
from tagger.notice import words
from tagger.taxonomy import taxonomy

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "flipped in the middle": lambda data: (
        data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 0x95]) + data[len(data) // 2 + 1 :]
    ),
    "cut in half": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "not text": lambda data: b"\xff\xfe\xfd" + data,
    "another kind": lambda data: b'[1, {"a": null}]\n',
    "deep": lambda data: b"[" * 100_000,
}
DATA = shipped.DATA
READ_FROM_DATA: dict[str, Callable[[], object]] = {
    "taxonomy.json": taxonomy.__wrapped__,
    "page_words.json": words._lists.__wrapped__,
    "regions.csv": lambda: Gazetteer()._rows,
}
READ_BY_PATH: dict[str, Callable[[Path], object]] = {
    "cases.jsonl": read_cases,
    "goes_together.tsv": read_together,
    "lexicon/meanings.tsv": read_priors,
    "lexicon/acts.tsv": lambda path: read_lexicon(path.parent),
    "field/dev.jsonl": read_cases,
    **{f"examples/{path.name}": lambda path: read_examples(path.parent) for path in EXAMPLES.glob("*.jsonl")},
}
SOUND_ALL_THE_SAME = ("flipped in the middle", "cut in half", "empty")
"""A letter of a word, a row that is gone: nobody can tell from the file."""


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [*READ_FROM_DATA, *READ_BY_PATH])
def test_a_damaged_file_of_the_package_is_one_line_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, damage: str
) -> None:
    path = tmp_path / Path(name).name
    path.write_bytes(DAMAGES[damage]((DATA / name).read_bytes()))
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    try:
        READ_BY_PATH[name](path) if name in READ_BY_PATH else READ_FROM_DATA[name]()
    except TaggerError as error:
        told = str(error)
        assert path.name in told and "\n" not in told and len(told) < 400
    else:
        assert damage in SOUND_ALL_THE_SAME or path.suffix == ".csv" or damage == "deep"


@pytest.mark.parametrize("name", READ_FROM_DATA)
def test_a_file_of_the_package_that_is_gone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    with pytest.raises(shipped.DamagedInstallation, match=f"^{name} .*install the tagger again$"):
        READ_FROM_DATA[name]()


def test_written_examples_that_are_gone_are_missed(tmp_path: Path) -> None:
    with pytest.raises(TaggerError, match="no written examples"):
        read_examples(tmp_path)


# ---- whole commands, in a copy of the package --------------------------------------------------------


class Installation:
    """A copy of the package with its data, whose bytecode is kept."""

    def __init__(self, folder: Path) -> None:
        package = Path(shipped.__file__).parent
        shutil.copytree(package, folder / "tagger", ignore=shutil.ignore_patterns("__pycache__", "_shipped"))
        shutil.copytree(shipped.DATA, folder / "data")
        shutil.copytree(shipped.MODELS, folder / "models")
        self.folder, self.cache = folder, folder / "tagger" / "__pycache__"

    @property
    def kept(self) -> Path:
        return self.cache / f"compiled.{sys.implementation.cache_tag}.expressions"

    def call(self, *arguments: str, before: Callable[[], None] | None = None) -> tuple[int, str, str]:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"PYTHONPATH": str(self.folder), "TAGGER_HOME": str(self.folder / "home")}
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tagger", *arguments],
            env=environment, cwd=self.folder, capture_output=True, text=True, check=False, preexec_fn=before,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    def card(self, before: Callable[[], None] | None = None) -> str:
        status, out, err = self.call("tag", "data/sample-notice.txt", "--json", before=before)
        assert (status, err) == (0, "")
        return out


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("installation"))


def no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


@pytest.mark.slow
def test_kept_expressions_are_never_needed_and_never_trusted(installation: Installation) -> None:
    first = installation.card()
    whole = installation.kept.read_bytes()
    assert installation.card() == first and installation.kept.read_bytes() == whole
    foreign = b"3.99 of another machine".join(whole.split(sys.version.encode(), 1))
    for content in (*(damage(whole) for damage in DAMAGES.values()), foreign, whole[:4] + b"x" + whole[5:]):
        installation.kept.write_bytes(content)
        assert installation.card() == first
        assert installation.kept.read_bytes() != content  # it is kept anew
    installation.kept.unlink()
    installation.kept.mkdir()
    assert installation.card() == first
    installation.kept.rmdir()


@pytest.mark.skipif(sys.platform != "linux", reason="the room of a process is bounded")
def test_kept_expressions_that_cannot_be_written(installation: Installation) -> None:
    first = installation.card()  # Python itself keeps torn bytecode where room ends: let it be there before
    installation.kept.unlink()
    assert installation.card(before=no_room) == first
    assert not installation.kept.exists()
    assert not [path for path in installation.cache.iterdir() if path.suffix not in (".pyc",)]
    shutil.rmtree(installation.cache)
    installation.cache.write_bytes(b"a file where the folder should be")
    assert installation.card() == first
    installation.cache.unlink()


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("data/taxonomy.json", ("tag", "data/sample-notice.txt")),
        ("data/regions.csv", ("tag", "data/sample-notice.txt")),
        ("data/law/laws.csv", ("law", "网络安全法", "21")),
        ("data/examples/bodies.jsonl", ("train", "--quick")),
        ("data/lexicon/meanings.tsv", ("train", "--quick")),
        ("data/cases.jsonl", ("train", "--quick")),
    ],
)
def test_a_command_says_which_file_is_damaged(
    installation: Installation, name: str, command: tuple[str, ...]
) -> None:
    path = installation.folder / name
    whole = path.read_bytes()
    path.write_bytes(DAMAGES["not text"](whole))
    try:
        status, out, err = installation.call(*command)
    finally:
        path.write_bytes(whole)
    assert (status, out) == (2, "")
    assert path.name in err and err.splitlines()[-1].startswith("tagger: ")
    assert json.loads(installation.card())["notice"]
