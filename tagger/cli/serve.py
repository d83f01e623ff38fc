"""`tagger serve`: the local workbench."""

from __future__ import annotations

from pathlib import Path

import click

from tagger.cli.options import model_option
from tagger.errors import MissingExtra, TaggerError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class TokenNeeded(TaggerError):
    """A host that others can reach, without a token."""


@click.command()
@click.argument("results", required=False, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address needs --token.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535))
@click.option("--token", envvar="TAGGER_TOKEN", help="What a browser or client must show.")
@model_option
def command(results: Path | None, host: str, port: int, token: str | None, model: str | None) -> None:
    """Open the local workbench: paste a notice, correct cards, retrain.

    RESULTS, the .jsonl that `tagger batch --with-text` wrote, becomes a queue sorted by doubt.
    """
    if host not in _LOOPBACK and not token:
        raise TokenNeeded(f"--host {host} lets others in: give a --token too (or set TAGGER_TOKEN)")
    try:
        from tagger.web.app import create_app, serve
        from tagger.web.guard import Policy
        from tagger.web.workbench import Workbench
    except ImportError as error:
        raise MissingExtra("the workbench", "web") from error
    from tagger.tagger import Tagger
    from tagger.workspace import workspace

    workbench = Workbench(workspace(), lambda: Tagger.load(model), results)
    policy = Policy(hosts=frozenset({*_LOOPBACK, host}), token=token)
    suffix = f"/?token={token}" if token else "/"
    click.echo(f"the workbench: http://{host}:{port}{suffix} (Ctrl-C ends it)", err=True)
    serve(create_app(workbench, policy), host, port)
