"""When to ask: which labels cannot be ruled out, what does not go together, what is not known.

Candidate sets are split-conformal over the casebook (cross-conformal: every case is scored by a model
that has not seen it; Vovk et al. 2005): a label stays in the set while its nonconformity, 1 minus its
calibrated probability, is no larger than that of the wanted share of the cases. Of the printed labels
that a set lacks, at least as many as elsewhere are one of two answers (calibration.OPEN), and the
likeliest label, which every set has, is the other: so somewhat fewer need be held. Only the sorted
scores of the cases are stored: the level is chosen when the tagger is loaded. A set promises to hold a
right label of a text like the casebook's; what it holds of others is measured in docs/limits.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.card import Check, RankedLabel, Review, Sanction
from tagger.classify import calibration
from tagger.classify.calibration import OPEN, Calibrator
from tagger.classify.genre import UNLIKELY, Genre
from tagger.classify.linear import Link
from tagger.taxonomy import Target, taxonomy

Floats = NDArray[np.float64]

ASKED: tuple[Target, ...] = ("industry", "subject", "nature")
"""The targets that must be right for a card to go out unseen; the others follow from them."""
DEFAULT_COVERAGE = 0.9

_TIMES_AS_OFTEN = 1.6
"""How much more often all labels together may be wrong than one: of 900 written notices more than 93 in 100
were right of what then went out, and more than 60 in 100 went out."""
_CLEARLY_A_NOTICE = 2 / 3
_FEWEST_KNOWN = 3
_MOST_NAMED = 3


class Doubt(Struct, frozen=True, dict=True):
    """What the casebook taught about doubt.

    `calibrators` by target (statutes among them); `scores` has, by target, the nonconformity of each
    case's likeliest right label, smallest first.
    """

    calibrators: Mapping[str, Calibrator]
    scores: Mapping[str, Floats]

    def calibrated(self, target: str, probability: Floats) -> Floats:
        """The probabilities of one target, made to keep their promise."""
        calibrator = self.calibrators.get(target)
        return calibrator(probability) if calibrator else probability

    def candidates(
        self, target: str, ranking: Sequence[RankedLabel], coverage: float = DEFAULT_COVERAGE
    ) -> tuple[str, ...]:
        """The labels of a ranking that cannot be ruled out, best first; never none."""
        limits: dict[tuple[str, float], float] = vars(self).setdefault("limits", {})
        limit = limits.get((target, coverage))
        if limit is None:
            limit = limits[target, coverage] = self._limit(target, coverage)
        kept = tuple([one.label for one in ranking if 1.0 - one.probability <= limit])
        return kept or tuple([one.label for one in ranking[:1]])

    def _limit(self, target: str, coverage: float) -> float:
        scores = self.scores.get(target)
        if scores is None or not len(scores):
            return 0.0
        rank = max(1, ceil((len(scores) + 1) * (coverage - OPEN) / (1.0 - OPEN)))
        return float(scores[rank - 1]) if rank <= len(scores) else 1.0


NO_DOUBT = Doubt({}, {})
"""Of a model that was not scored out of fold: probabilities as they come, sets of one."""


def learn(
    probabilities: Mapping[str, Floats], gold: Mapping[str, Floats], links: Mapping[str, Link]
) -> Doubt:
    """Doubt from out-of-fold probabilities (cases by labels) and what is right (above 0)."""
    calibrators = {
        target: calibration.fit(probability, gold[target], links[target])
        for target, probability in probabilities.items()
    }
    scores = {
        target: np.sort(1.0 - np.where(gold[target] > 0, calibrator(probabilities[target]), 0.0).max(axis=1))
        for target, calibrator in calibrators.items()
        if calibrator.link == "softmax"
    }
    return Doubt(calibrators, scores)


class Doubtful(Protocol):
    """What is asked of an answer: a card, or what will become one."""

    @property
    def sanctions(self) -> Sequence[Sanction]:
        """The sanctions imposed."""
        ...

    @property
    def checks(self) -> Sequence[Check]:
        """What a lawyer would remark on."""
        ...

    def ranking(self, target: Target, /) -> tuple[RankedLabel, ...]:
        """The ranking of one target."""
        ...

    def assigned(self, target: Target, /) -> tuple[str, ...]:
        """The labels assigned, best first."""
        ...


class Answer(Struct, frozen=True):
    """What the rooms say of a notice, before there is a card."""

    labels: Mapping[Target, tuple[RankedLabel, ...]]
    sanctions: Sequence[Sanction]
    checks: Sequence[Check]

    def ranking(self, target: Target) -> tuple[RankedLabel, ...]:
        """The ranking of one target."""
        return self.labels[target]

    def assigned(self, target: Target) -> tuple[str, ...]:
        """The labels assigned, best first."""
        return tuple([one.label for one in self.labels[target] if one.assigned])


def review(
    card: Doubtful,
    genre: Genre,
    known: int,
    doubt: Doubt,
    coverage: float = DEFAULT_COVERAGE,
    unsure_of_text: str | None = None,
) -> Review:
    """Whether a person should look at a card, and why, in words.

    `known` is how many different words of the lexicon tell what happened.
    `unsure_of_text` says, in Chinese, why the text itself may have been read wrongly.
    """
    misread = [f"原文读取有疑：{unsure_of_text}"] if unsure_of_text else []
    if not genre.notice:  # a text that was read wrongly tells of nothing
        return Review(True, (*misread, *_no_notice(genre)))
    candidates = {target: doubt.candidates(target, card.ranking(target), coverage) for target in ASKED}
    reasons = [
        *_uncertain_labels(card, candidates, coverage),
        *contradictions(
            card.assigned("subject"), card.assigned("nature"), card.assigned("liability"), card.sanctions
        ),
        *_unfamiliar(genre, known),
        *_law(card.checks),
        *misread,
    ]
    return Review(bool(reasons), tuple(dict.fromkeys(reasons)), candidates)


def _no_notice(genre: Genre) -> Iterator[str]:
    if genre.enforcement <= UNLIKELY:
        yield "不是行政执法案例：未见对当事人的处罚或查处"
    if genre.network <= UNLIKELY:
        yield "不是网络安全案例：与网络、系统、数据和信息无关"


def _uncertain_labels(
    card: Doubtful, candidates: Mapping[Target, Sequence[str]], coverage: float
) -> Iterator[str]:
    """Whether all targets together are sure enough; if not, the labels that cannot be ruled out.

    The industry may be wrong as often as 1 - coverage; subject and nature, which stand and fall together and
    are surer, less often.
    """
    sure = {target: card.ranking(target)[0].probability for target in ASKED if card.ranking(target)}
    all_right = sure.get("industry", 1.0) * min(sure.get("subject", 1.0), sure.get("nature", 1.0))
    if all_right >= 1.0 - _TIMES_AS_OFTEN * (1.0 - coverage):
        return
    several = {target: labels for target, labels in candidates.items() if len(labels) > 1}
    for target, labels in several.items():
        yield f"{_heading(target)}不确定：{_either(labels)}"
    if not several:
        weakest = min(sure, key=lambda target: sure[target])
        label = card.ranking(weakest)[0].label
        yield f"三项标签全部正确的把握仅{all_right:.0%}，{_heading(weakest)}最弱：{label}"


def _heading(target: Target) -> str:
    return taxonomy()[target].heading


def _either(labels: Sequence[str]) -> str:
    if len(labels) > _MOST_NAMED:
        return f"{'、'.join(labels[:_MOST_NAMED])}等{len(labels)}种"
    return "、".join(labels[:-1]) + f"或{labels[-1]}"


_PERSONS = frozenset({"内部人员", "个人黑客", "团伙", "个人"})
_BODY = "政企机构"
_CRIME = "机构犯罪"
_FITTING_NATURES: Mapping[str, frozenset[str]] = {
    _BODY: frozenset({"建设运维管理疏失", "机构犯罪"}),
    "内部人员": frozenset({"建设运维管理疏失", "其他"}),
    "个人黑客": frozenset({"外部入侵", "其他"}),
    "团伙": frozenset({"外部入侵", "机构犯罪", "其他"}),
    "个人": frozenset({"外部入侵", "其他"}),
}
"""The natures that the report's rules leave to a subject."""


def punished_others(subjects: Sequence[str], sanctions: Iterable[Sanction]) -> Iterator[str]:
    """Whether those punished are of another kind than the subject, in words."""
    punished = {sanction.on for sanction in sanctions}
    if punished == {"person"} and subjects and not _PERSONS & set(subjects):
        yield f"{_heading('subject')}与处罚对象不一致：{subjects[0]}，受处罚的都是个人"
    if punished == {"organisation"} and subjects and _BODY not in subjects and _PERSONS & set(subjects):
        yield f"{_heading('subject')}与处罚对象不一致：{subjects[0]}，受处罚的都是单位"


def contradictions(
    subjects: Sequence[str], natures: Sequence[str], liabilities: Sequence[str], sanctions: Iterable[Sanction]
) -> Iterator[str]:
    """What the rules of the card exclude, in words.

    The subject is who was punished, the nature follows from the subject, and 机构犯罪 is nature and
    liability or neither. Labels of one target come best first. That only persons were punished speaks
    against a body that failed a duty, not against one that offended by its people (刑法第31条).
    """
    if not (natures and natures[0] == _CRIME and _BODY in subjects):
        yield from punished_others(subjects, sanctions)
    if subjects and natures and natures[0] not in _FITTING_NATURES.get(subjects[0], natures):
        yield f"{_heading('subject')}与{_heading('nature')}不相配：{subjects[0]}、{natures[0]}"
    if natures and liabilities and (natures[0] == _CRIME) != (liabilities[0] == _CRIME):
        yield f"{_heading('nature')}与{_heading('liability')}不相配：{natures[0]}、{liabilities[0]}"


def _unfamiliar(genre: Genre, known: int) -> Iterator[str]:
    if genre.probability < _CLEARLY_A_NOTICE:
        yield f"可能不是网络安全执法案例（把握{genre.probability:.0%}）"
    if known < _FEWEST_KNOWN:
        yield f"文本陌生：词表中的词只有{known}个"


_FAILS: Mapping[str, str] = {
    "article-slip": "条号疑有笔误",
    "charge-not-cited": "罪名与所引条文不符",
    "article-beyond-last": "该法无此条",
    "law-not-in-force": "所引法律当时尚未施行",
    "law-later-than-act": "所引法律晚于行为",
    "law-repealed": "所引法律已废止",
    "editions-mixed": "新旧版本混引",
    "edition-open": "版本无法确定",
    "sanction-not-in-article": "所引条文无此处罚",
    "fine-out-of-range": "罚款超出幅度",
    "fine-on-wrong-party": "罚款对象不符",
    "warning-on-wrong-party": "警告对象不符",
    "detention-out-of-range": "拘留期限超出幅度",
    "authority-not-competent": "处罚机关无此权限",
}
"""Checks that put what was read in doubt, in words; the others are remarks on how the notice cites."""


def _law(checks: Sequence[Check]) -> Iterator[str]:
    found = dict.fromkeys(_FAILS[check.code] for check in checks if check.code in _FAILS)
    if found:
        yield f"法条核对不符：{'、'.join(found)}"
