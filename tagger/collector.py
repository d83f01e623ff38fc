"""Python's cycle collector, told to rest while many small things are made that hold no cycles.

Loading a model and filling in cards makes tens of thousands of tuples; looking through them for cycles
again and again took a fifth of the time (benchmarks/README.md). When the interpreter ends, it looks through
everything once more, though all of it goes with the process: a tenth of what `tagger tag` takes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """The collector rests inside the block, and does afterwards what it did before."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


def passing_over_what_is_left() -> None:
    """The collector no longer looks at what there is now. For a process that is about to end."""
    gc.freeze()
