"""Memory does not grow with the folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from conftest import load
from tagger.batch.run import run, spreading
from tagger.batch.work import Settings

settings = Settings(with_text=True)
run([Path(sys.argv[2])], Path(sys.argv[3]), settings, spreading(settings, 1, load))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

ALLOWED = 24 * 1024
"""KiB between 100 and 10,000 files: three tenths of what a process with the shipped model takes (80 MiB)."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the system's own measure, in KiB")
def test_ten_thousand_files_take_little_more_than_a_hundred(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    peaks = []
    for number in (100, 10_000):
        news = write(tmp_path / str(number), number)
        command = [
            sys.executable,
            "-c",
            SCRIPT,
            str(Path(__file__).parent),
            str(news),
            str(tmp_path / "c.csv"),
        ]
        told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
        peaks.append(int(told.stdout))
    assert peaks[1] - peaks[0] < ALLOWED
