"""Whether a tagger may be trusted where it says so: its cards on notices that somebody has labelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from tagger.card import CaseCard
from tagger.classify.doubt import ASKED
from tagger.evaluation.calibration import (
    Calibration,
    Coverage,
    Selection,
    calibration,
    coverage,
    diagram,
    selection,
)
from tagger.evaluation.figures import Annotation
from tagger.notice import Document
from tagger.promotion import Notices
from tagger.tagger import Tagger
from tagger.taxonomy import Target, taxonomy


class Trust(Struct, frozen=True):
    """What a tagger's doubt is worth: by target its probabilities and its sets, and what it lets pass."""

    calibration: Mapping[Target, Calibration]
    coverage: Mapping[Target, Coverage]
    passed: Selection | None
    """The cards that nobody is asked to review; right where industry, subject and nature are."""


def trust(tagger: Tagger, notices: Notices) -> Trust:
    """Tags labelled notices and compares; raises ValueError when there is none."""
    cards = _cards(tagger, notices)
    annotations = {target: _annotations(notices, target) for target in ASKED}
    right = {target: _right(cards, annotations[target], target) for target in ASKED}
    held = {target: [_candidates(tagger, card, target) for card in cards] for target in ASKED}
    all_right = [all(hits) for hits in zip(*right.values(), strict=True)]
    return Trust(
        {t: calibration([card.ranking(t)[0].probability for card in cards], right[t]) for t in ASKED},
        {t: coverage(held[t], annotations[t]) for t in ASKED},
        selection([card.review.needed for card in cards], all_right),
    )


def lines(found: Trust, level: float) -> list[str]:
    """Markdown: reliability diagrams, the coverage of the sets of `level`, what passes without review."""
    shown = ["#### calibration of the model in use", ""]
    for target, one in found.calibration.items():
        shown += [taxonomy()[target].heading, "", "```", diagram(one), "```", ""]
    shown += [f"| {level:.0%} sets | hold a right label | labels | of one label |", "|---|---|---|---|"]
    shown += [
        f"| {taxonomy()[target].heading} | {one.covered} | {one.mean_size:.2f} | {one.single:.0%} |"
        for target, one in found.coverage.items()
    ]
    if found.passed:
        passed = f"{found.passed.kept} of the cards pass without review, {found.passed.accuracy} of these"
        shown += ["", f"{passed} are right in industry, subject and nature."]
    return [*shown, ""]


def _cards(tagger: Tagger, notices: Notices) -> list[CaseCard]:
    from tagger.notice.split import notices as cleaned

    documents = [Document(case.id, case.facts, case.title, case.published) for case in notices.cases]
    return tagger.tag_notices([cleaned(document, split=False)[0] for document in documents])


def _annotations(notices: Notices, target: Target) -> list[tuple[Annotation, ...]]:
    found = []
    for case in notices.cases:
        second = notices.second.get(case.id, {}).get(target)
        found.append((case.labels(target), *([second] if second else [])))
    return found


def _right(
    cards: Iterable[CaseCard], annotations: Iterable[Iterable[Annotation]], target: Target
) -> list[bool]:
    return [
        any(card.ranking(target)[0].label in labels for labels in annotated)
        for card, annotated in zip(cards, annotations, strict=True)
    ]


def _candidates(tagger: Tagger, card: CaseCard, target: Target) -> tuple[str, ...]:
    return tagger.model.doubt.candidates(target, card.ranking(target), tagger.coverage)
