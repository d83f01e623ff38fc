"""The command line: parse what a person gave, call one function below, render. No logic.

Each command lives in a module of its own that is imported only when it is called, so that
`tagger tag` does not pay for what `tagger train` needs.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from tagger import __version__
from tagger.collector import passing_over_what_is_left
from tagger.errors import TaggerError

_COMMANDS = {
    "tag": ("tagger.cli.tag", "Fill in the case card of one notice."),
    "batch": ("tagger.cli.batch", "Tag folders, files and tables into one output."),
    "add": ("tagger.cli.add", "Check new labelled cases and add them to your casebook."),
    "cases": ("tagger.cli.cases", "Export or erase the cases that you added."),
    "train": ("tagger.cli.train", "Train a model, compare it, and keep it if it is no worse."),
    "evaluate": ("tagger.cli.evaluate", "Print the honest figures of the model."),
    "models": ("tagger.cli.models", "List, show, use, roll back, compare, export, import models."),
    "audit": ("tagger.cli.audit", "List the labels of the casebook that look wrong, worst first."),
    "review": ("tagger.cli.review", "Pick the cards that a person should look at first."),
    "report": ("tagger.cli.report", "Write the report on a batch: distributions, statutes, sanctions."),
    "law": ("tagger.cli.law", "Look a statute up: gist, role, what sanctions it."),
    "serve": ("tagger.cli.serve", "Open the local workbench in a browser."),
}


class _Commands(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The one-line helps stand here, so that --help imports no command.
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="tagger")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def tagger(ctx: click.Context, debug: bool) -> None:
    """Fill in the case card (案例卡片) of Chinese network-security enforcement notices."""
    ctx.obj = debug


def main() -> None:
    """The console script.

    Exit status: 0 done; 1 some inputs failed; 2 the call was wrong or nothing was done.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console in another encoding must not stop a card
            stream.reconfigure(errors="replace" if stream.isatty() else "strict")
    try:
        status = tagger.main(standalone_mode=False)  # what a command passed to ctx.exit(), else None
        sys.exit(status if isinstance(status, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("tagger: interrupted", err=True)
        sys.exit(2)
    except TaggerError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"tagger: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(2)
    finally:
        passing_over_what_is_left()
