"""Where the files that come with the package lie: casebook, lexicons, law data, model.

In a wheel they are inside the package (`tagger/_shipped/`); in a checkout they are the
top-level folders `data/` and `models/`.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSIDE = _PACKAGE / "_shipped"
_ROOT = _INSIDE if _INSIDE.is_dir() else _PACKAGE.parent

DATA = _ROOT / "data"
MODELS = _ROOT / "models"
