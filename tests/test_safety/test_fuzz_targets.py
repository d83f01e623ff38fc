"""The fuzz targets over their corpus and over random bytes: what once failed fails no more."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pieces import PIECES, bytes_of, text_of
from targets import TARGET_FUNCTIONS

CORPUS = Path(__file__).parent.parent / "fuzz" / "corpus"
BOUNDED = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
SECONDS = 60
MORE = settings(BOUNDED, max_examples=3000)

NOTICE_BYTES = st.lists(st.integers(0, len(PIECES) - 1), max_size=120).map(
    lambda picked: b"\0" + b"".join(index.to_bytes(2, "big") for index in picked)
)
INPUTS = st.binary(max_size=600) | NOTICE_BYTES


@pytest.fixture(autouse=True)
def parsers_may_warn() -> Iterator[None]:
    """Foreign parsers warn of what is wrong with a damaged file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_the_corpus(path: Path) -> None:
    TARGET_FUNCTIONS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", TARGET_FUNCTIONS)
@given(data=INPUTS)
@BOUNDED
def test_random_inputs(target: str, data: bytes) -> None:
    TARGET_FUNCTIONS[target](data)


@pytest.mark.slow
@pytest.mark.fuzz
@pytest.mark.parametrize("target", TARGET_FUNCTIONS)
def test_many_random_inputs(target: str) -> None:
    """A share of SECONDS for each; what is drawn when they are over is not tried."""
    until = time.monotonic() + SECONDS / len(TARGET_FUNCTIONS)

    @given(data=INPUTS)
    @MORE
    def tried(data: bytes) -> None:
        if time.monotonic() < until:
            TARGET_FUNCTIONS[target](data)

    tried()


def test_every_corpus_has_its_target() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} <= TARGET_FUNCTIONS.keys()


def test_pieces_are_what_bytes_say() -> None:
    assert text_of(bytes_of("网络安全法", "第", "21", "条")) == "网络安全法第21条"
    assert text_of("\1乱".encode()) == "乱"
