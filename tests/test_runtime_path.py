"""What `tagger tag` may load, and that its scorer computes what scikit-learn would."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from tagger import shipped
from tagger.casebook import read_cases
from tagger.classify.features import Input, Reading
from tagger.notice import Document, Notice
from tagger.notice.split import notices
from tagger.tagger import Tagger

HEAVY = {
    "sklearn", "scipy", "pandas", "joblib", "jieba", "rjieba", "rich", "fastapi", "starlette", "uvicorn",
    "jinja2", "matplotlib", "openpyxl", "xlsxwriter", "pyarrow", "trafilatura", "lxml", "chardet", "dask",
    "threadpoolctl", "zipfile", "numpy.ma",
}  # fmt: skip


def test_tagging_a_text_loads_nothing_heavy(tmp_path: Path) -> None:
    call = (
        "import sys; from tagger.cli import main\n"
        f"sys.argv = ['tagger', 'tag', '--json', {str(shipped.DATA / 'sample-notice.txt')!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted(sys.modules))"
    )
    environment = {**os.environ, "TAGGER_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, check=True, env=environment)
    card, loaded = done.stdout.decode().splitlines()
    assert json.loads(card)["notice"]
    assert "numpy" in loaded.split()
    assert not HEAVY & set(loaded.split())


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load("shipped")


def thousand_readings(tagger: Tagger) -> list[Reading]:
    """Halves of the casebook's facts, each joined to each of the next ten."""
    facts = [case.facts for case in read_cases()]
    pairs = [pair for k in range(10) for pair in zip(facts, facts[k:], strict=False)]
    texts = [one[: len(one) // 2] + other[len(other) // 2 :] for one, other in pairs]
    drafts = tagger._read([notice for text in texts[:1000] for notice in _notices(text)])
    return tagger.model.read([Input(d.notice, d.law.citations, d.clauses, "2020") for d in drafts])


def _notices(text: str) -> list[Notice]:
    return notices(Document("text", text), split=False)


def test_the_scorer_is_what_scikit_learn_computes(tagger: Tagger) -> None:
    model, readings = tagger.model, thousand_readings(tagger)
    assert len(readings) > 900
    row = {name: k for k, name in enumerate(model.features)}
    cells = [
        (i, row[name], value)
        for i, reading in enumerate(readings)
        for name, value in reading.features.items()
        if name in row
    ]
    text = model.text(readings)
    cells += [(i, len(row) + k, text[i, k]) for i, k in zip(*np.nonzero(text), strict=True)]
    rows, columns, values = zip(*cells, strict=True)
    matrix = csr_array((values, (rows, columns)), shape=(len(readings), len(model.weights)))

    reference = LogisticRegression()
    reference.coef_ = np.asarray(model.weights, float).T
    reference.intercept_ = np.asarray(model.bias, float)
    reference.classes_ = np.arange(len(model.bias))
    expected = reference.decision_function(matrix)

    assert np.abs(model.logits(readings) - expected).max() < 1e-6


def test_time_is_linear_in_the_length_of_a_text(tagger: Tagger) -> None:
    facts = "".join(case.facts for case in read_cases())

    def seconds(length: int) -> float:
        text = (facts * (length // len(facts) + 1))[:length]
        taken = []
        for _ in range(3):
            start = time.process_time()
            tagger.tag(text)
            taken.append(time.process_time() - start)
        return min(taken)

    seconds(1_000)
    # Quadratic would be a hundred times; linear is ten, and a machine's other work doubles it at worst.
    assert seconds(60_000) < 25 * max(seconds(6_000), 0.01)
