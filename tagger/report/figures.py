"""The counts of a report. An event is counted once; shares are of all events."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from statistics import median

from msgspec import Struct

from tagger import shipped
from tagger.report.entries import Batch, Entry
from tagger.taxonomy import Target, taxonomy

DETENTION = frozenset({"administrative-detention", "criminal-detention", "arrest", "imprisonment"})
FINES = frozenset({"fine"})


class Share(Struct, frozen=True):
    """A label, how many events carry it, and their share of all (0..1)."""

    label: str
    count: int
    share: float


class StatuteCount(Struct, frozen=True):
    """An article of one edition, in how many events it is cited and in how many only likely."""

    citation: str
    edition: str | None
    cited: int
    predicted: int


class Pattern(Struct, frozen=True):
    """A recurring combination within an industry, with titles of example cases."""

    subject: str
    nature: str
    citation: str | None
    count: int
    examples: tuple[str, ...]


class IndustryProfile(Struct, frozen=True):
    """What one industry's events look like; fines on organisations in yuan."""

    industry: str
    count: int
    patterns: tuple[Pattern, ...]
    fines: tuple[float, ...]

    @property
    def median_fine(self) -> float | None:
        """The median fine in yuan."""
        return median(self.fines) if self.fines else None


class Cause(Struct, frozen=True):
    """A duty that was broken: its article, what it says, and in how many events."""

    citation: str
    gist: str
    count: int


class PublishedFigure(Struct, frozen=True):
    """A percentage that the 2020 report prints, the count that the cards give, and why they differ."""

    target: Target
    label: str
    published: float
    counted: int
    share: float
    explanation: str


class Figures(Struct, frozen=True):
    """All counts of one report."""

    events: tuple[Entry, ...]
    cases: int
    failed: int
    not_notices: int
    to_review: int
    distributions: dict[Target, tuple[Share, ...]]
    industry_by_nature: dict[tuple[str, str], int]
    statutes: tuple[StatuteCount, ...]
    causes: tuple[Cause, ...]
    keywords: tuple[Share, ...]
    months: dict[str, int]
    warned: int
    fined: int
    detained: int
    total_fines: float
    profiles: tuple[IndustryProfile, ...]
    published: tuple[PublishedFigure, ...]


def count(batch: Batch) -> Figures:
    """The figures of a batch."""
    events = batch.events
    profiles = _profiles(events)
    return Figures(
        events=events,
        cases=len(batch.entries),
        failed=batch.failed,
        not_notices=batch.not_notices,
        to_review=sum(entry.review for entry in events),
        distributions={target: _distribution(events, target) for target in taxonomy()},
        industry_by_nature=dict(Counter((e.main("industry"), e.main("nature")) for e in events)),
        statutes=_statutes(events),
        causes=_causes(events),
        keywords=_shares(Counter(word for e in events for word in set(e.keywords)), len(events))[:20],
        months=_months(events),
        warned=sum(any(m.kind == "warning" for m in e.measures) for e in events),
        fined=sum(any(m.kind in FINES for m in e.measures) for e in events),
        detained=sum(any(m.kind in DETENTION for m in e.measures) for e in events),
        total_fines=sum(m.amount_yuan or 0 for e in events for m in e.measures if m.kind in FINES),
        profiles=profiles,
        published=_published(batch) if batch.casebook else (),
    )


def _shares(counts: Counter[str], events: int) -> tuple[Share, ...]:
    return tuple(Share(label, n, n / events) for label, n in counts.most_common()) if events else ()


def _distribution(events: tuple[Entry, ...], target: Target) -> tuple[Share, ...]:
    return _shares(Counter(label for e in events for label in e.labels[target]), len(events))


def _statutes(events: tuple[Entry, ...]) -> tuple[StatuteCount, ...]:
    cited: Counter[tuple[str, str | None]] = Counter()
    predicted: Counter[tuple[str, str | None]] = Counter()
    for entry in events:
        for article in set(entry.articles):
            (cited if article.basis == "cited" else predicted)[article.citation, article.edition] += 1
    found = {
        key: StatuteCount(key[0], key[1], cited[key], predicted[key]) for key in (*cited, *predicted)
    }.values()
    return tuple(sorted(found, key=lambda s: (-s.cited - s.predicted, s.citation, s.edition or "")))


def _causes(events: tuple[Entry, ...]) -> tuple[Cause, ...]:
    from tagger.law.catalogue import load_catalogue

    catalogue = load_catalogue()
    counts: Counter[tuple[str, str]] = Counter()
    for entry in events:
        for article in dict.fromkeys(entry.articles):
            name, number = _law_and_article(article.citation)
            law = catalogue.find_law(name)
            edition = next((e for e in law.editions if e.in_force == article.edition), None) if law else None
            described = catalogue.find_article(edition, number) if edition else None
            if described and described.role != "penalty":
                counts[article.citation, described.gist] += 1
    return tuple(Cause(citation, gist, n) for (citation, gist), n in counts.most_common(12))


def _law_and_article(citation: str) -> tuple[str, str]:
    name, _, number = citation.rpartition("第")
    return name, number.replace("条", "")


def _months(events: tuple[Entry, ...]) -> dict[str, int]:
    months = Counter(e.date[:7] for e in events if e.date and re.fullmatch(r"\d{4}-\d{2}.*", e.date))
    return dict(sorted(months.items()))


def _profiles(events: tuple[Entry, ...]) -> tuple[IndustryProfile, ...]:
    by_industry: dict[str, list[Entry]] = defaultdict(list)
    for entry in events:
        by_industry[entry.main("industry")].append(entry)
    profiles = []
    for industry, entries in sorted(by_industry.items(), key=lambda pair: -len(pair[1])):
        fines = (
            m.amount_yuan
            for e in entries
            for m in e.measures
            if m.kind in FINES and m.on == "organisation" and m.amount_yuan
        )
        profiles.append(IndustryProfile(industry, len(entries), _patterns(entries), tuple(sorted(fines))))
    return tuple(profiles)


def _patterns(entries: list[Entry]) -> tuple[Pattern, ...]:
    alike: dict[tuple[str, str, str | None], list[Entry]] = defaultdict(list)
    for entry in entries:
        first = entry.articles[0].citation if entry.articles else None
        alike[entry.main("subject"), entry.main("nature"), first].append(entry)
    commonest = sorted(alike.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))[:3]
    return tuple(
        Pattern(subject, nature, citation, len(found), tuple(e.title for e in found[:2]))
        for (subject, nature, citation), found in commonest
    )


def _published(batch: Batch) -> tuple[PublishedFigure, ...]:
    """The 2020 report's percentages beside the counts of its own cards (data/published-figures.csv)."""
    cards = batch.entries
    with (shipped.DATA / "published-figures.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    found = []
    for row in rows:
        target = next(t for t in taxonomy() if t == row["target"])
        counted = sum(row["label"] in entry.labels[target] for entry in cards)
        found.append(
            PublishedFigure(
                target=target,
                label=row["label"],
                published=float(row["percent"]) / 100,
                counted=counted,
                share=counted / len(cards),
                explanation=row["explanation"],
            )
        )
    return tuple(found)
