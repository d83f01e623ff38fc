"""The case card: what the tagger says of one notice, as plain data and as the contract's JSON.

Spans are pairs of character offsets, end excluded, into `CaseCard.text` (the cleaned text
with the title, if any, as its first line). Probabilities lie in 0..1, amounts are in yuan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Literal

from msgspec import Struct, field, json
from msgspec.structs import asdict

from tagger.taxonomy import TARGETS, Target

SCHEMA = 1

Span = tuple[int, int]
Basis = Literal["cited", "implied", "predicted"]
SanctionKind = Literal[
    "warning", "order-to-correct", "fine", "criminal-fine", "confiscation", "suspension", "shutdown",
    "administrative-detention", "criminal-detention", "arrest", "prosecution", "imprisonment", "ban",
    "interview", "other",
]  # fmt: skip


class RankedLabel(Struct, frozen=True):
    """One label of a target's ranking."""

    label: str
    probability: float
    assigned: bool


class RankedStatute(Struct, frozen=True):
    """One article of the statutes' ranking.

    `law` is the catalogue's one name (citation_name), or the name as printed for a law that the
    catalogue lacks; `article` is "21" or "253之一"; `edition` is the date (YYYY-MM-DD) from which
    the edition is in force, None where it cannot be told; pinpoints are `59.1` (款) and `21(2)` (项).
    """

    law: str
    article: str
    edition: str | None
    basis: Basis
    probability: float
    assigned: bool
    pinpoints: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def citation(self) -> str:
        """`网络安全法第21条`, `刑法第253条之一`."""
        return citation(self.law, self.article)


def citation(law: str, article: str) -> str:
    """The contract's spelling of an article.

    >>> citation("刑法", "253之一")
    '刑法第253条之一'
    """
    number, mark, inserted = article.partition("之")
    return f"{law}第{number}条{mark}{inserted}"


class Sanction(Struct, frozen=True):
    """What was imposed on whom. `days` for detention and suspensions, `months` for longer terms."""

    on: Literal["organisation", "person"]
    kind: SanctionKind
    amount_yuan: float | None = None
    days: int | None = None
    months: int | None = None
    spans: tuple[Span, ...] = ()


class Facts(Struct, frozen=True):
    """The plain facts of the notice; dates are YYYY, YYYY-MM or YYYY-MM-DD."""

    authority: str | None = None
    region: str | None = None
    document: str | None = None
    act_date: str | None = None
    decision_date: str | None = None


class Check(Struct, frozen=True):
    """Something a lawyer would remark on: `code` is words joined by hyphens, `message` one sentence."""

    code: str
    message: str


class Evidence(Struct, frozen=True):
    """A phrase that carried a label; `weight` is its share of the label's score."""

    label: str
    text: str
    spans: tuple[Span, ...]
    weight: float


class Precedent(Struct, frozen=True):
    """A case of the casebook that resembles this one; `similarity` is a cosine in 0..1."""

    id: str
    title: str
    similarity: float
    shared: tuple[str, ...] = ()
    statutes: tuple[str, ...] = ()
    outcome: str = ""


class Review(Struct, frozen=True):
    """Whether a person should look at the card, and why.

    `candidates` has, by target, the labels that cannot be ruled out at the coverage that was asked for.
    """

    needed: bool = False
    reasons: tuple[str, ...] = ()
    candidates: Mapping[Target, tuple[str, ...]] = field(default_factory=dict)


class CaseCard(Struct, frozen=True):
    """The card of one case. Every ranking is best first; see the contract in docs/card.md."""

    source: str
    text: str
    title: str = ""
    case: int = 1
    cases_in_source: int = 1
    date: str | None = None
    notice: bool = True
    industry: tuple[RankedLabel, ...] = ()
    subject: tuple[RankedLabel, ...] = ()
    nature: tuple[RankedLabel, ...] = ()
    impact: tuple[RankedLabel, ...] = ()
    liability: tuple[RankedLabel, ...] = ()
    statutes: tuple[RankedStatute, ...] = ()
    keywords: tuple[str, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    facts: Facts = Facts()
    checks: tuple[Check, ...] = ()
    evidence: Mapping[Target, tuple[Evidence, ...]] | None = None
    precedents: tuple[Precedent, ...] | None = None
    review: Review = Review()
    group: str | None = None
    model: str = ""
    offsets: Sequence[int] | None = None
    """`offsets[i]` is where character i of `text` stood in the file as it was read; None: unchanged.

    It says where the text came from, not what the card is: it is neither compared nor printed.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CaseCard) and _said(self) == _said(other)

    def __repr__(self) -> str:
        return f"CaseCard({', '.join(f'{name}={value!r}' for name, value in _said(self).items())})"

    def ranking(self, target: Target) -> tuple[RankedLabel, ...]:
        """The ranking of one labelled target."""
        ranking: tuple[RankedLabel, ...] = getattr(self, target)
        return ranking

    def assigned(self, target: Target) -> tuple[str, ...]:
        """The labels that the tagger assigns for one target, best first."""
        return tuple(entry.label for entry in self.ranking(target) if entry.assigned)

    def original_span(self, span: Span) -> Span:
        """A span of `text` as a span of the file as it was read."""
        if self.offsets is None or span[0] == span[1]:
            return span
        return self.offsets[span[0]], self.offsets[span[1] - 1] + 1

    def to_record(self, *, with_text: bool = False) -> dict[str, Any]:
        """The contract's result line, as a dict ready for JSON."""
        record: dict[str, Any] = _plain(self._line(with_text))
        return record

    def to_json(self, *, with_text: bool = False) -> bytes:
        """The contract's result line, as JSON without white space and line break."""
        return json.encode(self._line(with_text))

    def _line(self, with_text: bool) -> dict[str, Any]:
        """The fields of the result line; small records that are in it as they are have its names."""
        line: dict[str, Any] = {
            "schema": SCHEMA,
            "source": self.source,
            "case": self.case,
            "cases_in_source": self.cases_in_source,
            "title": self.title,
            "date": self.date,
            "notice": self.notice,
        }
        for target in TARGETS:
            line[target] = self.ranking(target)
        line["statutes"] = [
            {
                "citation": s.citation,
                "law": s.law,
                "article": s.article,
                "edition": s.edition,
                "basis": s.basis,
                "probability": s.probability,
                "assigned": s.assigned,
                "pinpoints": s.pinpoints,
                "spans": s.spans,
            }
            for s in self.statutes
        ]
        line["keywords"] = self.keywords
        line["sanctions"] = [_sanction_line(s) for s in self.sanctions]
        line["facts"] = self.facts
        line["checks"] = self.checks
        if self.evidence is not None:
            line["evidence"] = self.evidence
        if self.precedents is not None:
            line["precedents"] = self.precedents
        line["review"] = self.review
        line["group"] = self.group
        line["model"] = self.model
        if with_text:
            line["text"] = self.text
        return line


def _plain(value: Any) -> Any:
    """Dicts and lists in place of records and tuples."""
    if isinstance(value, _LISTS):
        return [one if type(one) in _AS_THEY_ARE else _plain(one) for one in value]
    fields = asdict(value) if isinstance(value, Struct) else dict(value)
    for name, one in fields.items():
        if type(one) not in _AS_THEY_ARE:
            fields[name] = _plain(one)
    return fields


_AS_THEY_ARE = frozenset({str, int, float, bool, NoneType})
_LISTS = (list, tuple)


def _said(card: CaseCard) -> dict[str, Any]:
    said = asdict(card)
    del said["offsets"]
    return said


def _sanction_line(sanction: Sanction) -> dict[str, Any]:
    line: dict[str, Any] = {"on": sanction.on, "kind": sanction.kind}
    if sanction.amount_yuan is not None:
        line["amount_yuan"] = sanction.amount_yuan
    if sanction.days is not None:
        line["days"] = sanction.days
    if sanction.months is not None:
        line["months"] = sanction.months
    line["spans"] = sanction.spans
    return line
