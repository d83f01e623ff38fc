"""The words of the field and what they mean, from tables that an analyst can extend.

A table has one row a word: the term, its meaning (`industry.body.医疗卫生`, `role.employee`,
`act.intrude` …) and its strength (1 is plain, less is weak). Lines that begin with # are comments.
A user's tables are laid over the shipped ones: a row replaces the shipped row of the same term and
meaning, strength 0 takes it away. The meanings have their weights in the model, so a new word of a
known meaning works without training.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from tagger import shipped
from tagger.errors import TaggerError

SHIPPED_LEXICON = shipped.DATA / "lexicon"
MASK = "none"
"""The meaning of a phrase that only hides the shorter words inside it (银行卡 is no bank)."""

_NOT_LEXICON = frozenset({"meanings.tsv"})
_LONGEST_TERM = 40


class BrokenLexicon(TaggerError):
    """A row of a lexicon table that cannot be read; says the file, the line and the form wanted."""


class Entry(Struct, frozen=True):
    """One meaning of a term; `strength` multiplies what the meaning weighs."""

    meaning: str
    strength: float


Lexicon = Mapping[str, tuple[Entry, ...]]
"""Term -> its meanings, in the order of the tables."""


def read_lexicon(*folders: Path) -> Lexicon:
    """The tables of the folders, later folders laid over earlier ones.

    Raises BrokenLexicon for the first row that is wrong.
    """
    rows: dict[str, dict[str, float]] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.tsv")):
            if path.name in _NOT_LEXICON:
                continue
            for term, meaning, strength in _rows(path):
                rows.setdefault(term, {})[meaning] = strength
    return _frozen(rows)


def overlaid(lexicon: Lexicon, folder: Path) -> Lexicon:
    """A lexicon with a user's folder laid over it; the same object where the folder has no table."""
    tables = sorted(folder.glob("*.tsv")) if folder.is_dir() else []
    if not tables:
        return lexicon
    known = {entry.meaning for entries in lexicon.values() for entry in entries}
    rows: dict[str, dict[str, float]] = {}
    for path in tables:
        for term, meaning, strength in _rows(path, known):
            rows.setdefault(term, {})[meaning] = strength
    if not rows:
        return lexicon
    merged = {term: {entry.meaning: entry.strength for entry in entries} for term, entries in lexicon.items()}
    for term, meanings in rows.items():
        merged.setdefault(term, {}).update(meanings)
    return _frozen(merged)


def _meant(meaning: str, known: Collection[str]) -> str | None:
    """What to say of a meaning that does nothing, as a question; None where it may stand.

    An industry may be one of a user's own, unless it looks like a slip of the pen for a known one.
    """
    if meaning in known:
        return None
    from difflib import get_close_matches

    kind, _, label = meaning.rpartition(".")
    labels = {one.rpartition(".")[2] for one in known if one.rpartition(".")[0] == kind}
    if meaning.startswith(("industry.", "trade.", "goods.")) and labels:
        near = [one for one in sorted(labels) if _one_letter_off(label, one)]
        return f"; did you mean {kind}.{near[0]}?" if near else None
    near = get_close_matches(meaning, sorted(known), 1)
    return f"; did you mean {near[0]}?" if near else ";"


def _one_letter_off(one: str, other: str) -> bool:
    return len(one) == len(other) > 2 and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _frozen(rows: Mapping[str, Mapping[str, float]]) -> Lexicon:
    kept = {
        term: tuple(Entry(meaning, strength) for meaning, strength in meanings.items() if strength)
        for term, meanings in rows.items()
    }
    return {term: entries for term, entries in kept.items() if entries}


def _rows(path: Path, known: Collection[str] = ()) -> Iterable[tuple[str, str, float]]:
    """The rows of a table; where meanings are known, one that would do nothing is refused."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenLexicon(f"{path.name}: {error}; a lexicon table is UTF-8 text") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith(("#", "term\t")):
            continue
        fields = line.split("\t")
        try:
            term, meaning = normal(fields[0]), fields[1].strip()
            strength = float(fields[2]) if len(fields) > 2 and fields[2].strip() else 1.0
        except (IndexError, ValueError) as error:
            raise BrokenLexicon(_row_error(path, number)) from error
        if not term or not meaning or len(term) > _LONGEST_TERM or not 0.0 <= strength <= 10.0:
            raise BrokenLexicon(_row_error(path, number))
        if known and (meant := _meant(meaning, known)) is not None:
            raise BrokenLexicon(
                f"{path.name}, line {number}: nothing is known of the meaning {meaning!r}{meant} "
                "data/lexicon/README.md lists them"
            )
        yield term, meaning, strength


def _row_error(path: Path, number: int) -> str:
    return (
        f"{path.name}, line {number}: a row is a term of at most {_LONGEST_TERM} characters, a tab, its "
        "meaning, a tab, and a strength of 0 to 10"
    )


def normal(term: str) -> str:
    """A term as it stands in cleaned text: NFKC, lower case, no space at the ends."""
    return unicodedata.normalize("NFKC", term).strip().lower()
