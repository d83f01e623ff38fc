"""How honest the doubt is: calibration, sets, review, genre, and where the tagger fails, label by label.

    python benchmarks/doubt.py [MODEL]

Measures the shipped model (or another by its name) on the field notices, on texts that are none, and
out of fold on the casebook. The figures of docs/limits.md are its output.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tagger import models, shipped
from tagger.card import CaseCard
from tagger.casebook import read_cases
from tagger.classify import calibration as calibrators
from tagger.classify.doubt import ASKED
from tagger.classify.heads import HEADS, gold_matrix
from tagger.classify.out_of_fold import by_the_rules
from tagger.classify.storing import out_of_fold
from tagger.evaluation.calibration import calibration, coverage, diagram, selection
from tagger.notice import Document
from tagger.notice.errors import EmptyInput
from tagger.notice.split import notices
from tagger.tagger import Tagger
from tagger.workspace import workspace

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tagged:
    """A set of notices with their cards."""

    name: str
    rows: tuple[Row, ...]
    cards: tuple[CaseCard, ...]

    def annotations(self, target: str, *, first: bool = False) -> list[list[tuple[str, ...]]]:
        """The labels of each notice by each annotation, or by the first alone."""
        return [
            [tuple(row[target])]
            + ([tuple(row["second"][target])] if not first and target in row.get("second", {}) else [])
            for row in self.rows
        ]

    def right(self, target: str, *, first: bool = False) -> list[bool]:
        """Whether the likeliest label is that of an annotation."""
        return [
            any(card.ranking(target)[0].label in labels for labels in annotated)
            for card, annotated in zip(self.cards, self.annotations(target, first=first), strict=True)
        ]

    def all_right(self, *, first: bool = False) -> list[bool]:
        """Whether industry, subject and nature are all right."""
        return [all(hits) for hits in zip(*(self.right(t, first=first) for t in ASKED), strict=True)]


def tag(tagger: Tagger, name: str) -> Tagged:
    """The cards of one file of field notices."""
    lines = (shipped.DATA / "field" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = tuple(map(json.loads, lines))
    documents = [Document(row["id"], row["text"], row["title"], row["published"]) for row in rows]
    return Tagged(name, rows, tuple(tagger.tag_notices([notices(d, split=False)[0] for d in documents])))


def show_targets(tagger: Tagger, sets: Sequence[Tagged]) -> None:
    """Calibration and coverage by target and set; the diagram of the last set."""
    print("\n## Calibration and sets\n")
    print("| target | notices | right | first label | confidence | ECE | by chance | ECE, first label "
          "| 90 % sets hold | of one label |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    for target in ASKED:
        for one in sets:
            sure = [card.ranking(target)[0].probability for card in one.cards]
            found = calibration(sure, one.right(target))
            first = calibration(sure, one.right(target, first=True))
            held = [tagger.model.doubt.candidates(target, card.ranking(target)) for card in one.cards]
            covered = coverage(held, one.annotations(target))
            print(
                f"| {target} | {one.name} | {np.mean(one.right(target)):.3f} "
                f"| {np.mean(one.right(target, first=True)):.3f} | {np.mean(sure):.3f} | {found.error} "
                f"| {found.by_chance:.3f} | {first.error} | {covered.covered} | {covered.single:.0%} |"
            )
    every = sets[-1]
    for target in ASKED:
        sure = [card.ranking(target)[0].probability for card in every.cards]
        print(f"\n{target}, {every.name}\n{diagram(calibration(sure, every.right(target)))}")


def show_review(sets: Sequence[Tagged]) -> None:
    """What is not reviewed, and what the reasons are worth."""
    print("\n## Review\n")
    print("| notices | all three right | not reviewed | of these right | by the first label |")
    print("|---|---|---|---|---|")
    for one in sets:
        asked = [card.review.needed for card in one.cards]
        kept, first = selection(asked, one.all_right()), selection(asked, one.all_right(first=True))
        if kept and first:
            print(
                f"| {one.name} | {np.mean(one.all_right()):.3f} | {kept.kept} | {kept.accuracy} "
                f"| {first.accuracy} |"
            )
    given: dict[str, list[bool]] = defaultdict(list)
    every = sets[-1]
    for card, right in zip(every.cards, every.all_right(), strict=True):
        for kind in {_kind(reason) for reason in card.review.reasons} or {"(none)"}:
            given[kind].append(right)
    print("\n| reason | notices | all three right |\n|---|---|---|")
    for kind, rights in sorted(given.items(), key=lambda item: -len(item[1])):
        print(f"| {kind} | {len(rights)} | {np.mean(rights):.2f} |")


def _kind(reason: str) -> str:
    return reason.split("：")[0].split("（")[0].rstrip("0123456789%，").split("仅")[0]


def show_labels(sets: Sequence[Tagged]) -> None:
    """Recall and precision by label, and what is taken for what."""
    print("\n## By label (first annotation; right by either)\n")
    print("| target | label | notices | found | given | rightly | mostly taken for |")
    print("|---|---|---|---|---|---|---|")
    for target in ASKED:
        support, found, given, rightly = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
        taken: dict[str, Counter[str]] = defaultdict(Counter)
        for one in sets:
            for row, card, right in zip(one.rows, one.cards, one.right(target), strict=True):
                label, said = row[target][0], card.ranking(target)[0].label
                support[label] += 1
                given[said] += 1
                found[label] += right
                rightly[said] += right
                if not right:
                    taken[label][said] += 1
        for label, count in support.most_common():
            wrong = "、".join(f"{said} {n}" for said, n in taken[label].most_common(2))
            print(
                f"| {target} | {label} | {count} | {found[label] / count:.2f} | {given[label]} "
                f"| {rightly[label] / max(1, given[label]):.2f} | {wrong} |"
            )


def show_genre(tagger: Tagger, sets: Sequence[Tagged]) -> None:
    """How often notices are refused and other texts recognised."""
    print("\n## Genre\n")
    documents = [Document(case.id, case.facts, case.title, case.date) for case in read_cases()]
    casebook = tagger.tag_notices([notices(d, split=False)[0] for d in documents])
    refused = {one.name: [card.notice for card in one.cards].count(False) for one in sets}
    refused["casebook"] = [card.notice for card in casebook].count(False)
    total = len(casebook) + sum(len(one.cards) for one in sets)
    print(f"notices refused: {refused}, {sum(refused.values()) / total:.1%} of {total}")
    lines = (shipped.DATA / "genre" / "not_notices.jsonl").read_text(encoding="utf-8").splitlines()
    known: dict[str, list[bool]] = defaultdict(list)
    for row in map(json.loads, lines):
        try:
            card = tagger.tag_notices(notices(Document(row["id"], row["text"]), split=False))[0]
            known[row["kind"]].append(not card.notice)
        except EmptyInput:
            known[row["kind"]].append(True)
    every = [one for found in known.values() for one in found]
    missed = {kind: found.count(False) for kind, found in known.items() if not all(found)}
    print(f"other texts recognised: {np.mean(every):.1%} of {len(every)}; missed: {missed}")


def show_methods(tagger: Tagger, name: str | None) -> None:
    """Methods of calibration against each other, by a second cross-validation over out-of-fold scores."""
    print("\n## Methods, out of fold on the casebook (second cross-validation)\n")
    print("| target | method | confidence | right | ECE | Brier | log loss |\n|---|---|---|---|---|---|---|")
    stored = out_of_fold(models.find(workspace(), name))
    by_id = {case.id: case for case in read_cases()}
    cases = [by_id[id_] for id_ in stored.cases]
    sound = np.array([by_the_rules(case) for case in cases])
    decoded = tagger.model.decode(stored.logits)
    for spec, head in zip(HEADS, tagger.model.heads, strict=True):
        if head.target not in ASKED:
            continue
        for which, rows in (("all", np.ones_like(sound)), ("by the rules", sound)):
            gold = gold_matrix(cases, spec, head.labels)[rows]
            probability = decoded[head.target][rows]
            right = gold[np.arange(len(gold)), probability.argmax(axis=1)] > 0
            for method, found in calibrators.compare(probability, gold).items():
                errors = [calibration(list(sure), list(right)).error.value for sure in found]
                clipped = np.clip(found, 1e-6, 1 - 1e-6)
                print(
                    f"| {head.target} ({which}) | {method} | {found.mean():.3f} | {right.mean():.3f} "
                    f"| {np.mean(errors):.3f} | {np.mean((found - right) ** 2):.3f} "
                    f"| {-np.mean(np.log(np.where(right, clipped, 1 - clipped))):.3f} |"
                )


def main() -> None:
    """Everything, as Markdown."""
    name = sys.argv[1] if len(sys.argv) > 1 else models.SHIPPED
    tagger = Tagger.load(name)
    sets = [tag(tagger, file) for file in ("dev", "written", "fresh")]
    both = Tagged("both", sets[0].rows + sets[1].rows, sets[0].cards + sets[1].cards)
    print(f"# {tagger.model.name}")
    for target, one in tagger.model.doubt.calibrators.items():
        print(f"{target}: slope {one.slope:.2f}, intercept {one.intercept:.2f}, accepted {one.accepted:.3f}")
    show_targets(tagger, [*sets, both])
    show_review([*sets, both])
    show_labels([both])
    show_genre(tagger, sets)
    show_methods(tagger, name)


if __name__ == "__main__":
    main()
