"""The fuzz targets: each takes bytes, calls one room with them and asserts what that room promises.

A target lets the errors through that its room documents (always a TaggerError) and nothing else. The
same functions run under atheris (run.py), over the corpus (tests/test_safety/test_fuzz_targets.py) and
under Hypothesis (the same file).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from pieces import text_of

from tagger.admission import read_date
from tagger.card import CaseCard, Span
from tagger.casebook import BrokenCasebook
from tagger.classify.folder import write_folder
from tagger.classify.heads import HEADS
from tagger.classify.storing import load as load_model
from tagger.errors import TaggerError
from tagger.law.catalogue import Catalogue, load_catalogue
from tagger.law.checks import check
from tagger.law.citations import find_citations
from tagger.law.dates import find_dates
from tagger.law.facts import find_facts
from tagger.law.lookup import look_up, read_article
from tagger.law.money import read_amount, read_number
from tagger.law.numerals import read_numeral, write_numeral
from tagger.law.sanctions import imposed, sanction_clauses
from tagger.law.statutes import read_statutes
from tagger.law.suggest import find_laws, suggest
from tagger.modelfile import import_model
from tagger.neardup import Sketch, sketch
from tagger.notice import Document
from tagger.notice.clean import clean
from tagger.notice.decode import decode
from tagger.notice.errors import ParserCrashed, ReadError
from tagger.notice.read import READERS, read_path, read_piped
from tagger.notice.split import notices
from tagger.redact import redact
from tagger.rows import read_labelled
from tagger.sheets import read_csv as sheet_of_csv
from tagger.sheets import read_xlsx as sheet_of_xlsx
from tagger.statutes import read_statutes as read_typed_statutes
from tagger.store import NewerCasebook, read_log
from tagger.tables import defused, undefused
from tagger.tagger import Tagger
from tagger.taxonomy import TARGETS, UnknownLabel, split_entries, taxonomy
from tagger.workspace import Workspace

_MAX_SIZE = 200_000
_OUR_READERS = (".txt", ".md", ".jsonl", ".csv", ".tsv")
"""Formats that are read without a foreign parser: for these ParserCrashed is a crash of ours."""
_CONNECTIVES = frozenset("、，,;；。.和及与的之规定以 \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u3000")
_DATES = ("", "2016", "2019-07", "2025-12-31", "2026-01-01")


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


@cache
def _scratch() -> Path:
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=memory if memory.is_dir() else None))


def _whole(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def _inside(spans: Sequence[Span], text: str) -> None:
    for start, end in spans:
        assert 0 <= start < end <= len(text), (start, end, len(text))


def _texts(text: str) -> list[str]:
    """What the rooms of the law are given: the text as it is, since they must bear anything, and cleaned.

    Half a character (a surrogate) never gets past `clean`.
    """
    cleaned, text = clean(text).text, _whole(text)
    return [text] if cleaned == text else [text, cleaned]


# ---- from a file to notices ------------------------------------------------------------------------


def decoding(data: bytes) -> None:
    """Bytes become text, or are refused."""
    declared = (
        (None, "gb2312", "utf-16", "big5", "no-such", "hex", "rot13", "utf-7")[data[0] % 8] if data else None
    )
    try:
        decoded = decode(data[1:], "x", declared)
    except ReadError:
        return
    assert isinstance(decoded.text, str)
    decoded.text.encode("utf-8")


def readers(data: bytes) -> None:
    """A file of any format gives documents, or one error that names it."""
    formats = sorted(READERS)
    extension = formats[data[0] % len(formats)] if data else ".txt"
    path = _scratch() / f"x{extension}"
    path.write_bytes(data[1:])
    for reading in (lambda: read_path(path, "x", _MAX_SIZE), lambda: read_piped(data[1:], "x", _MAX_SIZE)):
        try:
            for document in reading():
                assert document.source.startswith("x") and document.source.encode()
                assert document.failure is not None or isinstance(document.text, str)
        except ParserCrashed as crash:
            assert extension not in _OUR_READERS, crash
        except ReadError as error:
            assert "\n" not in str(error)


def splitting(data: bytes) -> None:
    """A text becomes notices whose characters stand where `offsets` says."""
    text = text_of(data)
    title = text[: len(data) % 7] if len(data) % 2 else ""
    try:
        found = notices(Document("x", text, title))
    except ReadError:
        return
    assert [one.case for one in found] == list(range(1, len(found) + 1))
    for one in found:
        assert one.text and one.cases_in_source == len(found)
        assert not one.title or one.text.startswith(one.title)
        _inside(one.quoted, one.text)
        if one.offsets is not None:
            assert len(one.offsets) == len(one.text)
            assert all(-1 <= place < len(text) for place in one.offsets)


# ---- the law ---------------------------------------------------------------------------------------


def citations(data: bytes) -> None:
    """Citations stand in the text, each article once."""
    for text in _texts(text_of(data)):
        found = find_citations(text, _catalogue(), ((0, len(text) // 2),) if len(data) % 3 == 0 else ())
        for one in found:
            _inside(one.spans, text)
            assert one.spans and one.article and one.name
        assert len({(one.name, one.article, one.edition) for one in found}) == len(found)


def sanctions(data: bytes) -> None:
    """Sanctions stand in the text; their amounts, days and months are not negative."""
    for text in _texts(text_of(data)):
        clauses = sanction_clauses(text)
        _inside([clause.sanction.spans[0] for clause in clauses if clause.sanction.spans], text)
        for one in imposed(clauses):
            _inside(one.spans, text)
            assert all(value is None or value >= 0 for value in (one.amount_yuan, one.days, one.months))


def facts(data: bytes) -> None:
    """Facts are texts; dates are written as the card writes them."""
    published = _DATES[data[0] % len(_DATES)] or None if data else None
    for text in _texts(text_of(data)):
        found = find_facts(text, published)
        for day in (found.act_date, found.decision_date, *(one.date for one in find_dates(text, published))):
            assert day is None or (len(day) in (4, 7, 10) and read_date(day) == day), day


def law(data: bytes) -> None:
    """Editions, counterparts and checks of whatever is cited; the same twice."""
    text = clean(text_of(data)).text
    published = _DATES[len(data) % len(_DATES)] or None
    reading = read_statutes(text, _catalogue(), published=published)
    for one in reading.statutes:
        _inside(one.spans, text)
        assert 0 <= one.probability <= 1 and one.citation.startswith(one.law)
    clauses = sanction_clauses(text)
    told = find_facts(text, published, clauses)
    checks = check(
        text, reading.resolutions, clauses, told, _catalogue(), charges=reading.charges, published=published
    )
    for remark in checks:
        assert remark.message and remark.code == remark.code.lower() and " " not in remark.code


def typed(data: bytes) -> None:
    """What a person types: statutes in a cell, a law and an article, numbers, amounts, dates, labels."""
    text = _whole(text_of(data))
    found, unread = read_typed_statutes(text, _catalogue())
    assert found or unread or not set(text) - _CONNECTIVES, text
    suggest(_catalogue(), text[:60])
    for known in find_laws(_catalogue(), text[:20]):
        with contextlib.suppress(TaggerError):
            look_up(_catalogue(), known, text[20:40], "2026-01-01")
    with contextlib.suppress(TaggerError):
        read_article(text)
    number = read_numeral(text)
    assert number is None or (0 <= number <= 9999 and read_numeral(write_numeral(number)) == number)
    amount = read_amount(text)
    assert amount is None or amount >= 0
    read_number(text)
    read_date(text)
    for target in TARGETS:
        with contextlib.suppress(UnknownLabel):
            assert len(taxonomy()[target].read(text)) <= max(1, len(text))
    assert all(split_entries(text))
    assert undefused(defused(text)) == text or text.startswith("'")


# ---- what is kept ----------------------------------------------------------------------------------


def redacting(data: bytes) -> None:
    """Masking keeps every place; what is masked stays masked."""
    text = _whole(text_of(data))
    hidden = redact(text)
    assert len(hidden) == len(text)
    assert all(now in (before, "*") for before, now in zip(text, hidden, strict=True))


def tables(data: bytes) -> None:
    """A labelled file gives rows and problems, never an exception."""
    kind = (".csv", ".jsonl", ".xlsx", ".txt")[data[0] % 4] if data else ".csv"
    path = _scratch() / f"t{kind}"
    path.write_bytes(data[1:])
    labelled = read_labelled(path)
    assert labelled.rows or labelled.problems
    assert all(str(problem) for problem in labelled.problems)
    (sheet_of_xlsx if kind == ".xlsx" else sheet_of_csv)(data[1:], "t")


def casebook(data: bytes) -> None:
    """A casebook's log is read whole up to what a crash tore off, or refused by name."""
    path = _scratch() / "cases.jsonl"
    path.write_bytes(data)
    try:
        log = read_log(path)
    except (BrokenCasebook, NewerCasebook) as error:
        assert "cases.jsonl" in str(error)
        return
    assert log.sound + log.torn == len(data)


def near_duplicates(data: bytes) -> None:
    """A sketch of any text goes to bytes and back."""
    one = sketch(text_of(data))
    assert Sketch.from_bytes(one.to_bytes()) == one


@cache
def _model_parts() -> dict[str, bytes]:
    """The smallest model that loads, as the members of a model file."""
    head = {"labels": ["甲 1"], "temperature": 1.0, "threshold": 0.5}
    folder = _scratch() / "seed"
    write_folder(
        folder,
        {"name": "seed"},
        {"weights": np.zeros((2, len(HEADS)), "<f4"), "bias": np.zeros(len(HEADS)), "idf": np.ones(1)},
        {
            "lexicon": {},
            "features": ["gate|person"],
            "terms": ["医院"],
            "heads": [{"target": spec.target, "link": spec.link, **head} for spec in HEADS],
            "together": [],
            "cases": [],
        },
    )
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def model(data: bytes) -> None:
    """A model folder with one part replaced, its sums made right: loaded, or refused by name.

    The first byte says which part, the second whether the rest replaces it or is laid over its bytes.
    """
    if len(data) < 3:
        return
    parts = dict(_model_parts())
    name = sorted(parts)[data[0] % len(parts)]
    old, new = parts[name], data[2:]
    at = data[1] % len(old)
    parts[name] = new if data[1] < 64 else old[:at] + new + old[at + len(new) :]
    if name != "manifest.json":
        manifest = json.loads(parts["manifest.json"])
        digest = hashlib.sha256(parts[name]).hexdigest()
        manifest["parts"][name] |= {"bytes": len(parts[name]), "sha256": digest}
        parts["manifest.json"] = json.dumps(manifest).encode()
    folder = _scratch() / "model"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for part, content in parts.items():
        (folder / part).write_bytes(content)
    try:
        load_model(folder)
    except TaggerError as error:
        assert "\n" not in str(error)


def model_file(data: bytes) -> None:
    """A model file from a stranger: taken in whole, or nothing kept and nothing written elsewhere."""
    home = Workspace(_scratch() / "home")
    shutil.rmtree(home.home, ignore_errors=True)
    path = _scratch() / "file.zip"
    packed = data[1:]
    if data[:1] and data[0] % 2:  # an archive whose members' names and contents the bytes choose
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in _model_parts().items():
                archive.writestr(name, content)
            try:
                archive.writestr(packed[:20].decode("utf-8", "replace"), packed[20:])
            except (ValueError, IndexError):  # no name that zipfile writes
                return
        packed = stream.getvalue()
    path.write_bytes(packed)
    before = {entry.name for entry in _scratch().iterdir()} | {"home"}
    try:
        import_model(home, path)
    except TaggerError as error:
        assert "\n" not in str(error)
        assert not list(home.models.iterdir())
    assert {entry.name for entry in _scratch().iterdir()} <= before


# ---- the whole -------------------------------------------------------------------------------------


@cache
def _tagger() -> Tagger:
    return Tagger.load("shipped")


def tagging(data: bytes) -> None:
    """A card for every text that has any: spans inside, JSON, the contract's fields."""
    text = text_of(data)
    try:
        cards = _tagger().tag_document(Document("x", text), explain=len(data) % 5 == 0)
    except ReadError:
        return
    for card in cards:
        assert_contract(card)


def assert_contract(card: CaseCard) -> None:
    """What the contract says of every card."""
    spans = [span for one in (*card.statutes, *card.sanctions) for span in one.spans]
    spans += [span for items in (card.evidence or {}).values() for one in items for span in one.spans]
    _inside(spans, card.text)
    for span in spans:
        start, end = card.original_span(span)
        assert -1 <= start <= end, (start, end)
    record = json.loads(
        json.dumps(card.to_record(with_text=True), ensure_ascii=False, allow_nan=False).encode()
    )
    assert record["schema"] == 1 and record["text"] == card.text
    for target in TARGETS:
        ranked = card.ranking(target)
        assert all(0 <= one.probability <= 1 for one in ranked)
        assert card.notice or not card.assigned(target)
    if card.notice:
        assert card.assigned("industry") and card.assigned("subject") and card.assigned("nature")
    else:
        assert card.review.needed and card.review.reasons
    assert all(0 <= one.probability <= 1 for one in card.statutes)
    if card.notice:
        assert sum(not one.assigned and one.basis != "cited" for one in card.statutes) <= 10


TARGET_FUNCTIONS: dict[str, Callable[[bytes], None]] = {
    "decoding": decoding,
    "readers": readers,
    "splitting": splitting,
    "citations": citations,
    "sanctions": sanctions,
    "facts": facts,
    "law": law,
    "typed": typed,
    "redacting": redacting,
    "tables": tables,
    "casebook": casebook,
    "near-duplicates": near_duplicates,
    "model": model,
    "model-file": model_file,
    "tagging": tagging,
}
"""By the name of its corpus folder."""
