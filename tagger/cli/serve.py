"""`tagger serve`: the local workbench."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from tagger.cli.options import coverage_option, model_option
from tagger.errors import MissingExtra, TaggerError


class TokenNeeded(TaggerError):
    """A host that others can reach, without a token."""


@click.command()
@click.argument("results", required=False, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address needs --token.")
@click.option(
    "--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@click.option("--token", envvar="TAGGER_TOKEN", help="What a browser or client must show (or TAGGER_TOKEN).")
@model_option
@coverage_option
def command(
    results: Path | None, host: str, port: int, token: str | None, model: str | None, coverage: float
) -> None:
    """Open the local workbench: paste a notice, correct cards, retrain.

    RESULTS, the .jsonl that `tagger batch --with-text` wrote, becomes a queue sorted by doubt. The
    same operations are a REST interface, described at /docs.
    """
    from tagger.web import LOOPBACK

    if host not in LOOPBACK and not token:
        raise TokenNeeded(f"--host {host} lets others in: give a --token too (or set TAGGER_TOKEN)")
    try:
        from tagger.web.app import create_app, listen, serve
        from tagger.web.guard import Policy
        from tagger.web.workbench import Workbench
    except ImportError as error:
        raise MissingExtra("the workbench", "web") from error
    from tagger.tagger import Tagger
    from tagger.workspace import workspace

    def load(name: str | None) -> Tagger:
        return Tagger.load(name, coverage=coverage)

    # Who can show the token is let in under whatever name the machine has.
    policy = Policy(hosts=LOOPBACK if host in LOOPBACK else None, token=token)
    workbench = Workbench(workspace(), load, model=model, results=results)
    listening = listen(host, port)
    address = f"[{host}]" if ":" in host else host
    suffix = f"/?token={token}" if token else "/"
    click.echo(
        f"the workbench: http://{address}:{listening.getsockname()[1]}{suffix} (Ctrl-C ends it)", err=True
    )
    with suppress(KeyboardInterrupt):  # the server ends by one, or has ended before it could be raised
        serve(create_app(workbench, policy), listening)
    click.echo("the workbench is closed", err=True)
