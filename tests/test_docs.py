"""The documents tell the truth: every command printed in them works, every link leads somewhere.

A command of the tagger is run in a folder that holds the files that the documents name, with a workspace
of its own. What would not end, or takes long, is parsed: click then checks every argument and option.
What is no command of the tagger is held elsewhere, as the tables below say.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import click
import openpyxl
import pytest
from click.testing import CliRunner

from tagger import __version__
from tagger.casebook import read_cases
from tagger.classify.lessons import read_examples
from tagger.cli import tagger
from tagger.evaluation.figures import Judged
from tagger.evaluation.measure import measured
from tagger.promotion import development_notices
from tagger.taxonomy import TARGETS

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
DOCUMENTS = [*READMES, *sorted((ROOT / "docs").glob("*.md"))]
EVERY_DOCUMENT = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not any(
        part.startswith(".") or part in ("build", "dist", "fuzz-out")
        for part in path.parts[len(ROOT.parts) :]
    )
]

PARSED = {
    r"tagger serve\b": "does not end; tests/test_web starts it",
    r"tagger train\b": "takes half a minute; tests/test_cli and tests/test_learning.py train",
    r"tagger evaluate\b": "takes minutes; tests/test_evaluation measures",
    r"tagger audit\b": "trains on the casebook five times",
    r"tagger batch .*--watch": "does not end; tests/test_batch/test_watch.py watches",
    r"tagger batch .*--backend dask": "needs a cluster; tests/test_batch/test_cluster.py has one",
    r"tagger models (diff|use|show|export|import|rollback|remove)\b": "needs further models; tests/test_cli/test_models_command.py",
    r"tagger cases erase\b": "asks; tests/test_cli",
    r"tagger .*\b[A-Z]{3,}\b": "a placeholder stands in it",
}
ELSEWHERE = {
    r"python3 -m venv \.venv && .*": "the two commands of the README: .ci/run runs them as they are printed",
    r"pip install \"notice-tagger\[[a-z,]+\]\"": "test_an_extra_that_is_named_exists",
    r"python3? -m venv \S+": "an environment of a person's own",
    r"(oldest/bin/|\.venv/bin/)?pip install .*": "downloads",
    r"pip-audit.*": "asks a service",
    r"(PYTHONPATH=\. )?(\.venv/bin/|oldest/bin/)?(python -m )?pytest\b.*": "the tests themselves",
    r"dask (scheduler|worker) .*|dask scheduler": "tests/test_batch/test_cluster.py starts both",
    r"curl .*": "tests/test_web/test_rest.py asks the same",
    r"git (clone|pull|add|commit|push|log).*|cd \S+": "a checkout",
    r"pre-commit .*": "downloads",
    r"ruff .*|mypy .*": ".ci/run runs them",
}
SCRIPT = re.compile(r"(?:\.venv/bin/)?python3? (?P<script>[\w./-]+\.py)\b.*")
PROGRAM = re.compile(r"(?:[A-Z_]+=\S+ )*[\w./-]*?(?P<name>[\w-]+)(?: |$)")
KNOWN = {"tagger", "python", "python3", "pip", "pytest", "pip-audit", "dask", "curl", "git", "ruff", "mypy", "cd",
         "pre-commit"}  # fmt: skip


class Printed(NamedTuple):
    """A command as a document prints it, without its prompt and its comment."""

    document: str
    line: int
    command: str


def commands_of(path: Path) -> list[Printed]:
    """The commands of the code blocks of a document, and those between backquotes that say more than a name."""
    found: list[Printed] = []
    fence, language = False, ""
    broken = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            fence, language = not fence, line[3:].strip()
            continue
        where = (path.relative_to(ROOT).as_posix(), number)
        if fence or line.startswith("    "):
            if path.name == "commands.md" or language not in ("", "text", "sh", "bash", "console", "shell"):
                continue
            text = broken + line.strip()
            broken = text.removesuffix("\\") if text.endswith("\\") and _is_command(text) else ""
            if not broken and _is_command(text):
                found.append(Printed(*where, _bare(text)))
        elif path.name != "commands.md":
            found += [
                Printed(*where, span)
                for span in re.findall(r"`([^`]+)`", line)
                if re.match(r"(\$ )?(tagger (?!(models|cases) \S+$)\S+ \S|python \S+\.py)", span)
            ]
    return found


def _is_command(text: str) -> bool:
    program = PROGRAM.match(text.removeprefix("$ ").removeprefix("time ").replace("cat ", "", 1))
    return text.startswith("$ ") or (program is not None and program["name"] in KNOWN and " " in text)


def _bare(text: str) -> str:
    text = text.removeprefix("$ ").removeprefix("time ")
    return re.sub(r"\s{1,}# .*", "", text).strip()


PRINTED = [printed for path in DOCUMENTS for printed in commands_of(path)]
DISTINCT = sorted({printed.command: printed for printed in reversed(PRINTED)}.values())


def _of(kind: dict[str, str], command: str) -> bool:
    return any(re.fullmatch(pattern, command) for pattern in kind)


def _is_parsed(command: str) -> bool:
    return any(re.match(pattern, command) for pattern in PARSED)


OF_TAGGER = [printed for printed in DISTINCT if "tagger " in printed.command and not _of(ELSEWHERE, printed.command)
             and not SCRIPT.fullmatch(printed.command)]  # fmt: skip
OTHERS = [printed for printed in DISTINCT if printed not in OF_TAGGER]


def named(printed: Printed) -> str:
    return f"{printed.document}:{printed.line}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the documents name, and a workspace `home` to which cases were added."""
    folder = tmp_path_factory.mktemp("desk")
    sample = (ROOT / "data" / "sample-notice.txt").read_text(encoding="utf-8")
    (folder / "notice.txt").write_text(sample, encoding="utf-8")
    (folder / "data").mkdir()
    shutil.copy(ROOT / "data" / "sample-notice.txt", folder / "data")
    shutil.copy(ROOT / "data" / "cases.jsonl", folder / "data")
    for name in ("news", "news-1000", "news-11000"):
        (folder / name).mkdir()
        for case in read_cases()[:3]:
            (folder / name / f"{case.id}.txt").write_text(case.text, encoding="utf-8")
    (folder / "more").mkdir()
    for case in development_notices().cases[:3]:
        (folder / "more" / f"{case.id}.txt").write_text(case.text, encoding="utf-8")
    own = [case.to_record() for case in read_examples()[:4]]
    lines = [json.dumps(record, ensure_ascii=False) for record in own]
    (folder / "earlier.jsonl").write_text("\n".join(lines[:2]), encoding="utf-8")
    for name in ("mine.jsonl", "cases.jsonl", "more-cases.jsonl"):
        (folder / name).write_text("\n".join(lines[2:]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAGGER_HOME", str(folder / "home"))
        patch.chdir(folder)
        run("tagger add earlier.jsonl")
        for ending in ("jsonl", "xlsx", "csv"):
            run(f"tagger batch news -o cards.{ending} --with-text --explain --jobs 1")
        run("tagger review more -o review.xlsx -n 3")
        _check_every_row(folder / "review.xlsx")
    return folder


def _check_every_row(path: Path) -> None:
    """Mark the rows of a review workbook, as the person does who has read them."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    checked = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "已核对")
    for number in range(checked.row + 1, sheet.max_row + 1):
        sheet.cell(number, checked.column, "是")
    workbook.save(path)


def run(command: str, text: str = "") -> str:
    """Run one command of the tagger and return what it prints; it must end with status 0."""
    arguments = shlex.split(command)
    assert arguments[0] == "tagger"
    result = CliRunner().invoke(tagger, arguments[1:], input=text, prog_name="tagger")
    assert result.exit_code == 0, f"{command}: {result.output}{result.exception or ''}"
    return result.output


def parse(command: str) -> None:
    """Let click check the arguments and options of a command, and go no further."""
    words = shlex.split(command)[1:]
    found: click.Command = tagger
    parent = click.Context(tagger, info_name="tagger")
    while isinstance(found, click.Group) and words:
        below = found.get_command(parent, words[0])
        assert below is not None, f"there is no command {words[0]!r}"
        found, words = below, words[1:]
    found.make_context(found.name, words, parent=parent)


@pytest.mark.parametrize("printed", OF_TAGGER, ids=named)
def test_a_printed_command_works(
    printed: Printed, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(desk, tmp_path / "desk")
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "desk" / "home"))
    text = Path("notice.txt").read_text(encoding="utf-8")
    command = printed.command.replace("/tmp/", f"{tmp_path.as_posix()}/")
    if piped := re.fullmatch(r"cat (\S+) \| (.*)", command):
        text, command = Path(piped[1]).read_text(encoding="utf-8"), piped[2]
    if _is_parsed(command):
        parse(command)
        return
    run(command, text)
    if out := re.search(r"(?:-o|--output|--out|--csv) (\S+)", command):
        assert Path(out[1]).stat().st_size


@pytest.mark.parametrize("printed", OTHERS, ids=named)
def test_every_other_command_is_accounted_for(printed: Printed) -> None:
    if script := SCRIPT.fullmatch(printed.command):
        compile((ROOT / script["script"]).read_text(encoding="utf-8"), script["script"], "exec")
    else:
        assert _of(ELSEWHERE, printed.command), printed.command


def test_commands_are_found() -> None:
    commands = {printed.command for printed in PRINTED}
    assert {"tagger tag notice.txt --json", "tagger batch news/ -o cards.xlsx", "tagger train"} <= commands


def test_both_readmes_print_the_same_commands() -> None:
    english, chinese = ([printed.command for printed in commands_of(path)] for path in READMES)
    assert english == chinese


def test_an_extra_that_is_named_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = "".join(path.read_text(encoding="utf-8") for path in EVERY_DOCUMENT)
    extras = re.findall(r'(?:notice-tagger|\.)\[([a-z,]+)\]"', text)
    assert extras
    assert {name for some in extras for name in some.split(",")} <= set(project["optional-dependencies"])


@pytest.mark.parametrize("path", EVERY_DOCUMENT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = path.parent / file if file else path
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            broken.append(target)
    assert not broken


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_a_readme_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


def test_the_command_reference_is_what_help_prints() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert page == _script("docs/build_commands.py").reference(), "run: python docs/build_commands.py"


def test_every_document_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_the_changelog_has_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(__version__)}\b", changes, flags=re.MULTILINE)


FIGURES = [*READMES, ROOT / "docs" / "model.md"]


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.name)
def test_figures_are_written_between_their_marks(path: Path, tmp_path: Path) -> None:
    figures = _script("benchmarks/figures.py")
    judged = {
        target: [Judged((("甲",),), ("甲",))] for target in (*TARGETS, "statutes_cited", "statutes_likely")
    }
    columns = [figures.Column(name, 1, measured(name, judged), {}) for name in ("dev", "written", "casebook")]
    copy = tmp_path / path.name
    before = path.read_text(encoding="utf-8")
    copy.write_text(before, encoding="utf-8")
    figures.write(copy, columns, "default-000000")
    once = copy.read_text(encoding="utf-8")
    assert "1.000 [1.000, 1.000]" in once and "default-000000" in once
    assert before.partition("<!-- figures")[0] == once.partition("<!-- figures")[0]
    assert before.partition("<!-- /figures")[2] == once.partition("<!-- /figures")[2]
    figures.write(copy, columns, "default-000000")
    assert copy.read_text(encoding="utf-8") == once


def _script(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
