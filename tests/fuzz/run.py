"""Coverage-guided fuzzing with atheris (`pip install atheris`): `python tests/fuzz/run.py --seconds 60`.

Without names all targets share the time, one after the other, each in a process of its own. What crashes
is kept as `crash-TARGET-…` in the folder of --out, with the seeds that libFuzzer found; the exit status is
1 where anything did. `python tests/fuzz/run.py TARGET --replay FILE` runs one input.
"""

from __future__ import annotations

import argparse
import logging
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"


def fuzz(target: str, arguments: list[str]) -> None:
    """Hands this process over to libFuzzer."""
    import atheris

    with atheris.instrument_imports(include=["tagger"]):
        import targets
    warnings.simplefilter("ignore")  # of parsers, about what is wrong with a file
    logging.disable(logging.CRITICAL)
    targets.TARGET_FUNCTIONS[target](b"")
    atheris.Setup([sys.argv[0], *arguments], targets.TARGET_FUNCTIONS[target])
    atheris.Fuzz()


def run(target: str, seconds: int, out: Path, longest: int = 3000) -> tuple[int, bool]:
    """How many executions a target got in some seconds, and whether one crashed."""
    found = out / target
    found.mkdir(parents=True, exist_ok=True)
    (CORPUS / target).mkdir(parents=True, exist_ok=True)
    told = subprocess.run(
        [
            sys.executable, str(HERE / "run.py"), target, "--child", "--", str(found), str(CORPUS / target),
            f"-max_total_time={seconds}", f"-max_len={longest}", "-timeout=60", "-rss_limit_mb=4096",
            "-print_final_stats=1", f"-artifact_prefix={out}/crash-{target}-",
        ],
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    counted = re.findall(r"number_of_executed_units: (\d+)", told.stderr)
    counted = counted or re.findall(r"^#(\d+)\t", told.stderr, re.MULTILINE) or ["0"]
    executions, crashed = int(counted[-1]), told.returncode != 0
    print(f"{target:16} {executions:>10,} executions {'CRASH' if crashed else ''}", flush=True)
    if crashed:
        print((told.stdout + told.stderr)[-4000:], flush=True)
    return executions, crashed


def main() -> int:
    """The command."""
    from_here = sys.argv[1:]
    if "--child" in from_here:
        fuzz(from_here[0], from_here[from_here.index("--") + 1 :])
        return 0
    import targets

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(targets.TARGET_FUNCTIONS))
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together")
    parser.add_argument(
        "--out", type=Path, help="where crashes and seeds are kept; default: a temporary folder"
    )
    parser.add_argument("--longest", type=int, default=3000, help="bytes of an input; short ones go faster")
    parser.add_argument("--replay", type=Path, help="run one input and stop")
    given = parser.parse_args()
    names = given.targets or list(targets.TARGET_FUNCTIONS)
    if given.replay:
        targets.TARGET_FUNCTIONS[names[0]](given.replay.read_bytes())
        return 0
    out = given.out or Path(tempfile.mkdtemp(prefix="fuzz-"))
    results = [run(name, max(1, given.seconds // len(names)), out, given.longest) for name in names]
    crashes = sum(crashed for _, crashed in results)
    print(f"{sum(n for n, _ in results):,} executions, {crashes} crashes; seeds and crashes in {out}")
    return int(crashes > 0)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(main())
