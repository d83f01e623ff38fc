"""Notices and cases in any number, made by recombining the sentences of the casebook. Deterministic."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

CASES = Path(__file__).parent.parent / "data" / "cases.jsonl"


def _records() -> list[dict[str, object]]:
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def _sentences(text: str) -> list[str]:
    return [part + "。" for part in text.split("。") if part]


def cases(count: int, labels: int | None = None) -> Iterator[dict[str, object]]:
    """Labelled cases: a case's facts with one or two sentences of others of its nature mixed in.

    With `labels`, so many made-up industries stand in place of the real ones.
    """
    dice = random.Random(0)
    records = _records()
    by_nature: dict[str, list[str]] = {}
    for record in records:
        by_nature.setdefault(str(record["nature"][0]), []).extend(_sentences(str(record["facts"])))
    for number in range(count):
        record = dict(records[number % len(records)])
        sentences = _sentences(str(record["facts"]))
        if number >= len(records):
            sentences += dice.sample(by_nature[str(record["nature"][0])], dice.randint(1, 2))
            dice.shuffle(sentences)
        record |= {"id": f"made-{number}", "event": f"made-{number}", "facts": "".join(sentences)}
        if labels:
            record["industry"] = [f"行业{number % labels}"]
        yield record


def notices(count: int, characters: int | None = None) -> Iterator[dict[str, object]]:
    """Unlabelled notices as rows of a table; with `characters`, texts of about that length."""
    dice = random.Random(1)
    pool = [sentence for record in _records() for sentence in _sentences(str(record["facts"]))]
    for number, record in enumerate(cases(count)):
        text = str(record["facts"])
        while characters and len(text) < characters:
            text += dice.choice(pool)
        yield {"id": f"n{number}", "title": record["title"], "text": text[:characters], "date": "2020-05"}


def write(rows: Iterator[dict[str, object]], path: Path) -> Path:
    """The rows as JSON lines."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path
