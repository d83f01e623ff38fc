"""What a label rests on: the phrases and facts that carried it, exactly.

A logit is a sum: the bias, each feature times its weight, each text term times its weight. Here the
same sum is sorted by what stands in the text. A feature that several words made is shared out by their
strengths, a text term inside a longer phrase goes to the phrase; nothing is lost on the way, so the
parts of a label add up to its logit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
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


class Part(Struct, frozen=True):
    """A phrase or fact, where it stands (end excluded), and what it adds to the logit of each label."""

    text: str
    spans: tuple[Span, ...]
    logits: Floats


def explain(
    model: Model, reading: Reading, one: Input, decision: Decision
) -> dict[Target, tuple[Evidence, ...]]:
    """The evidence of every target: for each label assigned what carried it, most first, and for the
    runner-up what speaks for it rather than for the first.

    A weight is the share of a part in all that speaks for its label.
    """
    heads = {head.target: head for head in model.heads}
    probabilities = model.probabilities([reading])
    found: dict[Target, tuple[Evidence, ...]] = {}
    whole = _parts(model, reading, one)
    for target in TARGETS:
        head = heads[target]
        every = [_of_head(part, head) for part in whole]
        if head.link == "softmax":
            every.append(_together(every, probabilities[target][0]))
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


def _speaking_for(label: str, column: int, every: Sequence[Part]) -> list[Evidence]:
    whole = _whole(every, column)
    ranked = sorted(every, key=lambda part: -part.logits[column])[:_MOST]
    return [
        _evidence(label, part, column, whole)
        for part in ranked
        if part.logits[column] >= _LEAST_SHARE * whole
    ]


def _against(label: str, column: int, first: int, every: Sequence[Part]) -> list[Evidence]:
    whole = _whole(every, column)
    least = _LEAST_SHARE * whole
    ahead = [part for part in every if part.logits[column] > max(least, part.logits[first])]
    ranked = sorted(ahead, key=lambda part: part.logits[first] - part.logits[column])[:_MOST_COUNTER]
    return [_evidence(label, part, column, whole) for part in ranked]


def _evidence(label: str, part: Part, column: int, whole: float) -> Evidence:
    return Evidence(label, part.text, part.spans, round(float(part.logits[column]) / whole, 4))


def _whole(every: Sequence[Part], column: int) -> float:
    return sum(float(part.logits[column]) for part in every if part.logits[column] > 0) or 1.0


def _together(every: Sequence[Part], probability: Floats) -> Part:
    """What the joint decision adds to the labels of one target; a constant is free, so it is 0 on average."""
    alone = softmax(np.sum([part.logits for part in every], axis=0))
    shift = np.log(np.maximum(probability, 1e-300)) - np.log(np.maximum(alone, 1e-300))
    return Part(WITH_THE_OTHERS, (), shift - shift.mean())


def parts(model: Model, reading: Reading, one: Input, head: Head) -> tuple[Part, ...]:
    """All parts of one target's logits; they add up to `model.logits`."""
    return tuple(_of_head(part, head) for part in _parts(model, reading, one))


def _of_head(part: Part, head: Head) -> Part:
    return Part(part.text, part.spans, part.logits[head.columns])


def _parts(model: Model, reading: Reading, one: Input) -> list[Part]:
    """The parts of all logits at once: where a part stands is the same for every target."""
    sums: dict[tuple[str, tuple[Span, ...]], Floats] = defaultdict(lambda: np.zeros(len(model.bias)))
    sums[BEFORE_READING, ()] += model.bias
    weights = np.asarray(model.weights)  # not the memory map, of which every slice costs more than its sum
    places = _places_of_words(reading)
    for row, name in enumerate(model.features):
        value = reading.features.get(name)
        if value is None:
            continue
        added = value * weights[row].astype(float)
        words = reading.words.get(name)
        if words:
            whole = sum(words.values())
            for term, strength in words.items():
                sums[term, places[term]] += added * (strength / whole)
        else:
            sums[_fact(name, reading, one)] += added
    for phrase, number, value in _text_parts(model, reading, places):
        sums[phrase] += value * weights[len(model.features) + number].astype(float)
    return [Part(text, spans, added) for (text, spans), added in sums.items()]


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
        return f"引用{what}", _cited(what, one)
    if zone == "since":
        return f"{what}施行之后", ()
    mentions = reading.roles.punished if zone == "punished-as" else reading.roles.named
    spans = _spans((m.start, m.end) for m in mentions if m.kind == what)
    if spans:
        return one.notice.text[slice(*spans[0])], spans
    return name, ()


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
