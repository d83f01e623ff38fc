"""Measures this tagger beside the obvious build (obvious.py), in one run, alternating; prints ratios.

    python benchmarks/run.py            the sizes of the issue: 10,000 notices, texts to 100,000 characters …
    python benchmarks/run.py --quick    about three minutes
    python benchmarks/run.py --picture speed.png

Wall time is what a person waits; CPU time (user and system, with that of child processes) is what to
compare where other programs share the cores. Ratios are of medians. fastText is measured beside both
where it is installed. Nothing is left behind: models, notices and the workspace lie in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median

import corpus

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "data" / "sample-notice.txt"
OURS, OBVIOUS, FASTTEXT = "tagger", "obvious", "fastText"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: `rounds` are the runs of each build, alternating."""

    rounds: int
    notices: int
    training: tuple[int, ...]
    growth: tuple[int, ...]
    characters: tuple[int, ...]
    labels: tuple[int, ...]


FULL = Sizes(
    rounds=7,
    notices=10_000,
    training=(101, 1_000, 10_000, 100_000),
    growth=(1_000, 10_000, 100_000),
    characters=(100, 1_000, 10_000, 100_000),
    labels=(35, 350, 5_000),
)
QUICK = Sizes(
    rounds=3,
    notices=3_000,
    training=(101, 400),
    growth=(500, 2_000),
    characters=(100, 1_000, 10_000, 100_000),
    labels=(35, 150),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program: seconds, and the most memory it held (MiB)."""

    wall: float
    cpu: float
    memory: float


def environment(home: Path) -> dict[str, str]:
    """Every program's own: bytecode is kept, as that of installed packages is, in a place of its own."""
    own = {"TAGGER_HOME": str(home), "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    return {name: kept for name, kept in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own


def run(arguments: Sequence[str | Path], home: Path) -> Run:
    """Runs a Python program to its end. Raises CalledProcessError with what it said where it fails."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=environment(home),
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise subprocess.CalledProcessError(process.returncode, arguments, stderr=said.read().decode())
    # ru_maxrss is in KiB, on macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def leave_bytecode(folder: Path) -> None:
    """Runs each program once, so that none is measured compiling itself."""
    run([HERE / "obvious.py", "tag", folder / "obvious", SAMPLE], folder)
    run(["-m", "tagger", "tag", "--json", SAMPLE], folder)
    run(["-m", "tagger", "batch", SAMPLE, "-o", folder / "first.jsonl", "--jobs", "1"], folder)


def alternating(builds: dict[str, Callable[[], Run]], rounds: int) -> dict[str, Run]:
    """The median run of each build; a round runs every build once."""
    runs: dict[str, list[Run]] = {name: [] for name in builds}
    for _ in range(rounds):
        for name, once in builds.items():
            runs[name].append(once())
    return {
        name: Run(*(median(getattr(one, field) for one in found) for field in ("wall", "cpu", "memory")))
        for name, found in runs.items()
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was measured, of both builds, and the ratio that is wanted."""

    what: str
    ours: float | None
    obvious: float | None
    wanted: str = ""

    def line(self) -> str:
        """The row as text, ours divided by the obvious build's."""
        ratio = f"{self.ours / self.obvious:8.2f}" if self.ours and self.obvious else " " * 8
        cells = (f"{value:12.4g}" if value is not None else " " * 12 for value in (self.ours, self.obvious))
        return f"{self.what:<46}{''.join(cells)}{ratio}   {self.wanted}".rstrip()


def cold(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """(a) One notice from the prompt: the interpreter, the imports, the model and the card."""
    found = alternating(
        {
            OURS: partial(run, ["-m", "tagger", "tag", "--json", SAMPLE], folder),
            OBVIOUS: partial(run, [HERE / "obvious.py", "tag", folder / "obvious", SAMPLE], folder),
        },
        sizes.rounds,
    )
    ours, obvious = found[OURS], found[OBVIOUS]
    yield Row("cold, wall (s)", ours.wall, obvious.wall, "<= 0.15")
    yield Row("cold, CPU (s)", ours.cpu, obvious.cpu)
    yield Row("cold, peak memory (MiB)", ours.memory, obvious.memory, "<= 0.40")


def batch(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """(b) Many notices, net of start-up: what a batch takes longer than one of half as many.

    A batch of one would not do: it starts no worker.
    """
    half = corpus.write(corpus.notices(sizes.notices // 2), folder / "half.jsonl")
    many = corpus.write(corpus.notices(sizes.notices), folder / "many.jsonl")

    def ours(path: Path, jobs: int) -> Run:
        out = folder / "ours.jsonl"
        out.unlink(missing_ok=True)
        return run(["-m", "tagger", "batch", path, "-o", out, "--jobs", str(jobs)], folder)

    def obvious(path: Path) -> Run:
        return run([HERE / "obvious.py", "batch", folder / "obvious", path, folder / "out.jsonl"], folder)

    cores = os.cpu_count() or 1
    rounds = max(1, sizes.rounds // 2)
    found = alternating(
        {
            "one half": partial(ours, half, 1),
            "one": partial(ours, many, 1),
            "all half": partial(ours, half, cores),
            "all": partial(ours, many, cores),
            "obvious half": partial(obvious, half),
            "obvious": partial(obvious, many),
        },
        rounds,
    )

    def rate(name: str, clock: str) -> float:
        net: float = getattr(found[name], clock) - getattr(found[f"{name} half"], clock)
        return (sizes.notices - sizes.notices // 2) / max(net, 1e-9)

    yield Row("batch, one core, notices a second", rate("one", "wall"), rate("obvious", "wall"), ">= 5")
    yield Row("batch, one core, notices a CPU second", rate("one", "cpu"), rate("obvious", "cpu"), ">= 5")
    yield Row(f"batch, {cores} cores, notices a second", rate("all", "wall"), rate("obvious", "wall"), ">= 8")
    yield Row(f"batch, {cores} cores beside one", rate("all", "wall"), rate("one", "wall"), ">= 1.7")
    yield Row("batch, peak memory of a process (MiB)", found["one"].memory, found["obvious"].memory)


def training(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """(c) Training, without the out-of-fold models, against the number of cases."""
    for count in sizes.training:
        path = corpus.write(corpus.cases(count), folder / f"cases-{count}.jsonl")
        ours = run([__file__, "--train", path], folder)
        obvious = run([HERE / "obvious.py", "train", folder / "grown", path], folder)
        yield Row(f"training on {count:,} cases, wall (s)", ours.wall, obvious.wall, "linear; 101: <= 10 s")
        yield Row(f"training on {count:,} cases, memory (MiB)", ours.memory, obvious.memory)


def train(path: Path) -> None:
    """What (c) measures of this tagger: from labelled cases to a model."""
    from tagger.casebook import read_cases
    from tagger.classify.training import quick_model

    quick_model(read_cases(path))


def growth(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """(d) More notices, longer texts, more labels: the time of each step and how it grows."""
    from tagger.tagger import Tagger

    tagger = Tagger.load("shipped")
    yield from _growing("notices tagged, CPU (s)", sizes.growth, lambda n: _tag_many(tagger, n))
    yield from _growing("characters in a text, CPU (s)", sizes.characters, lambda n: _tag_long(tagger, n))
    yield from _growing("labels of a target, scoring (s)", sizes.labels, _score_labels)


def _growing(what: str, sizes: Sequence[int], once: Callable[[int], float]) -> Iterator[Row]:
    """The seconds of each size, each beside what the size before would make it if it grew linearly."""
    once(sizes[0])  # tables and caches are filled by the first call
    taken = {size: min(once(size) for _ in range(3)) for size in sizes}
    yield Row(f"{sizes[0]:,} {what}", taken[sizes[0]], None)
    for smaller, larger in pairwise(sizes):
        linear = taken[smaller] * larger / smaller
        yield Row(f"{larger:,} {what}", taken[larger], linear, "of linear: <= about 1")


def _tag_many(tagger: object, count: int) -> float:
    rows = list(corpus.notices(count))
    start = time.process_time()
    for row in rows:
        tagger.tag(row["text"], title=row["title"], date=row["date"])  # type: ignore[attr-defined]
    return time.process_time() - start


def _tag_long(tagger: object, characters: int) -> float:
    row = next(corpus.notices(1, characters))
    start = time.process_time()
    tagger.tag(row["text"], title=row["title"], date=row["date"])  # type: ignore[attr-defined]
    return time.process_time() - start


def _score_labels(labels: int) -> float:
    """A thousand notices that touch 300 of 5,000 rows, scored for so many labels: gather and sum."""
    import numpy as np

    dice = np.random.default_rng(0)
    weights = dice.normal(size=(5_000, labels)).astype("f4")
    rows = [(dice.integers(0, 5_000, 300), dice.random(300)) for _ in range(1_000)]
    start = time.process_time()
    for touched, values in rows:
        values @ weights[touched]
    return time.process_time() - start


def fasttext(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """What fastText needs for one target of the same notices, where it is installed."""
    try:
        import fasttext as library
    except ImportError:
        return
    cases, notices = corpus.cases(101), list(corpus.notices(sizes.notices))
    lines = (f"__label__{one['industry'][0]} {' '.join(str(one['facts']))}" for one in cases)  # type: ignore[index]
    path = folder / "fasttext.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    model = library.train_supervised(str(path), wordNgrams=2, epoch=25, verbose=0)
    start = time.process_time()
    for notice in notices:
        model.predict(" ".join(str(notice["text"])).replace("\n", " "))
    rate = sizes.notices / (time.process_time() - start)
    yield Row(f"{FASTTEXT}, one target, notices a CPU second", None, rate)


def picture(rows: Sequence[Row], path: Path) -> None:
    """Draws the ratios, ours to the obvious build's, on a logarithmic scale."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    shown = [row for row in rows if row.ours and row.obvious]
    figure, axes = plt.subplots(figsize=(9, 0.32 * len(shown) + 1.2), layout="constrained")
    ratios = [row.ours / row.obvious for row in shown if row.ours and row.obvious]
    axes.barh([row.what for row in shown], ratios, color="#33658a")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.invert_yaxis()
    axes.set_xlabel("tagger / obvious build (growth: measured / linear)")
    figure.savefig(path)


def main() -> None:
    """Measures what is asked for and prints the table as it comes."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, about three minutes")
    parser.add_argument("--only", choices=("cold", "batch", "training", "growth"), action="append")
    parser.add_argument("--picture", type=Path, help="draw the ratios (needs matplotlib)")
    parser.add_argument("--json", type=Path, help="keep the rows, to compare with a later run")
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.train:
        train(asked.train)
        return
    sizes = QUICK if asked.quick else FULL
    parts = {"cold": cold, "batch": batch, "training": training, "growth": growth, "fasttext": fasttext}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        run([HERE / "obvious.py", "train", folder / "obvious"], folder)
        leave_bytecode(folder)
        if hasattr(os, "getloadavg"):
            print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"{'':<46}{OURS:>12}{OBVIOUS:>12}{'ratio':>8}   wanted")
        for name, part in parts.items():
            if asked.only and name not in asked.only:
                continue
            for row in part(sizes, folder):
                rows.append(row)
                print(row.line(), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps([[r.what, r.ours, r.obvious] for r in rows]), encoding="utf-8")
    if asked.picture:
        picture(rows, asked.picture)


if __name__ == "__main__":
    main()
