"""What learning is worth and costs: planted slips that the audit finds, and a training on very many cases.

    python benchmarks/learning.py slips [--seeds 5]         of 10 % wrong labels, how many are ranked high
    python benchmarks/learning.py train [--cases 100000]    `tagger train` on so many: minutes and GiB

The figures of docs/retraining.md are its output.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import corpus
import numpy as np

from tagger import store
from tagger.audit import audit, unseen
from tagger.casebook import Case, case_from_record, read_cases
from tagger.classify.training import Ground
from tagger.law.catalogue import load_catalogue
from tagger.selection import MAIN
from tagger.store import Entry, Source
from tagger.taxonomy import taxonomy

WRONG = 0.1
"""The share of labels that are made wrong."""
TOP = 0.2
"""The share of the ranking that is looked at."""


def planted(cases: Sequence[Case], seed: int) -> tuple[list[Case], set[tuple[str, str]]]:
    """The cases with a tenth of the labels of each main target made wrong, and which those are."""
    dice, spoilt, where = Random(seed), list(cases), set[tuple[str, str]]()
    for target in MAIN:
        for row in dice.sample(range(len(cases)), round(WRONG * len(cases))):
            right = cases[row].labels(target)
            wrong = dice.choice([str(label) for label in taxonomy()[target].labels if label not in right])
            spoilt[row] = replace(spoilt[row], **{target: (wrong,)})  # type: ignore[arg-type]
            where.add((cases[row].id, target))
    return spoilt, where


def slips(seeds: int) -> None:
    """Prints the share of planted labels found, by target and of all, in the ranking by doubt."""
    cases, ground, catalogue = read_cases(), Ground.shipped(), load_catalogue(None)
    found: dict[str, list[float]] = {}
    for seed in range(seeds):
        spoilt, where = planted(cases, seed)
        judged = unseen(spoilt, ground)
        ranking: list[tuple[float, str, str]] = []
        for target in MAIN:
            doubts = judged.doubts(target)
            ranked = sorted(((-doubt, case.id) for doubt, case in zip(doubts, spoilt, strict=True)))
            top = {(case, target) for _, case in ranked[: round(TOP * len(spoilt))]}
            of_target = {one for one in where if one[1] == target}
            found.setdefault(target, []).append(len(top & of_target) / len(of_target))
            ranking += [(doubt, case, target) for doubt, case in ranked]
        top = {(case, target) for _, case, target in sorted(ranking)[: round(TOP * len(ranking))]}
        found.setdefault("all three fields", []).append(len(top & where) / len(where))
        listed = [(one.case.id, one.field) for one in audit(spoilt, ground, catalogue, judged)]
        top = set([one for one in listed if one[1] in MAIN][: round(TOP * len(ranking))])
        found.setdefault("`tagger audit`", []).append(len(top & where) / len(where))
        print(seed, {name: round(shares[-1], 2) for name, shares in found.items()}, file=sys.stderr)
    print(f"| of {WRONG:.0%} wrong labels, found in the first {TOP:.0%} | mean | least | most |")
    print("|---|---|---|---|")
    for name, shares in found.items():
        print(f"| {name} | {np.mean(shares):.0%} | {min(shares):.0%} | {max(shares):.0%} |")


def train(count: int) -> None:
    """Prints what `tagger train` takes where the user's casebook has so many cases."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        source = Source("made.jsonl", "")
        store.add_cases(
            home / "cases.jsonl", [Entry(case_from_record(row), source) for row in corpus.cases(count)]
        )
        print(f"{count:,} cases, {(home / 'cases.jsonl').stat().st_size >> 20} MiB", file=sys.stderr)
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "tagger", "train"], env=os.environ | {"TAGGER_HOME": folder}
        )
        most = 0
        while process.poll() is None:
            most = max(most, _memory(process.pid))
            time.sleep(1)
        minutes = (time.monotonic() - started) / 60
        used = os.times()
        cpu = (used.children_user + used.children_system) / 60
        print(f"status {process.returncode}, load {os.getloadavg()[0]:.1f}")
        print(f"{count:,} cases: {minutes:.1f} min, {cpu:.1f} CPU min, {most / 2**30:.1f} GiB")


def _memory(root: int) -> int:
    """The bytes that a process and its children hold, what they share counted once (Linux)."""
    parent: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family, held = {root}, 0
    while more := {child for child, of in parent.items() if of in family} - family:
        family |= more
    for process in family:
        try:
            rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        held += sum(int(row.split()[1]) << 10 for row in rows if row.startswith("Pss:"))
    return held


def main() -> None:
    """Parse the call."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("slips").add_argument("--seeds", type=int, default=5)
    what.add_parser("train").add_argument("--cases", type=int, default=100_000)
    asked = parser.parse_args()
    if asked.what == "slips":
        slips(asked.seeds)
    else:
        train(asked.cases)


if __name__ == "__main__":
    main()
