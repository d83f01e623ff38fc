"""The form of a result line, as far as the page and the report need it; more fields may be there."""

from __future__ import annotations

import msgspec

Span = tuple[int, int]


class Label(msgspec.Struct):
    """An entry of a target's ranking."""

    label: str
    probability: float
    assigned: bool


class Statute(msgspec.Struct):
    """An entry of the statutes' ranking."""

    citation: str
    law: str
    article: str
    edition: str | None
    basis: str
    probability: float
    assigned: bool
    spans: list[Span]


class Sanction(msgspec.Struct):
    """What was imposed."""

    on: str
    kind: str
    amount_yuan: float | None = None
    days: int | None = None
    months: int | None = None


class Facts(msgspec.Struct):
    """The plain facts."""

    authority: str | None
    region: str | None
    document: str | None
    act_date: str | None
    decision_date: str | None


class Check(msgspec.Struct):
    """A lawyer's remark."""

    code: str
    message: str


class Review(msgspec.Struct):
    """Whether a person should look, and why."""

    needed: bool
    reasons: list[str]


class Evidence(msgspec.Struct):
    """A phrase that carried a label."""

    label: str
    text: str
    spans: list[Span]
    weight: float


class Precedent(msgspec.Struct):
    """A case that resembles this one."""

    id: str
    title: str
    similarity: float
    statutes: list[str] = []
    outcome: str = ""


class ResultLine(msgspec.Struct):
    """One case of `tagger batch`."""

    source: str
    case: int
    title: str
    date: str | None
    notice: bool
    industry: list[Label]
    subject: list[Label]
    nature: list[Label]
    impact: list[Label]
    liability: list[Label]
    statutes: list[Statute]
    keywords: list[str]
    sanctions: list[Sanction]
    facts: Facts
    checks: list[Check]
    review: Review
    model: str
    group: str | None = None
    evidence: dict[str, list[Evidence]] | None = None
    precedents: list[Precedent] | None = None
    text: str = ""
