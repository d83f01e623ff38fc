"""`tagger tag`: one notice from a file, a pipe or the prompt."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tagger.cli.options import coverage_option, date_option, model_option


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print result lines (JSON), one a case.")
@click.option("--explain", is_flag=True, help="Add the evidence in the text and the nearest cases.")
@click.option("--with-text", is_flag=True, help="Add the cleaned text, where the spans count, to the JSON.")
@click.option("--no-split", is_flag=True, help="Take the text as one case, round-up or not.")
@click.option("--redact", is_flag=True, help="Mask names, identity and telephone numbers in what is printed.")
@date_option
@model_option
@coverage_option
def command(
    file: Path | None,
    as_json: bool,
    explain: bool,
    with_text: bool,
    no_split: bool,
    redact: bool,
    date: str | None,
    model: str | None,
    coverage: float,
) -> None:
    """Fill in the case card of one notice.

    FILE is a text, a saved page, a Word or PDF file; without it, or as -, the notice is read from
    standard input or pasted at the prompt.
    """
    from tagger.notice.read import read_path, read_piped
    from tagger.tagger import Tagger

    if file is None or str(file) == "-":
        if sys.stdin.isatty():
            click.echo("Paste the notice, then press Ctrl-D (Ctrl-Z and Enter on Windows):", err=True)
        documents = list(read_piped(sys.stdin.buffer.read()))
    else:
        documents = list(read_path(file, file.name))
    tagger = Tagger.load(model, coverage=coverage)
    cards = [
        card
        for document in documents
        for card in tagger.tag_document(document, split=not no_split, date=date, explain=explain)
    ]
    if redact:
        from tagger.redact import redact_card

        cards = [redact_card(card) for card in cards]
    if as_json:
        for card in cards:
            click.echo(json.dumps(card.to_record(with_text=with_text), ensure_ascii=False))
        return
    from tagger.render import show

    for card in cards:
        show(card)
