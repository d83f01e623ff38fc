"""`tagger batch`: folders, files and tables into one output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagger.cli.options import coverage_option, date_option, model_option

if TYPE_CHECKING:
    from tagger.batch.results import Progress, Summary
    from tagger.batch.spread import Spreading
    from tagger.batch.work import Settings


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="The output: .jsonl, .csv, .xlsx or .parquet by its ending, or - for JSON lines on standard output.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes.  [default: one a core]")
@click.option("--resume", is_flag=True, help="Go on with the batch that was interrupted.")
@click.option(
    "--watch", is_flag=True, help="Tag what newly appears too, until stopped (Ctrl-C); .jsonl only."
)
@click.option(
    "--max-size",
    type=click.FloatRange(min=0, min_open=True),
    default=20,
    show_default=True,
    metavar="MB",
    help="Refuse larger files by name.",
)
@click.option("--no-split", is_flag=True, help="Take every text as one case, round-up or not.")
@click.option("--explain", is_flag=True, help="Add the evidence in the text and the nearest cases.")
@click.option(
    "--with-text", is_flag=True, help="Add the cleaned text to the JSON lines (tables have it anyway)."
)
@click.option("--redact", is_flag=True, help="Mask names, identity and telephone numbers in what is written.")
@date_option
@model_option
@coverage_option
@click.option(
    "--backend", type=click.Choice(["loky", "dask"]), default="loky", help="dask: the machines of a cluster."
)
@click.option("--scheduler", metavar="ADDR", help="The Dask scheduler, such as tcp://10.0.0.5:8786.")
def command(
    paths: tuple[Path, ...],
    out: Path,
    jobs: int | None,
    resume: bool,
    watch: bool,
    max_size: float,
    no_split: bool,
    explain: bool,
    with_text: bool,
    redact: bool,
    date: str | None,
    model: str | None,
    coverage: float,
    backend: str,
    scheduler: str | None,
) -> None:
    """Tag folders (with all that is in them), files and tables into one output.

    A table (.jsonl, .csv, .xlsx) has the columns title, text, date and id, under English or Chinese
    headings. An input that fails is named in the output and the batch goes on.
    """
    from tagger.batch import run
    from tagger.batch.watch import watch as run_watch
    from tagger.batch.work import Settings, model_name

    to_stdout = str(out) == "-"
    if to_stdout and (resume or watch):
        raise click.UsageError("--resume and --watch need a file as output")
    if (backend == "dask") != (scheduler is not None):
        raise click.UsageError("--backend dask and --scheduler ADDR go together")
    settings = Settings(
        model=model,
        coverage=coverage,
        explain=explain,
        with_text=with_text or (not to_stdout and out.suffix.lower() != ".jsonl"),
        split=not no_split,
        redact=redact,
        date=date,
        max_size=int(max_size * 1_000_000),
    )
    name = model_name(settings)
    with _spreading(settings, jobs, scheduler) as spread:
        if to_stdout:
            summary = run.to_stream(paths, sys.stdout.buffer, settings, spread)
        elif watch:
            with _until_stopped() as wait:
                summary = run_watch(paths, out, settings, spread, wait, model=name)
        else:
            if not resume and run.was_interrupted(out):
                click.echo(
                    "an interrupted batch is begun anew; --resume would have gone on with it", err=True
                )
            with _progress() as tell:
                summary = run.run(paths, out, settings, spread, model=name, resume=resume, tell=tell)
    _report(summary, "standard output" if to_stdout else str(out))


@contextmanager
def _spreading(settings: Settings, jobs: int | None, scheduler: str | None) -> Iterator[Spreading]:
    if scheduler is None:
        from tagger.batch.run import spreading

        yield spreading(settings, jobs)
    else:
        from tagger.batch.cluster import spreading_on

        with spreading_on(scheduler, settings) as spread:
            yield spread


@contextmanager
def _until_stopped() -> Iterator[Callable[[float], bool]]:
    """Gives a wait that ends when the process is asked to stop: Ctrl-C, or SIGTERM from a service."""
    import signal
    from threading import Event

    stopped = Event()
    old = {
        number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped.wait
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """Draws how far the batch is, on a terminal; tells nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich import progress
    from rich.console import Console

    bar = progress.Progress(
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TextColumn(
            "{task.fields[inputs]} inputs, {task.fields[cards]} cards, {task.fields[rate]}/s"
        ),
        progress.TimeRemainingColumn(elapsed_when_finished=True),
        progress.TextColumn("left"),
        console=Console(stderr=True),
    )
    task = bar.add_task("", total=None, inputs="0", cards="0", rate="…")
    before: list[int] = []  # cards of an interrupted batch that is gone on with: none of this run's speed

    def tell(now: Progress) -> None:
        before.extend([now.cards] * (not before))
        elapsed = bar.tasks[0].elapsed or 0.0
        bar.update(
            task,
            completed=now.size,
            total=max(now.of_size, 1),
            inputs=f"{now.inputs:,} of {now.of_inputs:,}",
            cards=f"{now.cards:,}",
            rate=f"{(now.cards - before[0]) / elapsed:,.0f}" if elapsed > 1 else "…",
        )

    with bar:
        yield tell


def _report(summary: Summary, out: str) -> None:
    """Says what came of it; the exit status is 1 where an input failed."""
    for failure in summary.failures:
        click.echo(failure.message, err=True)
    if summary.failed > len(summary.failures):
        click.echo(f"… and {summary.failed - len(summary.failures):,} more", err=True)
    click.echo(
        f"{summary.cards:,} cards of {summary.events:,} events, {summary.review:,} to be looked at, "
        f"{summary.failed:,} inputs failed: {out}",
        err=True,
    )
    if summary.failed:
        click.get_current_context().exit(1)
