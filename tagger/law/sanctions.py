"""What was imposed on whom: 对该公司处以罚款3万元 -> a fine of 30,000 yuan on an organisation.

The walk goes from one sanction phrase to the next (phrases.py): who it falls on (punished.py), and
whether it was imposed at all (mood.py). The card's sanctions are those that were, each once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tagger.card import Sanction, SanctionKind, Span
from tagger.expressions import expression
from tagger.law.measures import CRIMINAL_FINE, FINE, Measure
from tagger.law.mood import Mood, mood_before, voice
from tagger.law.phrases import Phrase, Value, sanction_phrases
from tagger.law.punished import NOBODY, KindOfPunished, Punished, is_pronoun, joined, parties
from tagger.law.reference import Memory, leads_on, named_before

_CUSTODIAL: frozenset[SanctionKind] = frozenset(
    {"administrative-detention", "criminal-detention", "arrest", "imprisonment"}
)
_PERSONAL = _CUSTODIAL | {"ban", "prosecution", "criminal-fine"}
_PERSONAL_MEASURES = frozenset({"刑事强制措施", "追究刑事责任", "处分", "训诫", "抓获", "传唤"})
_ON_BODIES: frozenset[SanctionKind] = frozenset({"order-to-correct", "suspension", "shutdown"})
_NAMED_BY_MEASURE: frozenset[SanctionKind] = frozenset({"suspension", "shutdown", "other"})


class SanctionClause(Struct, frozen=True):
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

    `quoted` are spans, in order, that educate readers; what stands there has the mood "quoted".
    """
    return clauses_of([text], [quoted])[0]


def clauses_of(texts: Sequence[str], quoted: Sequence[Sequence[Span]]) -> list[tuple[SanctionClause, ...]]:
    """The sanction clauses of many texts, one question after the other (benchmarks/README.md says why)."""
    phrases = [list(sanction_phrases(text)) for text in texts]
    return list(map(_clauses, texts, phrases, quoted))


def _clauses(text: str, phrases: list[Phrase], quoted: Sequence[Span]) -> tuple[SanctionClause, ...]:
    if not phrases:
        return ()
    memory = Memory(text)
    found: list[SanctionClause] = []
    for sentence, of_it in _by_sentence(text, phrases):
        found += _read_sentence(text, sentence, of_it, memory, quoted)
    return tuple(found)


def find_sanctions(text: str, quoted: Sequence[Span] = (), body_start: int = 0) -> tuple[Sanction, ...]:
    """The sanctions that were imposed, each once, with all its spans.

    A group's range (七个月至两年三个月不等) gives its two ends. A 行政处罚 of unsaid kind counts only
    where no other sanction falls on the same party.
    """
    return imposed(sanction_clauses(text, quoted), body_start)


_STOP = expression(r"[。！？!?\n]")
_LONGEST_SENTENCE = 400


def _by_sentence(text: str, found: Iterable[Phrase]) -> Iterator[tuple[Span, list[Phrase]]]:
    """The sanction phrases of each sentence; a text without full stops is cut where it gets too long."""
    stops: list[int] | None = None
    sentence: Span = (0, 0)
    phrases: list[Phrase] = []
    for phrase in found:
        if phrase.start >= sentence[1]:
            if phrases:
                yield sentence, phrases
            if stops is None:
                stops = [-1, *(stop.start() for stop in _STOP.finditer(text)), len(text)]
            following = bisect_left(stops, phrase.start)
            start = max(stops[following - 1] + 1, sentence[1], phrase.start - _LONGEST_SENTENCE)
            end = min(stops[following], phrase.start + _LONGEST_SENTENCE)
            sentence, phrases = (start, max(end, phrase.start + 1)), []
        phrases.append(phrase)
    if phrases:
        yield sentence, phrases


def _read_sentence(
    text: str, sentence: Span, phrases: list[Phrase], memory: Memory, quoted: Sequence[Span]
) -> Iterator[SanctionClause]:
    """The clauses of one sentence: a sanction that names nobody falls on whom the one before fell on."""
    floor = sentence[0]
    spoken, until = voice(text, *sentence)
    chain: tuple[Punished, ...] = ()
    bodies: tuple[Punished, ...] = ()
    mood: Mood = "imposed"
    sentenced = False
    for number, phrase in enumerate(phrases):
        own = _named(text, phrase, floor, chain, memory)
        if own or mood == "imposed" or not leads_on(text[floor : phrase.start]):
            mood = mood_before(text[sentence[0] : phrase.start])
        custody = _only_persons(phrase.measure) or (
            not own and not chain and _leads_to_custody(text, phrases[number:])
        )
        person = custody or _falls_on_person(phrase)
        chain = own or chain or (memory.antecedent(phrase.start, person=person),)
        if custody:
            # A 团队 or an account stands for its people: no body can be detained.
            chain = tuple(p if p.kind in ("officer", "person") else replace(p, kind="person") for p in chain)
        bodies = tuple(party for party in chain if party.kind == "organisation") or bodies
        falls_on = chain
        if not own and phrase.measure.kind in _ON_BODIES:
            # 对公司罚款，对负责人罚款，责令限期整改: the order falls on the body, not on its officer.
            body = phrase.measure.kind != "order-to-correct" or all(p.kind == "officer" for p in chain)
            falls_on = bodies or ((Punished("organisation"),) if body else chain)
        in_force: Mood = mood
        if quoted and _inside(quoted, phrase.start):
            in_force = "quoted"
        elif spoken != "imposed" and phrase.start < until:
            in_force = spoken
        yield from _one_each(text, phrase, falls_on, in_force, sentenced)
        if phrase.measure.kind == "interview" and all(party.kind == "officer" for party in chain):
            chain = (Punished("organisation"),)  # whoever is talked to, it is the body that answers
        sentenced = sentenced or phrase.measure.kind == "imprisonment"
        floor = max(phrase.end, phrase.whom[1]) if phrase.whom else phrase.end


def _leads_to_custody(text: str, phrases: Sequence[Phrase]) -> bool:
    """Whether the first of some phrases leads on to one that only persons suffer.

    没收违法所得，并处罚款二千元、行政拘留十日: all of it falls on whoever is detained.
    """
    for before, phrase in pairwise(phrases):
        if not leads_on(text[before.end : phrase.start]):
            return False
        if _only_persons(phrase.measure):
            return True
    return False


def _inside(spans: Sequence[Span], at: int) -> bool:
    index = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return index >= 0 and at < spans[index][1]


def _only_persons(measure: Measure) -> bool:
    return measure.kind in _CUSTODIAL or measure.name in ("抓获", "训诫", "处分")


def _falls_on_person(phrase: Phrase) -> bool:
    return phrase.measure.kind in _PERSONAL or phrase.measure.name in _PERSONAL_MEASURES


def _named(
    text: str, phrase: Phrase, left: int, chain: tuple[Punished, ...], memory: Memory
) -> tuple[Punished, ...]:
    """Who the phrase itself names (判处李某有期徒刑), else who the words before it name."""
    inside = parties(text[slice(*phrase.whom)], phrase.whom[0]) if phrase.whom else ()
    if any(party.kind != "unknown" or is_pronoun(party.words) for party in inside):
        found = inside
    else:
        found = named_before(text, left, phrase.start)
    if len(found) != 1 or found[0].kind != "unknown" or not is_pronoun(found[0].words):
        return found
    known = {party.kind for party in chain} - {"unknown"}
    kind = (
        known.pop()
        if len(known) == 1
        else memory.antecedent(phrase.start, person=_falls_on_person(phrase)).kind
    )
    return (replace(found[0], kind=kind),)


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


def imposed(clauses: Iterable[SanctionClause], body_start: int = 0) -> tuple[Sanction, ...]:
    """The sanctions among `clauses`, each once: what a title says again in the body is one sanction.

    Where the title ends (`body_start`) is known of notices: whatever it calls the party, the same sum or
    term in the body is the same sanction, and a 被罚 of unsaid kind is what the body says.
    """
    real = [clause for clause in clauses if not clause.negated and not clause.step]
    told: dict[str, _Parties] = {}
    if any(clause.vague for clause in real):
        told = {
            on: _Parties(c.punished for c in real if not c.vague and c.sanction.on == on) for on in _SIDES
        }
    kept: list[_Sanctioned] = []
    alike: dict[object, list[_Sanctioned]] = {}
    for clause in real:
        sanction = clause.sanction
        if clause.vague and told[sanction.on].says(clause, body_start):
            continue
        by_name = clause.measure if sanction.kind in _NAMED_BY_MEASURE else None
        group = alike.setdefault((sanction.on, sanction.kind, by_name), [])
        near = group[-_PARTIES:]
        one = next((other for other in near if other.same_as(clause)), None)
        one = one or next((other for other in near if other.told_by_title(clause, body_start)), None)
        if one:
            one.add(clause)
        else:
            group.append(_Sanctioned(clause))
            kept.append(group[-1])
    return tuple(one.sanction() for one in kept)


_SIDES: tuple[Literal["organisation", "person"], ...] = ("organisation", "person")
_PARTIES = 32
"""How many parties a clause is compared with: no case has more, and hostile text must not cost more."""


class _Parties:
    """The parties on whom clauses of a side say what fell."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(dict.fromkeys(_core(words) for words in names))[:_PARTIES]

    def says(self, vague: SanctionClause, body_start: int) -> bool:
        """Whether they say what a vague clause means: it may name one of them, or is a title."""
        if vague.sanction.spans[0][0] < body_start:
            return bool(self._names)
        return any(_may_be_one(_core(vague.punished), name) for name in self._names)


class _Sanctioned:
    """One sanction while its mentions are gathered."""

    def __init__(self, clause: SanctionClause) -> None:
        self._first = clause.sanction
        self._name = _core(clause.punished)
        self._values = _values(clause.sanction)
        self._spans = list(clause.sanction.spans)

    def told_by_title(self, clause: SanctionClause, body_start: int) -> bool:
        """Whether the title told of what a clause of the body says of 公司, 学校 or 其."""
        same = _values(clause.sanction) == self._values != _NO_VALUES
        behind = self._spans[-1][0] < body_start <= clause.sanction.spans[0][0]
        return same and behind and "某" not in clause.punished and len(_core(clause.punished)) <= _SHORT

    def same_as(self, clause: SanctionClause) -> bool:
        values = _values(clause.sanction)
        if values != self._values and values != _NO_VALUES and self._values != _NO_VALUES:
            return False
        return clause.sanction.spans[0] == self._spans[-1] or _may_be_one(_core(clause.punished), self._name)

    def add(self, clause: SanctionClause) -> None:
        if clause.sanction.spans[0] != self._spans[-1]:
            self._spans += clause.sanction.spans
        self._name = self._name or _core(clause.punished)
        if self._values == _NO_VALUES:
            self._values = _values(clause.sanction)

    def sanction(self) -> Sanction:
        amount, days, months = self._values
        return replace(self._first, amount_yuan=amount, days=days, months=months, spans=tuple(self._spans))


_NO_VALUES = (None, None, None)
_SHORT = 2
"""The length of 公司, 学校 and other words that name nobody in particular."""


def _values(sanction: Sanction) -> tuple[float | None, int | None, int | None]:
    return sanction.amount_yuan, sanction.days, sanction.months


def _core(words: str) -> str:
    return "" if is_pronoun(words) else words.lstrip("该某其本涉案事")


def _may_be_one(name: str, other: str) -> bool:
    """Whether two names may mean one party: 该公司 and 某科技公司 may, 周某 and 关某 may not."""
    return not name or not other or name.endswith(other) or other.endswith(name)
