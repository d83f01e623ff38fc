"""What was imposed on whom: 对该公司处以罚款3万元 -> a fine of 30,000 yuan on an organisation.

The walk goes from one sanction phrase to the next (phrases.py): who it falls on (punished.py), and
whether it was imposed at all (mood.py). The card's sanctions are those that were, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tagger.card import Sanction, SanctionKind, Span
from tagger.law.measures import CRIMINAL_FINE, FINE
from tagger.law.mood import Mood, mood_before, mood_of_sentence
from tagger.law.phrases import Phrase, Value, sanction_phrases
from tagger.law.punished import (
    NOBODY,
    KindOfPunished,
    Punished,
    antecedent,
    is_pronoun,
    joined,
    leads_on,
    named_before,
    parties,
)

_CUSTODIAL: frozenset[SanctionKind] = frozenset(
    {"administrative-detention", "criminal-detention", "arrest", "imprisonment"}
)
_PERSONAL = _CUSTODIAL | {"ban", "prosecution", "criminal-fine"}
_PERSONAL_MEASURES = frozenset({"刑事强制措施", "追究刑事责任", "处分", "训诫", "抓获"})
_ON_BODIES: frozenset[SanctionKind] = frozenset({"order-to-correct", "suspension", "shutdown"})
_NAMED_BY_MEASURE: frozenset[SanctionKind] = frozenset({"suspension", "shutdown", "other"})


@dataclass(frozen=True, slots=True)
class SanctionClause:
    """One sanction as one clause of the text names it.

    `sanction.spans` holds the sanction phrase with its amount or term; `measure` is the law's name for it
    (停机整顿, 吊销); `punished` are the words for who is sanctioned, "" with `punished_span` None where the
    sentence names nobody (`kind_of_punished` may still be known from a sentence before). `step` marks
    what belongs to a procedure and is no sanction (抓获, 立案), `vague` a 行政处罚 of unsaid kind.
    """

    sanction: Sanction
    measure: str
    punished: str = ""
    punished_span: Span | None = None
    kind_of_punished: KindOfPunished = "unknown"
    mood: Mood = "imposed"
    step: bool = False
    vague: bool = False

    @property
    def negated(self) -> bool:
        """Denied, only threatened, quoted from a statute, or a campaign's total."""
        return self.mood != "imposed"


def sanction_clauses(text: str, quoted: Sequence[Span] = ()) -> tuple[SanctionClause, ...]:
    """Every place where `text` names a sanction or a step towards one, in order.

    `quoted` are spans that educate readers; what stands there has the mood "quoted".
    """
    return tuple(_clauses(text, quoted))


def find_sanctions(text: str, quoted: Sequence[Span] = ()) -> tuple[Sanction, ...]:
    """The sanctions that were imposed, each once, with all its spans.

    A group's range (七个月至两年三个月不等) gives its two ends. A 行政处罚 of unsaid kind counts only
    where no other sanction falls on the same party.
    """
    return imposed(sanction_clauses(text, quoted))


def _clauses(text: str, quoted: Sequence[Span]) -> Iterator[SanctionClause]:
    floor = end_of_sentence = 0
    start_of_sentence = -1
    chain: tuple[Punished, ...] = ()
    bodies: tuple[Punished, ...] = ()
    mood: Mood = "imposed"
    sentenced = False
    for phrase in sanction_phrases(text):
        if start_of_sentence < 0 or phrase.start >= end_of_sentence:
            start_of_sentence, end_of_sentence = _sentence(text, phrase.start)
            chain, bodies, sentenced = (), (), False
        left = max(floor, start_of_sentence)
        own = _named(text, phrase, left)
        if own or not chain:
            chain = own or (antecedent(text, phrase.start, person=_falls_on_person(phrase)),)
            mood = _mood(text, phrase, start_of_sentence, end_of_sentence)
        elif mood == "imposed" or not leads_on(text[left : phrase.start]):
            mood = _mood(text, phrase, start_of_sentence, end_of_sentence)
        bodies = tuple(party for party in chain if party.kind == "organisation") or bodies
        falls_on = chain
        if not own and phrase.measure.kind in _ON_BODIES:
            # 对公司罚款，对负责人罚款，责令限期整改: the order falls on the body, not on its officer.
            officers = all(party.kind == "officer" for party in chain)
            falls_on = bodies or ((Punished("organisation"),) if officers else chain)
        in_box = any(low <= phrase.start < high for low, high in quoted)
        yield from _one_each(text, phrase, falls_on, "quoted" if in_box else mood, sentenced)
        if phrase.measure.kind == "interview" and all(party.kind == "officer" for party in chain):
            chain = (Punished("organisation"),)  # whoever is talked to, it is the body that answers
        sentenced = sentenced or phrase.measure.kind == "imprisonment"
        floor = max(phrase.end, phrase.whom[1]) if phrase.whom else phrase.end


_STOPS = "。！？!?\n"
_LONGEST_SENTENCE = 400


def _sentence(text: str, at: int) -> Span:
    """The sentence around a position, cut where a text without full stops never ends."""
    low, high = max(0, at - _LONGEST_SENTENCE), min(len(text), at + _LONGEST_SENTENCE)
    start = max(text.rfind(stop, low, at) for stop in _STOPS) + 1
    ends = [end for stop in _STOPS if (end := text.find(stop, at, high)) >= 0]
    return max(start, low), min(ends, default=high)


def _mood(text: str, phrase: Phrase, start: int, end: int) -> Mood:
    return mood_of_sentence(text, start, end, phrase.start) or mood_before(text[start : phrase.start])


def _falls_on_person(phrase: Phrase) -> bool:
    return phrase.measure.kind in _PERSONAL or phrase.measure.name in _PERSONAL_MEASURES


def _named(text: str, phrase: Phrase, left: int) -> tuple[Punished, ...]:
    """Who the phrase itself names (判处李某有期徒刑), else who the words before it name."""
    found: tuple[Punished, ...] = ()
    if phrase.whom:
        inside = parties(text[slice(*phrase.whom)], phrase.whom[0])
        if all(party.kind == "unknown" and not is_pronoun(party.words) for party in inside):
            inside = ()
        found = inside
    if not found:
        found = named_before(text, left, phrase.start)
    if len(found) == 1 and found[0].kind == "unknown" and is_pronoun(found[0].words):
        meant = antecedent(text, found[0].span[0] if found[0].span else left, person=_falls_on_person(phrase))
        return (replace(found[0], kind=meant.kind),)
    return found


def _one_each(
    text: str, phrase: Phrase, chain: tuple[Punished, ...], mood: Mood, sentenced: bool
) -> Iterator[SanctionClause]:
    """One clause for each party and value: two amounts behind two parties go one to each."""
    if len(phrase.values) == len(chain) > 1:
        pairs: list[tuple[Punished, Value | None]] = list(zip(chain, phrase.values, strict=True))
    else:
        pairs = [
            (party, value) for party in joined(chain, text) or (NOBODY,) for value in phrase.values or (None,)
        ]
    measure = phrase.measure
    for party, value in pairs:
        kind = party.kind
        if measure is FINE and sentenced and kind == "person":
            measure = CRIMINAL_FINE  # what a court adds to a prison term is 罚金, also where it reads 罚款
        if (measure.kind in _CUSTODIAL or measure.name == "抓获") and kind == "organisation":
            kind = "person"  # a 团队 or an account stands for its people: no body can be detained
        by_default: Literal["organisation", "person"] = (
            "person" if measure.kind in _PERSONAL or measure.name in _PERSONAL_MEASURES else "organisation"
        )
        sanction = Sanction(
            on=_ON.get(kind, by_default),
            kind=measure.kind,
            amount_yuan=value.amount if value else None,
            days=value.term.days if value and value.term else None,
            months=value.term.months if value and value.term else None,
            spans=((phrase.start, phrase.end),),
        )
        yield SanctionClause(
            sanction, measure.name, party.words, party.span, kind, mood, measure.step, measure.vague
        )


_ON: dict[KindOfPunished, Literal["organisation", "person"]] = {
    "organisation": "organisation",
    "officer": "person",
    "person": "person",
}


def imposed(clauses: Iterable[SanctionClause]) -> tuple[Sanction, ...]:
    """The sanctions among `clauses`, each once: what a title says again in the body is one sanction."""
    real = [clause for clause in clauses if not clause.negated and not clause.step]
    kept: list[SanctionClause] = []
    for clause in real:
        if clause.vague and any(not other.vague and _same_party(clause, other) for other in real):
            continue
        for index, other in enumerate(kept):
            if _same(clause, other):
                kept[index] = _together(other, clause)
                break
        else:
            kept.append(clause)
    return tuple(clause.sanction for clause in kept)


def _same(one: SanctionClause, other: SanctionClause) -> bool:
    a, b = one.sanction, other.sanction
    if a.kind != b.kind or a.on != b.on or not (a.spans == b.spans or _same_party(one, other)):
        return False
    if a.kind in _NAMED_BY_MEASURE and one.measure != other.measure:
        return False
    values = (a.amount_yuan, a.days, a.months), (b.amount_yuan, b.days, b.months)
    return values[0] == values[1] or (None, None, None) in values


def _same_party(one: SanctionClause, other: SanctionClause) -> bool:
    """Whether two clauses may speak of one party: 该公司 and 某科技公司 may, 周某 and 关某 may not."""
    if one.sanction.on != other.sanction.on:
        return False
    a, b = (clause.punished.lstrip("该某其本涉案事") for clause in (one, other))
    return not a or not b or is_pronoun(a) or is_pronoun(b) or a.endswith(b) or b.endswith(a)


def _together(one: SanctionClause, other: SanctionClause) -> SanctionClause:
    a, b = one.sanction, other.sanction
    sanction = replace(
        a,
        amount_yuan=a.amount_yuan if a.amount_yuan is not None else b.amount_yuan,
        days=a.days if a.days is not None else b.days,
        months=a.months if a.months is not None else b.months,
        spans=tuple(dict.fromkeys(a.spans + b.spans)),
    )
    return replace(one, sanction=sanction, punished=one.punished or other.punished)
