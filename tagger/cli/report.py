"""`tagger report`: the report on a batch, as a page, a workbook, a text or a picture."""

from __future__ import annotations

from pathlib import Path

import click

from tagger.errors import TaggerError

FORMATS = ("html", "md", "png", "svg", "xlsx")


class UnknownReportFormat(TaggerError):
    """The output's ending names no format of a report."""


@click.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The report's file.")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Default: by the output's ending.")
@click.option("--title", default="网络安全行政执法案例分析报告", show_default=True, help="Its title.")
def command(results: Path, output: Path, kind: str | None, title: str) -> None:
    """Write the report on RESULTS, the output of `tagger batch` (or a casebook).

    It counts an event once, shows distributions, statutes by edition, sanctions and patterns, and
    opens offline.
    """
    from tagger.durable import replace_file
    from tagger.report import charts, page, sheets
    from tagger.report.entries import read_batch
    from tagger.report.figures import count

    kind = kind or {"htm": "html"}.get(ending := output.suffix.lower().removeprefix("."), ending)
    if kind not in FORMATS:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise UnknownReportFormat(f"{output}: a report ends in {endings}, or give --format")
    figures = count(read_batch(results))
    match kind:
        case "html":
            written = page.html(figures, title)
        case "md":
            written = page.markdown(figures, title)
        case "xlsx":
            written = sheets.workbook(figures)
        case "png":
            written = charts.poster(figures, "png")
        case _:
            written = charts.poster(figures, "svg")
    replace_file(output, written)
    click.echo(f"{output}: {len(figures.events)} events of {figures.cases} cases", err=True)
