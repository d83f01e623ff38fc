"""Fills in the case card of a Chinese network-security enforcement notice.

from tagger import Tagger
card = Tagger.load().tag("2023年5月，某市公安局网安支队……")
card.assigned("industry")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.card import CaseCard
    from tagger.tagger import Tagger

__all__ = ["CaseCard", "Tagger", "__version__"]
__version__ = "1.0.0"


def __getattr__(name: str) -> object:
    # The command line imports this package for every command; numpy comes only when a Tagger is wanted.
    if name == "Tagger":
        from tagger.tagger import Tagger

        return Tagger
    if name == "CaseCard":
        from tagger.card import CaseCard

        return CaseCard
    raise AttributeError(f"module 'tagger' has no attribute {name!r}")
