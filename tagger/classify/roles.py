"""Who is who in a notice: who was punished, who did it, from inside or outside, and how many.

The subject of a case is not the commonest noun but whoever is sanctioned.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from tagger.card import Span
from tagger.classify.mentions import BODIES, KINDS, Mention, Mentions
from tagger.classify.openings import SheetFinder
from tagger.classify.sheet import Numbers, Sheet
from tagger.expressions import expression
from tagger.law.numerals import read_numeral
from tagger.law.sanctions import SanctionClause

Gate = Literal["organisation", "both", "officer", "person", "nobody"]

_NOUN_PHRASE = expression(
    r"[^，。；,;\n把将向对给被遭用以因不未]{0,5}|[^，。；,;\n把将向对给被遭用以因不未]{0,8}的[^，。；,;\n把将向对给被遭用以因不未]{0,8}"
)
_MEANS = SheetFinder(
    expression(
        r"利用[^，。；,;\n]{0,16}(?:之便|便利|之机|之利|职权|权限)|[担任][^，。；,;\n]{0,16}期间|受(?:雇|聘)|(?:外聘|聘请|雇佣)的"
        r"|在[^，。；,;\n]{1,20}(?:工作|任职|上班|就职|供职|实习|值班)(?:期间|时|后)?"
    )
)
"""Employment in two parts: 利用代录档案之便, 任户籍内勤期间, 在某中心工作."""
_COUNT = expression(r"(\d{1,4}|[一二三四五六七八九十百两]{1,5})余?(?:名|人)")

_CRIME = expression(r"嫌疑人|被告人|团伙|[^，。；,;\n犯认无有]{2}罪(?![犯名行恶证责状])")

_THAT = ("该", "此", "涉事", "涉案", "上述", "当事")
_ANY_BODY = ("单位", "机构", "主体", "者", "方")
"""Words for a body of whatever kind."""

_CUSTODY = frozenset(
    {"administrative-detention", "criminal-detention", "arrest", "prosecution", "imprisonment", "ban"}
)
_ON_PERSONS = frozenset({"处分", "训诫", "抓获", "刑事强制措施", "追究刑事责任"})
_WEAK = frozenset({"interview", "other", "confiscation", "suspension", "shutdown"})
_ON_BODIES = frozenset({"fine", "warning", "order-to-correct", "suspension", "shutdown", "interview"})


class Roles(Struct, frozen=True):
    """Who is who. `gate` sums up who was punished; `persons` is how many, as far as the text says."""

    gate: Gate = "nobody"
    punished: tuple[Mention, ...] = ()
    named: tuple[Mention, ...] = ()
    """The named persons, each of the kind that the words beside the name give."""
    means: tuple[Span, ...] = ()
    """Where the text says in two parts that somebody is employed."""
    persons: int = 0
    body_behind: bool = False
    """An organisation is what the notice says was taken into custody: its people acted for it."""


class Cast:
    """The mentions of a sheet, text by text."""

    def __init__(self, sheet: Sheet, texts: Sequence[str], mentions: Mentions, stops: Numbers) -> None:
        self._stops: list[int] = stops.tolist()
        self._texts = texts
        self._firsts: list[int] = sheet.starts.tolist()
        self._kinds, self._starts, self._ends = (column.tolist() for column in mentions.everybody)
        self._means: list[list[Span]] = [[] for _ in texts]
        for number, match in _MEANS.matches(sheet, texts):
            self._means[number].append(match.span())
        self._names = [column.tolist() for column in mentions.names]
        self._bounds = [*_bounds(self._starts, self._firsts), len(self._starts)]
        self._name_bounds = [*_bounds(self._names[1], self._firsts), len(self._names[1])]

    def roles(self, number: int, clauses: Sequence[SanctionClause]) -> Roles:
        """The roles of one text; `clauses` are its sanctions."""
        one = _Text(
            self._texts[number], self._firsts[number], self._kinds, self._starts, self._ends,
            self._bounds[number], self._bounds[number + 1],
        )  # fmt: skip
        kinds, starts, ends = self._names
        named = tuple(
            [
                Mention(KINDS[kinds[k]], starts[k] - one.first, ends[k] - one.first)
                for k in range(self._name_bounds[number], self._name_bounds[number + 1])
            ]
        )
        imposed = [clause for clause in clauses if not clause.negated]
        punished, body_behind = _punished(one, imposed)
        return Roles(
            gate=_gate(one.text, imposed, named),
            punished=punished,
            named=named,
            means=tuple(self._means[number]),
            persons=_persons(one, imposed, named, self._stops),
            body_behind=body_behind,
        )


def _bounds(starts: Sequence[int], firsts: Sequence[int]) -> list[int]:
    return [bisect_left(starts, first) for first in firsts]


class _Text(Struct, frozen=True):
    """A text and its mentions low..high of the sheet's; they stand `first` characters further on there."""

    text: str
    first: int
    kinds: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    low: int
    high: int

    def from_(self, at: int) -> int:
        """The number of the first mention that begins there or later."""
        return bisect_left(self.starts, at + self.first, self.low, self.high)

    def mention(self, number: int) -> Mention:
        """A mention by its number."""
        return Mention(
            KINDS[self.kinds[number]], self.starts[number] - self.first, self.ends[number] - self.first
        )

    def antecedents(self, mentions: Iterable[int]) -> Iterator[int]:
        """Which bodies mentions like 该公司 or 涉事单位 point back to: the first one of their kind."""
        pointing = [k for k in mentions if self.kinds[k] in BODIES and self._points_back(k)]
        firsts: dict[str, int] = {}
        for k in range(self.low, max(pointing, default=self.low)):
            if self.kinds[k] in BODIES and not self._points_back(k):
                firsts.setdefault("", k)
                firsts.setdefault(self.text[self.ends[k] - self.first - 1], k)
        for k in pointing:
            start, end = self.starts[k] - self.first, self.ends[k] - self.first
            any_body = self.text[start:end].endswith(_ANY_BODY)
            meant = firsts.get("" if any_body else self.text[end - 1])
            if meant is not None and meant < k:
                yield meant

    def _points_back(self, number: int) -> bool:
        start = self.starts[number] - self.first
        return self.text.startswith(_THAT, start) or self.text[max(0, start - 2) : start].endswith(_THAT)


def _personal(clause: SanctionClause) -> bool:
    return clause.sanction.kind in _CUSTODY or clause.measure in _ON_PERSONS


def _punished(one: _Text, clauses: Sequence[SanctionClause]) -> tuple[tuple[Mention, ...], bool]:
    found: dict[int, None] = {}
    body_behind = False
    for span in dict.fromkeys(clause.punished_span for clause in clauses):
        if span is None:
            continue
        low, high = span
        stop = high + one.first
        found |= dict.fromkeys(k for k in range(one.from_(low), one.from_(high)) if one.ends[k] <= stop)
    for span in {clause.punished_span for clause in clauses if _personal(clause)}:
        if span is not None and not body_behind:
            body_behind = _head(one, *span) in BODIES
    found |= dict.fromkeys(one.antecedents(found))
    return tuple(dict.fromkeys(map(one.mention, found))), body_behind


def _head(one: _Text, low: int, high: int) -> int | None:
    """What the noun phrase that begins at `low` names: its last word decides (某银行|网点的经理)."""
    head: int | None = None
    stop = 0
    for number in range(one.from_(low), one.high):
        kind, start, end = one.kinds[number], one.starts[number] - one.first, one.ends[number] - one.first
        if head is None:
            if start >= high:
                return None
            head, stop = kind, end
        elif start >= stop:
            if not _NOUN_PHRASE.fullmatch(one.text, stop, start):
                break
            if kind in BODIES and head not in BODIES:
                break  # 民警|借某平台: behind a person no body belongs to the phrase
            if kind not in BODIES or start < high:
                head, stop = kind, end
    return head


def _gate(text: str, clauses: Sequence[SanctionClause], named: Sequence[Mention]) -> Gate:
    body = person = officer = 0.0
    for clause in clauses:
        kind = clause.kind_of_punished
        weight = 0.5 if clause.vague or clause.sanction.kind in _WEAK else 1.0
        if _personal(clause):
            if kind == "officer":
                officer = 1.0
            elif kind == "organisation" and clause.punished and clause.sanction.kind == "prosecution":
                body = 1.0
            else:
                person = max(person, 0.8 if clause.step else 1.0)
        elif kind == "organisation":
            body = max(body, weight)
        elif kind == "officer":
            officer = 1.0
        elif kind == "person":
            person = max(person, weight)
        elif clause.sanction.kind in _ON_BODIES or clause.vague:
            body = max(body, weight - 0.2)
    if body and person:
        return "both" if body > 0.5 or person <= 0.5 else "person"
    if body:
        return "organisation"
    if person:
        return "person"
    if officer:
        return "officer"
    # A case still under way names whom it is about, or the crime.
    if any(mention.kind not in ("officer", "owner") for mention in named) or _CRIME.search(text):
        return "person"
    return "nobody"


_start = attrgetter("start")


def _persons(
    one: _Text, clauses: Sequence[SanctionClause], named: Sequence[Mention], stops: Sequence[int]
) -> int:
    """How many were punished: the largest number beside a personal sanction, or the names in its sentence.

    `stops` are where sentences end on the sheet.
    """
    text, most = one.text, 0
    for at in {
        clause.sanction.spans[0][0]
        for clause in clauses
        if _personal(clause) or clause.kind_of_punished == "person"
    }:
        following = bisect_left(stops, at + one.first)
        start = max(stops[following - 1] + 1 - one.first, at - 120, 0)
        end = min(stops[following] - one.first, at + 60)
        for count in _COUNT.finditer(text, start, end):
            most = max(most, read_numeral(count[1]) or 0)
        first = bisect_left(named, start, key=_start)
        beside = named[first : bisect_left(named, end, first, key=_start)]
        most = max(most, len({text[m.start : m.end] for m in beside}), 1)
    return most
