"""`tagger models` as a person calls it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tagger import cli, shipped

Run = Callable[..., tuple[int, str, str]]

MANIFEST = {
    "data": {"cases": 164, "own": 63, "sha256": "fd24b7c679d7d70ccb23"},
    "figures": {"cross-validation": {"all three": [0.7073, 0.6364, 0.7791]}},
}


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    make_model: Callable[..., Path],
) -> Run:
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(shipped, "MODELS", tmp_path / "shipped")
    make_model(tmp_path / "shipped" / "default", "default-1")
    make_model(tmp_path / "home" / "models" / "a", "a", **MANIFEST)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tagger", "models", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, out, err

    return call


@pytest.mark.parametrize("arguments", [[], ["list"]])
def test_list(run: Run, arguments: list[str]) -> None:
    status, out, _ = run(*arguments)
    assert status == 0
    shipped_line, own_line = out.splitlines()
    assert shipped_line.startswith("* shipped\t") and own_line.startswith("  a\t")
    assert own_line.endswith(
        "164 cases (63 yours), data fd24b7c679d7, all three right 0.71 [0.64, 0.78] by cross-validation"
    )


@pytest.mark.parametrize("figures", [0.5, {"cross-validation": {"all three": "x"}}, {"a": None}])
def test_list_says_where_a_manifest_is_odd(
    run: Run, tmp_path: Path, make_model: Callable[..., Path], figures: object
) -> None:
    make_model(tmp_path / "home" / "models" / "b", "b", figures=figures)
    status, out, _ = run("list")
    assert status == 0 and "  b\tits manifest is not in order\n" in out


def test_use_show_and_rollback(run: Run) -> None:
    assert run("use", "a") == (0, "in use: a\n", "")
    assert json.loads(run("show")[1])["name"] == "a"
    assert json.loads(run("show", "shipped")[1])["name"] == "default-1"
    assert run("rollback") == (0, "in use: shipped\n", "")
    assert run("rollback")[0] == 2


def test_export_import_and_remove(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    assert run("export", "a", "-o", file) == (0, f"a -> {file}\n", "")
    status, _, err = run("import", file)
    assert status == 2 and "--name" in err
    assert run("import", file, "--name", "b")[:2] == (
        0,
        "imported: b; put it in use with: tagger models use b\n",
    )
    assert run("remove", "a") == (0, "removed: a\n", "")
    assert "  a\t" not in run()[1]
    assert run("use", "a")[0] == 2


def test_wrong_names_are_one_line(run: Run) -> None:
    status, out, err = run("use", "../a")
    assert (status, out) == (2, "") and err.count("\n") == 1 and "shipped, a" in err
