"""The user's own folder: added cases, trained models, lexicons and laws of their own.

`TAGGER_HOME`, else the platform's data folder. An upgrade of the package leaves it alone.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct


class Workspace(Struct, frozen=True):
    """Where a user's things lie; nothing is created until something is written."""

    home: Path

    @property
    def cases(self) -> Path:
        """The user's casebook: an append-only log, see store.py."""
        return self.home / "cases.jsonl"

    @property
    def models(self) -> Path:
        """Trained models, one folder each, and the name of the one in use."""
        return self.home / "models"

    @property
    def lexicon(self) -> Path:
        """Word files laid over the shipped ones."""
        return self.home / "lexicon"

    @property
    def law(self) -> Path:
        """Law tables laid over the shipped ones."""
        return self.home / "law"


def workspace() -> Workspace:
    """The workspace of this user."""
    home = os.environ.get("TAGGER_HOME")
    if home:
        return Workspace(Path(home).expanduser())
    from platformdirs import user_data_path

    return Workspace(user_data_path("notice-tagger", appauthor=False))
