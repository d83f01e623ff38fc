"""Where the files that come with the package lie: casebook, lexicons, law data, model.

In a wheel they are inside the package (`tagger/_shipped/`); in a checkout they are the
top-level folders `data/` and `models/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tagger.errors import TaggerError

_PACKAGE = Path(__file__).resolve().parent
_INSIDE = _PACKAGE / "_shipped"
_ROOT = _INSIDE if _INSIDE.is_dir() else _PACKAGE.parent

DATA = _ROOT / "data"
MODELS = _ROOT / "models"


class DamagedInstallation(TaggerError):
    """A file of the package that cannot be read as what it is."""


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Reads a file of the package; whatever it trips over is said in one line that names the file."""
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise DamagedInstallation(
            f"{path.name} of the installation is damaged ({why}); install the tagger again"
        ) from error
