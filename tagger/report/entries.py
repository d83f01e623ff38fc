"""What a report is made from: the result lines of a batch, or a casebook, as one flat record a case."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from tagger.casebook import case_from_record
from tagger.errors import TaggerError
from tagger.taxonomy import TARGETS, Target


class NoResults(TaggerError):
    """A file that holds neither result lines nor cases."""


class Article(Struct, frozen=True):
    """An assigned article: citation, the date from which its edition is in force, cited or not."""

    citation: str
    edition: str | None
    basis: str


class Measure(Struct, frozen=True):
    """A sanction as the report counts it; the amount in yuan."""

    on: str
    kind: str
    amount_yuan: float | None


class Entry(Struct, frozen=True):
    """One case of a report. `event` is shared by texts that tell of one event."""

    source: str
    title: str
    date: str | None
    event: str
    labels: Mapping[Target, tuple[str, ...]]
    articles: tuple[Article, ...] = ()
    measures: tuple[Measure, ...] = ()
    keywords: tuple[str, ...] = ()
    review: bool = False

    def main(self, target: Target) -> str:
        """The main label of one target."""
        labels = self.labels[target]
        return labels[0] if labels else "未标注"


class Batch(Struct, frozen=True):
    """All that a results file holds: its cases, and how many inputs failed or were no notices."""

    entries: tuple[Entry, ...]
    failed: int = 0
    not_notices: int = 0
    casebook: bool = False

    @property
    def events(self) -> tuple[Entry, ...]:
        """One entry an event, the first that tells of it."""
        first: dict[str, Entry] = {}
        for entry in self.entries:
            first.setdefault(entry.event, entry)
        return tuple(first.values())


def read_batch(path: Path) -> Batch:
    """The cases of what `tagger batch` wrote (.jsonl, .csv, .xlsx, .parquet), or of a casebook (.jsonl).

    Raises NoResults, naming the line, for anything else.
    """
    if path.suffix.lower() in (".csv", ".xlsx", ".parquet"):
        return _from_table(path)
    batch = batch_of((record for _, record in _records(path)), path.name)
    if not batch.entries and not batch.failed and not batch.not_notices:
        raise NoResults(f"{path.name} is empty; give the output of `tagger batch`")
    return batch


def batch_of(records: Iterable[Mapping[str, Any]], name: str = "results") -> Batch:
    """The cases of result lines, or of a casebook's. Raises NoResults naming the line that is neither."""
    entries: list[Entry] = []
    failed = not_notices = 0
    casebook = False
    for number, record in enumerate(records, 1):
        if "error" in record:
            failed += 1
        elif isinstance(record.get("facts"), str):
            casebook = True
            entries.append(_from_case(record, name, number))
        elif not record.get("notice", True):
            not_notices += 1
        else:
            entries.append(_from_result(record, name, number))
    return Batch(tuple(entries), failed, not_notices, casebook)


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.open(encoding="utf-8")
    except OSError as error:
        raise NoResults(f"{path}: {error.strerror}; give the output of `tagger batch`") from error
    with lines:
        try:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise ValueError("no JSON object")
                    yield number, record
        except ValueError as error:
            raise NoResults(
                f"{path.name} holds no result lines ({error}); give the output of `tagger batch`"
            ) from error


def _from_result(record: Mapping[str, Any], name: str, number: int) -> Entry:
    try:
        labels = {
            target: tuple(entry["label"] for entry in record.get(target, ()) if entry["assigned"])
            for target in TARGETS
        }
        articles = tuple(
            Article(s["citation"], s.get("edition"), s["basis"])
            for s in record.get("statutes", ())
            if s["assigned"]
        )
        measures = tuple(
            Measure(s["on"], s["kind"], s.get("amount_yuan")) for s in record.get("sanctions", ())
        )
        facts = record.get("facts") or {}
        place = f"{record['source']}:{record['case']}"
        return Entry(
            source=record["source"],
            title=record.get("title") or place,
            date=facts.get("decision_date") or facts.get("act_date") or record.get("date"),
            event=record.get("group") or place,
            labels=labels,
            articles=articles,
            measures=measures,
            keywords=tuple(record.get("keywords", ())),
            review=bool((record.get("review") or {}).get("needed")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise NoResults(f"{name}, line {number} is no result line: {error!r}") from error


def _from_case(record: Mapping[str, Any], name: str, number: int) -> Entry:
    from tagger.law.catalogue import load_catalogue
    from tagger.law.sanctions import find_sanctions

    try:
        case = case_from_record(record)
    except (KeyError, TypeError) as error:
        raise NoResults(f"{name}, line {number} is no case: {error!r}") from error
    catalogue = load_catalogue()
    date = case.date or case.published
    articles = []
    for citation in case.statutes:
        law = catalogue.find_law(citation[: citation.rindex("第")])
        editions = law.editions_at(date) if law and date else ()
        articles.append(Article(citation, editions[0].in_force if len(editions) == 1 else None, "cited"))
    return Entry(
        source=case.id,
        title=case.title,
        date=case.date,
        event=case.event,
        labels={target: case.labels(target) for target in TARGETS},
        articles=tuple(articles),
        measures=tuple(
            Measure(s.on, s.kind, s.amount_yuan)
            for s in find_sanctions(case.text, body_start=case.body_start)
        ),
        keywords=case.keywords,
    )


def _articles_of(row: Mapping[str, Any]) -> tuple[Article, ...]:
    """The articles of a table's row; what a person wrote into it is as good as cited."""
    from tagger.tables import SEPARATOR, read_ground

    written = tuple(row.get("statutes") or ())
    grounds = [
        Article(citation, edition, basis)
        for citation, basis, edition in filter(None, map(read_ground, row.get("grounds") or ()))
    ]
    # A law's name may hold the mark that parts articles: while nobody edits, the grounds have them all.
    if SEPARATOR.join(written) == SEPARATOR.join(article.citation for article in grounds):
        return tuple(grounds)
    known = {article.citation: article for article in grounds}
    return tuple(known.get(citation) or Article(citation, None, "cited") for citation in written)


def _from_table(path: Path) -> Batch:
    from tagger.tables import NO, YES, read_rows, read_sanction

    entries = []
    failed = not_notices = 0
    rows: Iterable[Mapping[str, Any]] = read_rows(path)
    for number, row in enumerate(rows, 2):
        labels = {target: tuple(row.get(target) or ()) for target in TARGETS}
        if not any(labels.values()):
            failed += bool(row.get("error"))
            not_notices += row.get("notice") == NO
            continue
        source = str(row.get("source") or f"{path.name}#{number}")
        place = f"{source}:{row.get('case') or number}"
        sanctions = filter(None, map(read_sanction, row.get("sanctions") or ()))
        entries.append(
            Entry(
                source=source,
                title=str(row.get("title") or place),
                date=row.get("decision_date") or row.get("act_date") or row.get("date") or None,
                event=str(row.get("group") or place),
                labels=labels,
                articles=_articles_of(row),
                measures=tuple(Measure(s.on, s.kind, s.amount_yuan) for s in sanctions),
                keywords=tuple(row.get("keywords") or ()),
                review=row.get("review") == YES,
            )
        )
    if not entries:
        raise NoResults(f"{path.name} has no row with labels; give the output of `tagger batch`")
    return Batch(tuple(entries), failed, not_notices)
