"""Doubt about the labels themselves: what in a casebook looks wrong, worst first, with the evidence.

Three witnesses. A model that has not seen the case (nor its event) finds the given label unlikely: the
doubt is 1 minus the probability that it gives to it. The card does not fit its statutes: other cases
that cite them nearly never have the label, or the text cites other articles than the card lists. A
lawyer found a slip when reading the report's fields (data/law/seed_audit.csv). Plain self-confidence
found more of planted errors than margins or thresholds by class did (docs/retraining.md).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tagger import shipped
from tagger.card import citation
from tagger.casebook import Case
from tagger.classify.articles import article_of
from tagger.classify.evidence import parts
from tagger.classify.heads import STATUTES, case_labels
from tagger.classify.matrices import case_input
from tagger.classify.model import Model
from tagger.classify.out_of_fold import parted, score_out_of_fold
from tagger.classify.training import RECIPE, Ground, fit_model, priors_for
from tagger.durable import write_whole
from tagger.law.catalogue import Catalogue
from tagger.law.citations import find_citations
from tagger.tables import HEADINGS, SEPARATOR, defused
from tagger.taxonomy import TARGETS, Target

Floats = NDArray[np.float64]

SLIPS = shipped.DATA / "law" / "seed_audit.csv"
CORRECTIONS = shipped.DATA / "corrections.csv"

_CERTAINTY = {"certain": 0.99, "likely": 0.9, "arguable": 0.6}
"""How doubtful a lawyer's remark makes the statutes of a card."""
_NOT_IN_TEXT = 0.7
"""How doubtful it makes the statutes that the text cites others."""
_FEWEST_OTHERS = 5
_RARELY, _USUALLY = 0.1, 0.5
"""A label is doubted where, of at least so many other cases with an article, at most the first share has
it and at least the second share has one other label."""
_FROM = 0.5
"""From this doubt on a label is listed."""
_PHRASES = 3
_DECIDED_BY_STATUTES: tuple[Target, ...] = ("subject", "nature", "liability")


class Finding(Struct, frozen=True):
    """A field of a card that looks wrong. `doubt` is 0..1; `suggested` is what may be right instead."""

    case: Case
    field: str
    given: tuple[str, ...]
    suggested: str
    doubt: float
    evidence: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The card's heading of the field."""
        return HEADINGS[self.field]


class Unseen(Struct, frozen=True):
    """How a model that has not seen each case judges it: by target the labels, and cases by labels."""

    cases: tuple[Case, ...]
    labels: Mapping[str, tuple[str, ...]]
    probabilities: Mapping[str, Floats]
    model: Model
    """A model of all the cases, to say what it rests on."""

    def doubts(self, target: Target) -> Floats:
        """1 minus the probability of the likeliest given label; NaN where none is given."""
        column = {label: k for k, label in enumerate(self.labels[target])}
        given = [[column[label] for label in case_labels(case, target)] for case in self.cases]
        rows = zip(self.probabilities[target], given, strict=True)
        return np.array([1.0 - row[columns].max() if columns else np.nan for row, columns in rows])


def audit(
    cases: Sequence[Case], ground: Ground, catalogue: Catalogue, judged: Unseen | None = None
) -> list[Finding]:
    """What looks wrong in a casebook, worst first; one finding a field of a case.

    `judged` is what `unseen` makes of these cases, if it is there already.
    """
    found = [
        *unlikely_labels(judged or unseen(cases, ground)),
        *labels_against_statutes(cases),
        *statutes_against_text(cases, catalogue),
        *known_slips(cases),
    ]
    return sorted(_joined(found), key=lambda one: (-one.doubt, one.case.id, one.field))


def unseen(cases: Sequence[Case], ground: Ground) -> Unseen:
    """Every case judged by a model that learnt from the other events only."""
    data = ground.training_set(cases)
    priors = priors_for(ground, data)
    folds = max(5, len(parted(cases)))
    out_of_fold = score_out_of_fold(ground.reader, data, priors, RECIPE, folds=folds, tellings=0)
    model = fit_model(ground, data, np.arange(len(data)), priors, RECIPE)
    labels = {head.target: head.labels for head in model.heads}
    return Unseen(tuple(cases), labels, model.decode(out_of_fold.whole.logits), model)


def unlikely_labels(unseen: Unseen) -> Iterator[Finding]:
    """Labels that a model finds unlikely that has not seen the case."""
    for target in TARGETS:
        doubts, labels = unseen.doubts(target), unseen.labels[target]
        for row in np.flatnonzero(doubts >= _FROM):
            case = unseen.cases[row]
            given = case_labels(case, target)
            ranked = np.argsort(-unseen.probabilities[target][row])
            told = [f"{labels[k]} {unseen.probabilities[target][row][k]:.0%}" for k in ranked[:2]]
            suggested = next((labels[k] for k in ranked if labels[k] not in given), "")
            evidence = [f"unseen, the model says {SEPARATOR.join(told)}"]
            if suggested and (phrases := _phrases(unseen.model, case, target, given[0], suggested)):
                evidence.append(f"for {suggested}: {SEPARATOR.join(phrases)}")
            yield Finding(case, target, given, suggested, float(doubts[row]), tuple(evidence))


def _phrases(model: Model, case: Case, target: Target, given: str, suggested: str) -> list[str]:
    """What in the text speaks most for one label rather than the other."""
    head = next(head for head in model.heads if head.target == target)
    one = case_input(case)
    old, new = head.labels.index(given), head.labels.index(suggested)
    (reading,) = model.read([one])
    found = parts(model, one, reading, model.text([reading])[0]).of(head)
    weights = found.logits[:, new] - found.logits[:, old]
    weighed = [
        (weight, text)
        for weight, text, spans in zip(weights.tolist(), found.texts, found.spans, strict=True)
        if spans
    ]
    return [text for weight, text in sorted(weighed, reverse=True)[:_PHRASES] if weight > 0]


def labels_against_statutes(cases: Sequence[Case]) -> Iterator[Finding]:
    """Labels that the other cases with the same article nearly never have."""
    events = [case.event for case in cases]
    by_article: dict[str, list[int]] = defaultdict(list)
    for row, case in enumerate(cases):
        for article in dict.fromkeys(case.statutes):
            by_article[article].append(row)
    for target in _DECIDED_BY_STATUTES:
        tables = {
            article: Counter(label for row in rows for label in case_labels(cases[row], target))
            for article, rows in by_article.items()
        }
        for row, case in enumerate(cases):
            given = case_labels(case, target)
            for article in dict.fromkeys(case.statutes) if given else ():
                rows = by_article[article]
                own = [other for other in rows if events[other] == events[row]]
                others = len(rows) - len(own)
                table = tables[article] - Counter(
                    label for other in own for label in case_labels(cases[other], target)
                )
                if others < _FEWEST_OTHERS:
                    continue
                like_it = max(table[label] for label in given)
                usual, times = table.most_common(1)[0]
                if like_it > _RARELY * others or times < _USUALLY * others:
                    continue
                share = (like_it + 1) / (others + 2)
                evidence = f"{times} of {others} other cases with {article} have {usual}"
                yield Finding(case, target, given, usual, 1.0 - share, (evidence,))


def statutes_against_text(cases: Iterable[Case], catalogue: Catalogue) -> Iterator[Finding]:
    """Cards that leave out articles which their text cites as the ground of the case."""
    for case in cases:
        found = find_citations(case.text, catalogue)
        cited = dict.fromkeys(citation(one.name, one.article) for one in found if one.ground)
        listed = {article_of(article) for article in case.statutes}
        missing = [article for article in cited if article_of(article) not in listed]
        if missing:
            left_out = SEPARATOR.join(missing)
            evidence = f"the text cites {left_out}, the card does not"
            yield Finding(case, STATUTES, case.statutes, left_out, _NOT_IN_TEXT, (evidence,))


def known_slips(cases: Iterable[Case]) -> Iterator[Finding]:
    """What a lawyer found in the statutes of the report, unless it is corrected already."""
    with CORRECTIONS.open(encoding="utf-8", newline="") as rows:
        corrected = {row["case"] for row in csv.DictReader(rows) if row["field"] == STATUTES}
    by_id = {case.id: case for case in cases}
    with SLIPS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            for number in filter(None, row["case_ids"].split("|")):
                case = by_id.get(f"2020-{int(number):03}")
                if case is not None and case.id not in corrected:
                    doubt = _CERTAINTY[row["certainty"]]
                    evidence = f"a lawyer's reading ({row['certainty']}): {row['issue']}"
                    yield Finding(case, STATUTES, case.statutes, row["suggested_reading"], doubt, (evidence,))


def _joined(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a field of a case: the worst, with the evidence of all."""
    found: dict[tuple[str, str], Finding] = {}
    for one in findings:
        key = (one.case.id, one.field)
        if key in found:
            first = found[key]
            worst = one if one.doubt > first.doubt else first
            found[key] = replace(worst, evidence=(*first.evidence, *one.evidence))
        else:
            found[key] = one
    return list(found.values())


def write_findings(findings: Iterable[Finding], path: Path) -> None:
    """Write a .csv of the findings. Raises Unwritable."""
    from io import StringIO

    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("id", "title", "field", "given", "suggested", "doubt", "evidence"))
    for one in findings:
        writer.writerow(
            defused(cell)
            for cell in (
                one.case.id, one.case.title, one.heading, SEPARATOR.join(one.given), one.suggested,
                f"{one.doubt:.3f}", "; ".join(one.evidence),
            )
        )  # fmt: skip
    write_whole(path, text.getvalue().encode("utf-8-sig"))
