"""The fuzz targets are a folder of scripts, not a package: the tests of this folder import them by path."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "fuzz"))
