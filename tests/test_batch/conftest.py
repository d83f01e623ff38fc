"""A stand-in for the Tagger: what a batch does must not depend on what is tagged, and tests must be fast."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from tagger.batch.work import Settings
from tagger.card import CaseCard, Facts, RankedLabel, RankedStatute, Review, Sanction
from tagger.casebook import read_cases
from tagger.notice import Notice

try:
    import cloudpickle
except ImportError:  # joblib before 1.6 brings its own
    from joblib.externals import cloudpickle

cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers do not see the tests' folder


class StandIn:
    """Tags by the words of the text; dies or fails where the text says so."""

    model = SimpleNamespace(name="stand-in")

    def tag_notices(self, notices: Sequence[Notice], *, explain: bool = False) -> list[CaseCard]:
        return [self._card(notice) for notice in notices]

    def _card(self, notice: Notice) -> CaseCard:
        if "使解释器崩溃" in notice.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "使标注失败" in notice.text:
            raise RuntimeError("tagging failed")
        doubted = len(notice.text) % 7 == 0
        return CaseCard(
            source=notice.source,
            text=notice.text,
            title=notice.title,
            case=notice.case,
            cases_in_source=notice.cases_in_source,
            date=notice.date,
            industry=(RankedLabel("医疗卫生", 0.9, True), RankedLabel("金融", 0.2, False)),
            subject=(RankedLabel("政企机构", 0.55 if doubted else 0.9, True),),
            nature=(RankedLabel("建设运维管理疏失", 0.8, True),),
            statutes=(RankedStatute("网络安全法", "21", "2017-06-01", "cited", 1.0, True),),
            keywords=("=1+1", "等保"),
            sanctions=(Sanction("organisation", "fine", amount_yuan=10000),),
            facts=Facts(decision_date="2020-05" if notice.date else None),
            review=Review(doubted, ("违法/犯罪主体有两个候选",) if doubted else ()),
            model=self.model.name,
        )


def load(settings: Settings) -> StandIn:
    return StandIn()


@pytest.fixture
def stand_in() -> Callable[[Settings], StandIn]:
    return load


def write_notices(folder: Path, number: int, seed: int = 5) -> Path:
    """A folder of short notices, recombined from the report's sentences; some are reposts."""
    chance = random.Random(seed)
    sentences = [s for case in read_cases() for s in case.facts.split("。") if len(s) > 12]
    texts: list[str] = []
    for n in range(number):
        if texts and chance.random() < 0.2:
            texts.append(chance.choice(texts))
        else:
            texts.append("。".join(chance.sample(sentences, 3)) + "。")
        path = folder / f"{n // 50:02}" / f"{n:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[-1], encoding="utf-8")
    return folder


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Sixty notices, and inputs that fail: an empty one, and one with which tagging fails."""
    folder = write_notices(tmp_path / "news", 60)
    (folder / "00" / "empty.txt").write_bytes(b"")
    (folder / "00" / "00007b.txt").write_text("某公司的通报使标注失败，请注意。", encoding="utf-8")
    return folder


@pytest.fixture
def write() -> Callable[..., Path]:
    return write_notices


class Slow(StandIn):
    """Takes its time, so that a worker can be killed on the way."""

    def tag_notices(self, notices: Sequence[Notice], *, explain: bool = False) -> list[CaseCard]:
        time.sleep(0.02 * len(notices))
        return super().tag_notices(notices, explain=explain)


def load_slow(settings: Settings) -> Slow:
    return Slow()


@pytest.fixture
def slow() -> Callable[[Settings], StandIn]:
    return load_slow
