"""What a label rests on: the phrases and facts that carried it, exactly.

A logit is a sum: the bias, each feature times its weight, each text term times its weight. Here the
same sum is sorted by what stands in the text. A feature that several words made is shared out by their
strengths, a text term inside a longer phrase goes to the phrase, one between two words (民个 in 公民个人) to
the longer of them; nothing is lost on the way, so the parts of a label add up to its logit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    """Phrases and facts: texts, where they stand (ends excluded), and what they add to the logits."""

    texts: Sequence[str]
    spans: Sequence[Collection[Span]]
    logits: Floats
    """Parts by labels of the targets, as the model has them."""

    def of(self, head: Head) -> Parts:
        """What they add to the labels of one target."""
        return self._replace(logits=self.logits[:, head.columns])


def explain(
    model: Model,
    inputs: Sequence[Input],
    readings: Sequence[Reading],
    texts: Floats,
    decisions: Sequence[Decision],
    probabilities: Mapping[str, Floats],
) -> Iterator[dict[Target, tuple[Evidence, ...]]]:
    """The evidence of every target, notice by notice: for each label assigned what carried it, most first,
    and for the runner-up what speaks for it rather than for the first.

    A weight is the share of a part in all that speaks for its label. `texts` (the TF-IDF of text terms),
    `decisions` and `probabilities` are what the model says of the readings.
    """
    for k, (one, reading, text, decision) in enumerate(zip(inputs, readings, texts, decisions, strict=True)):
        own = {target: rows[k] for target, rows in probabilities.items()}
        whole = _with_the_others(model, parts(model, one, reading, text), own)
        yield _explained(model, whole, decision)


def _explained(model: Model, whole: Parts, decision: Decision) -> dict[Target, tuple[Evidence, ...]]:
    heads = {head.target: head for head in model.heads}
    found: dict[Target, tuple[Evidence, ...]] = {}
    for target in TARGETS:
        head, ranking = heads[target], decision.labels[target]
        every = whole.of(head)
        shown = [
            evidence
            for ranked in ranking
            if ranked.assigned
            for evidence in _speaking_for(ranked.label, head.labels.index(ranked.label), every)
        ]
        runner_up = next((ranked.label for ranked in ranking if not ranked.assigned), None)
        if runner_up is not None:
            first = head.labels.index(ranking[0].label)
            shown += _against(runner_up, head.labels.index(runner_up), first, every)
        found[target] = tuple(shown)
    return found


def _speaking_for(label: str, column: int, every: Parts) -> list[Evidence]:
    added = every.logits[:, column]
    whole = _whole(added)
    return _evidence(label, every, added >= _LEAST_SHARE * whole, added, _MOST, added / whole)


def _against(label: str, column: int, first: int, every: Parts) -> list[Evidence]:
    added, ahead = every.logits[:, column], every.logits[:, column] - every.logits[:, first]
    whole = _whole(added)
    which = (added > _LEAST_SHARE * whole) & (ahead > 0)
    return _evidence(label, every, which, ahead, _MOST_COUNTER, added / whole)


def _evidence(
    label: str, every: Parts, which: NDArray[np.bool_], rank: Floats, most: int, shares: Floats
) -> list[Evidence]:
    """At most so many of the parts, those first that rank highest."""
    some = np.flatnonzero(which)
    some = some[np.argsort(-rank[some], kind="stable")[:most]]
    return [
        Evidence(label, every.texts[k], tuple(sorted(every.spans[k])), round(share, 4))
        for k, share in zip(some.tolist(), shares[some].tolist(), strict=True)
    ]


def _whole(added: Floats) -> float:
    return float(added[added > 0].sum()) or 1.0


def _with_the_others(model: Model, whole: Parts, probabilities: Mapping[str, Floats]) -> Parts:
    """The parts, and what the joint decision adds to the labels; a constant is free: it is 0 on average."""
    together = np.zeros((1, whole.logits.shape[1]))
    for head in model.heads:
        if head.link == "softmax" and head.target in TARGETS:
            alone = softmax(whole.logits[:, head.columns].sum(axis=0))
            shift = np.log(np.maximum(probabilities[head.target], 1e-300) / np.maximum(alone, 1e-300))
            together[:, head.columns] = shift - shift.mean()
    return Parts(
        (*whole.texts, WITH_THE_OTHERS), (*whole.spans, ()), np.concatenate([whole.logits, together])
    )


def parts(model: Model, one: Input, reading: Reading, text: Floats) -> Parts:
    """All parts of the targets' logits; they add up to the first columns of `model.logits`.

    `text` is the notice's TF-IDF vector.
    """
    found = _Phrases()
    found.number(BEFORE_READING)
    words = np.array([found.phrase(hit.term, [(hit.start, hit.end)]) for hit in reading.hits], np.intp)
    found.words_end()
    row_of_number, row_of_fact = model.rows
    numbers, hits, values = reading.shares
    rows = row_of_number[numbers]
    known = np.flatnonzero(rows >= 0)
    facts = [
        (found.number(*_fact(name, reading, one)), row_of_fact[name], value)
        for name, value in sorted(reading.facts.items())
        if name in row_of_fact
    ]
    told, stating, amounts = zip(*facts, strict=True) if facts else ((), (), ())
    homes = _homes(model, reading, found)
    terms = np.array(list(homes), np.intp)
    owners = np.concatenate(
        [words[hits[known]], np.array(told, np.intp), np.array([*homes.values()], np.intp)]
    )
    touched = np.concatenate([rows[known], np.array(stating, np.intp), terms + len(model.features)])
    amount = np.concatenate([values[known], np.array(amounts, float), text[terms]])
    columns = slice(max(head.stop for head in model.heads if head.target in TARGETS))
    logits = np.zeros((len(found.spans), columns.stop))
    logits[0] = model.bias[columns]
    if len(owners):
        order = np.argsort(owners, kind="stable")
        held, first = np.unique(owners[order], return_index=True)
        added = np.asarray(model.weights)[touched[order], columns] * amount[order, None]
        logits[held] += np.add.reduceat(added, first)
    return Parts(tuple(found.numbers), found.spans, logits)


class _Phrases:
    """The parts of a text by number, with where they stand, and which phrases lie over each place."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.spans: list[set[Span]] = []
        self._over: dict[int, list[str]] = defaultdict(list)
        self._words: frozenset[str] = frozenset()

    def number(self, text: str, spans: Iterable[Span] = ()) -> int:
        """The number of a part."""
        number = self.numbers.setdefault(text, len(self.numbers))
        if number == len(self.spans):
            self.spans.append(set())
        self.spans[number].update(spans)
        return number

    def phrase(self, text: str, spans: Sequence[Span]) -> int:
        """The number of a part that is a phrase of the text, of which others may be a piece."""
        for start, end in spans:
            for place in range(start, end):
                self._over[place].append(text)
        return self.number(text, spans)

    def words_end(self) -> None:
        """From here on come the text terms."""
        self._words = frozenset(self.numbers)

    def home(self, piece: str, spans: Sequence[Span]) -> int:
        """The number of the longest phrase that always has a piece inside, else of the longest word that it
        is a part of where it first stands; else it is a phrase itself."""
        start, end = spans[0]
        over = self._over.get(start, ())
        for phrase in sorted((one for one in over if piece in one), key=len, reverse=True):
            number = self.numbers[phrase]
            if _inside(piece, spans, phrase, self.spans[number]):
                return number
        beside = [
            one
            for place in (start, end - 1)
            for one in self._over.get(place, ())
            if one in self._words and one not in piece
        ]
        return self.numbers[max(beside, key=len)] if beside else self.phrase(piece, spans)


def _inside(piece: str, spans: Iterable[Span], phrase: str, wider: Collection[Span]) -> bool:
    """Whether a piece stands inside a phrase wherever it stands."""
    offsets = [k for k in range(len(phrase) - len(piece) + 1) if phrase.startswith(piece, k)]
    return all(any((start - k, start - k + len(phrase)) in wider for k in offsets) for start, _ in spans)


def _homes(model: Model, reading: Reading, found: _Phrases) -> dict[int, int]:
    """The text terms of a notice, the longest first, and the number of the phrase that each is counted to."""
    places: dict[int, list[Span]] = defaultdict(list)
    for number, start, end in zip(*(column.tolist() for column in model.places(reading)), strict=True):
        places[number].append((start, end))
    terms = model.terms
    return {k: found.home(terms[k], places[k]) for k in sorted(places, key=lambda k: (-len(terms[k]), k))}


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
    if zone == "outsiders":
        return f"受处罚的外部人员不少于{what}人", sanctions
    if zone == "tasks":
        return "分工", ()
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
