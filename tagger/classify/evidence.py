"""What a label rests on: the phrases and facts that carried it, exactly.

A logit is a sum: the bias, each feature times its weight, each text term times its weight. Here the
same sum is sorted by what stands in the text. A feature that several words made is shared out by their
strengths, a text term inside a longer phrase goes to the phrase; nothing is lost on the way, so the
parts of a label add up to its logit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tagger.card import Evidence, Span
from tagger.classify.features import Input, Reading
from tagger.classify.linear import softmax
from tagger.classify.model import Decision, Head, Model
from tagger.law.sanctions import SanctionClause
from tagger.taxonomy import TARGETS, Target
from tagger.wording import KIND, ON

Floats = NDArray[np.float64]

BEFORE_READING = "总体分布"
"""What the label has before a word is read: the bias."""
WITH_THE_OTHERS = "与其他标签的搭配"
"""What deciding the targets together added."""

_MOST = 8
_MOST_COUNTER = 3
_LEAST_SHARE = 0.02


class Parts(NamedTuple):
    """Phrases and facts: texts, where they stand (ends excluded), and what they add to every logit."""

    texts: Sequence[str]
    spans: Sequence[tuple[Span, ...]]
    logits: Floats
    """Parts by labels."""

    def of(self, head: Head) -> Parts:
        """What they add to the labels of one target."""
        return self._replace(logits=self.logits[:, head.columns])


def explain(
    model: Model, readings: Sequence[Reading], inputs: Sequence[Input], decisions: Sequence[Decision]
) -> Iterator[dict[Target, tuple[Evidence, ...]]]:
    """The evidence of every target, notice by notice: for each label assigned what carried it, most first,
    and for the runner-up what speaks for it rather than for the first.

    A weight is the share of a part in all that speaks for its label.
    """
    probabilities = model.probabilities(readings)
    for k, (reading, one, decision) in enumerate(zip(readings, inputs, decisions, strict=True)):
        own = {target: rows[k] for target, rows in probabilities.items()}
        yield _explained(model, parts(model, reading, one), own, decision)


def _explained(
    model: Model, whole: Parts, probabilities: Mapping[str, Floats], decision: Decision
) -> dict[Target, tuple[Evidence, ...]]:
    heads = {head.target: head for head in model.heads}
    found: dict[Target, tuple[Evidence, ...]] = {}
    for target in TARGETS:
        head = heads[target]
        every = whole.of(head)
        if head.link == "softmax":
            every = _with_the_others(every, probabilities[target])
        ranking = decision.labels[target]
        column = {label: k for k, label in enumerate(head.labels)}
        shown = [
            evidence
            for ranked in ranking
            if ranked.assigned
            for evidence in _speaking_for(ranked.label, column[ranked.label], every)
        ]
        runner_up = next((ranked.label for ranked in ranking if not ranked.assigned), None)
        if runner_up is not None:
            shown += _against(runner_up, column[runner_up], column[ranking[0].label], every)
        found[target] = tuple(shown)
    return found


def _speaking_for(label: str, column: int, every: Parts) -> list[Evidence]:
    added = every.logits[:, column]
    whole = _whole(added)
    ranked = np.argsort(-added, kind="stable")[:_MOST]
    return _evidence(label, every, ranked[added[ranked] >= _LEAST_SHARE * whole], added / whole)


def _against(label: str, column: int, first: int, every: Parts) -> list[Evidence]:
    added, ahead = every.logits[:, column], every.logits[:, column] - every.logits[:, first]
    whole = _whole(added)
    ranked = np.argsort(-ahead, kind="stable")
    ranked = ranked[(added[ranked] > _LEAST_SHARE * whole) & (ahead[ranked] > 0)][:_MOST_COUNTER]
    return _evidence(label, every, ranked, added / whole)


def _evidence(label: str, every: Parts, which: NDArray[np.intp], shares: Floats) -> list[Evidence]:
    return [
        Evidence(label, every.texts[k], every.spans[k], round(share, 4))
        for k, share in zip(which.tolist(), shares[which].tolist(), strict=True)
    ]


def _whole(added: Floats) -> float:
    return float(added[added > 0].sum()) or 1.0


def _with_the_others(every: Parts, probability: Floats) -> Parts:
    """The parts, and what the joint decision adds to the labels; a constant is free: it is 0 on average."""
    alone = softmax(every.logits.sum(axis=0))
    shift = np.log(np.maximum(probability, 1e-300)) - np.log(np.maximum(alone, 1e-300))
    return Parts(
        (*every.texts, WITH_THE_OTHERS), (*every.spans, ()), np.vstack([every.logits, shift - shift.mean()])
    )


def parts(model: Model, reading: Reading, one: Input) -> Parts:
    """All parts of all logits; they add up to `model.logits`."""
    number: dict[str, int] = {BEFORE_READING: 0}
    stands: list[set[Span]] = [set()]
    owners: list[int] = []
    rows: list[int] = []
    values: list[float] = []

    def add(text: str, spans: tuple[Span, ...], row: int, value: float) -> None:
        part = number.setdefault(text, len(number))
        if part == len(stands):
            stands.append(set())
        stands[part].update(spans)
        owners.append(part)
        rows.append(row)
        values.append(value)

    places = _places_of_words(reading)
    known = model.row_of
    for row, name in sorted((known[name], name) for name in reading.features if name in known):
        value = reading.features[name]
        words = reading.words.get(name)
        if words:
            whole = sum(words.values())
            for term, strength in words.items():
                add(term, places[term], row, value * strength / whole)
        else:
            add(*_fact(name, reading, one), row, value)
    for phrase, term_number, value in _text_parts(model, reading, places):
        add(*phrase, len(model.features) + term_number, value)
    logits = np.zeros((len(number), len(model.bias)))
    logits[0] = model.bias
    if owners:
        order = np.argsort(owners, kind="stable")
        held, first = np.unique(np.array(owners)[order], return_index=True)
        added = np.asarray(model.weights)[np.array(rows)[order]] * np.array(values)[order, None]
        logits[held] += np.add.reduceat(added, first)
    return Parts(tuple(number), tuple(map(_spans, stands)), logits)


def _places_of_words(reading: Reading) -> dict[str, tuple[Span, ...]]:
    places: dict[str, list[Span]] = defaultdict(list)
    for hit in reading.hits:
        places[hit.term].append((hit.start, hit.end))
    return {term: tuple(sorted(set(spans))) for term, spans in places.items()}


def _text_parts(
    model: Model, reading: Reading, words: Mapping[str, tuple[Span, ...]]
) -> Iterable[tuple[tuple[str, tuple[Span, ...]], int, float]]:
    """Each text term's number and value, under the longest phrase that always has it inside."""
    places: dict[int, list[Span]] = defaultdict(list)
    for number, start, end in model.hits(reading):
        places[number].append((start, end))
    phrases = {term: spans for term, spans in words.items() if spans}
    values = model.text([reading])[0]
    for number in sorted(places, key=lambda k: (-len(model.terms[k]), k)):
        term, spans = model.terms[number], tuple(places[number])
        home = next((p for p, held in phrases.items() if term in p and _inside(spans, held)), None)
        if home is None:
            home = term
            phrases[term] = spans
        yield (home, phrases[home]), number, float(values[number])


def _inside(spans: Sequence[Span], wider: Sequence[Span]) -> bool:
    return all(any(low <= start and end <= high for low, high in wider) for start, end in spans)


_GATES = {
    "org": "受处罚的是单位",
    "both": "单位和个人都受处罚",
    "officer": "受处罚的是负责人",
    "person": "受处罚的是个人",
    "none": "未见处罚对象",
}


_WHO = {
    "organisation": "单位",
    "business": "企业",
    "officer": "负责人",
    "owner": "经营者",
    "insider": "内部人员",
    "servant": "公职人员",
    "worker": "从业者",
    "contractor": "外包人员",
    "former": "前员工",
    "hacker": "黑客",
    "gang": "团伙",
    "person": "个人",
    "passive": "被动一方",
    "unsaid": "未写明",
    "body-behind": "背后有单位",
    "accused-body": "被告单位",
    "gang-of-business": "以企业为名的团伙",
}


def _fact(name: str, reading: Reading, one: Input) -> tuple[str, tuple[Span, ...]]:
    """A feature that no single word made, in words and where it stands."""
    zone, _, what = name.partition("|")
    imposed = [clause for clause in one.clauses if not clause.negated]
    sanctions = _spans(span for clause in imposed for span in clause.sanction.spans)
    if zone == "gate":
        return _GATES.get(what, name), sanctions
    if zone == "persons":
        return f"受处罚者不少于{what}人", sanctions
    if zone == "sanction":
        return _sanction(what, imposed)
    if zone.endswith("cited"):
        spans = _cited(what, one)
        return f"引用{one.notice.text[slice(*spans[0])] if spans else what}", spans
    if zone == "since":
        return f"{what}施行之后", ()
    if zone.endswith("means"):
        spans = reading.roles.means
    else:
        mentions = reading.roles.punished if "punished" in zone else reading.roles.named
        spans = _spans((m.start, m.end) for m in mentions if m.kind == what)
    if spans:
        return one.notice.text[slice(*spans[0])], spans
    return ("受处罚者：" if "punished" in zone else "涉案者：") + _WHO.get(what, what), ()


def _cited(what: str, one: Input) -> tuple[Span, ...]:
    """Where an article is cited; one of another edition's number: wherever its law is."""
    law, _, article = what.partition(" ")
    grounds = [citation for citation in one.citations if citation.ground and citation.name == law]
    exact = [citation for citation in grounds if citation.article == article]
    return _spans(span for citation in exact or grounds for span in citation.spans)


_SANCTIONED: Mapping[str, str] = {**ON, "officer": "负责人"}
_SANCTIONS: Mapping[str, str] = {str(kind): words for kind, words in KIND.items()} | {"step": "办案措施"}


def _sanction(what: str, imposed: Sequence[SanctionClause]) -> tuple[str, tuple[Span, ...]]:
    on, _, kind = what.partition(".")
    meant = [
        clause
        for clause in imposed
        if clause.kind_of_punished == on and kind in (clause.sanction.kind, "step" if clause.step else "")
    ]
    spans = _spans(span for clause in meant for span in clause.sanction.spans)
    return _SANCTIONED.get(on, "") + _SANCTIONS.get(kind, kind), spans


def _spans(found: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(set(found)))
