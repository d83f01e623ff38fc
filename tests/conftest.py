"""What several rooms' tests need."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

MakeModel = Callable[..., Path]

# Hypothesis counts wall time, which says nothing on a machine that does other things too.
settings.register_profile("shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared-machine")


@pytest.fixture(scope="session")
def make_model() -> MakeModel:
    """Writes the smallest model folder that loads: `make_model(folder, name, **manifest)`."""
    from tagger.classify.folder import write_folder
    from tagger.classify.heads import HEADS

    head = {"temperature": 1.0, "threshold": 0.5}
    documents = {
        "lexicon": {},
        "features": ["gate|person"],
        "terms": ["医院"],
        "heads": [{"target": spec.target, "link": spec.link, "labels": ["甲 1"], **head} for spec in HEADS],
        "together": [],
        "cases": [],
    }
    arrays = {
        "weights": np.zeros((2, len(HEADS)), "<f4"),
        "bias": np.zeros(len(HEADS)),
        "idf": np.ones(1),
    }

    def make(folder: Path, name: str, **manifest: object) -> Path:
        write_folder(folder, {"name": name, **manifest}, arrays, documents, {"card.md": f"# {name}\n"})
        return folder

    return make
