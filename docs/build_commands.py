"""Writes docs/commands.md, the command reference, from what `--help` says.

python docs/build_commands.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tagger.cli import tagger

REFERENCE = Path(__file__).with_name("commands.md")
_WIDTH = 80
_HEAD = """\
# The commands

What `--help` prints, command by command; `python docs/build_commands.py` writes this page.
Exit status of all: 0 done; 1 done, but some inputs failed; 2 the call was wrong or nothing could be done.
"""


def reference() -> str:
    """The whole page."""
    sections = [
        f"## {context.command_path}\n\n```text\n{context.get_help()}\n```\n" for context in _contexts()
    ]
    return "\n".join([_HEAD, *sections])


def _contexts() -> Iterator[click.Context]:
    yield from _below(click.Context(tagger, info_name="tagger", terminal_width=_WIDTH))


def _below(context: click.Context) -> Iterator[click.Context]:
    """A command and, behind it, those that it groups, in the order in which it lists them."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None:
                yield from _below(click.Context(command, parent=context, info_name=name))


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
