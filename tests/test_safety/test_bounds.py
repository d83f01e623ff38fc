"""The oldest allowed versions stand in one file, and are those of pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_oldest_versions_are_the_lower_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(one for name in extras if name != "dev" for one in extras[name])]
    lines = (ROOT / "tests" / "oldest-constraints.txt").read_text(encoding="utf-8").splitlines()
    oldest = dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    for one in wanted:
        found = re.match(r"([\w-]+)(?:\[\w+\])?>=([\d.]+)", one)
        assert found is not None, one
        kept = [int(part) for part in oldest[found[1]].split(".")]
        bound = [int(part) for part in found[2].split(".")]
        assert kept[: len(bound)] == bound and not any(kept[len(bound) :]), one
