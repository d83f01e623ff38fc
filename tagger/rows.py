"""A labelled file (.jsonl, .csv, .xlsx) as rows by field, whichever heading names the field.

A table's headings are those that `tables.py` knows: the card's Chinese ones, as `tagger batch` writes
them, or the casebook's English names. Columns with other headings are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from msgspec import Struct, field

from tagger.problems import Problem, counted
from tagger.sheets import Sheet, read_csv, read_xlsx
from tagger.tables import CHECKED, HEADINGS, NO, field_of, undefused
from tagger.tables import row as result_row
from tagger.taxonomy import TARGETS

REQUIRED = ("facts", "industry", "subject", "nature")
"""What a case cannot do without."""
LISTS = frozenset({*TARGETS, "keywords", "statutes"})
"""Fields of several entries."""

_CHECKED = frozenset(("是", "yes", "y", "true", "1", "√", "✓", "✔"))
_UNCHECKED = frozenset(("", NO, "no", "n", "false", "0"))
_MARKS = " *＊：:\u200b\ufeff"
"""What a person puts around a heading without meaning anything by it."""

Value = str | tuple[str, ...]


class Row(Struct, frozen=True):
    """One case as a file has it: by field a text, or the entries of a list; absent where empty."""

    number: int
    values: Mapping[str, Value]


class Labelled(Struct):
    """A file's rows. `columns` are the headings as printed, by field; `problems` concern form alone.

    `missing` are required fields that no column holds, which is said once and not of every row.
    `passed_over` counts the rows of a batch output that hold no case: inputs that failed, and texts
    that are no notice and were given no label. `unchecked` counts the rows of a table that asks
    whether a person checked them (`tagger review`), and that nobody says to have checked.
    """

    file: str
    sha256: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    top: int = 0
    """The row of the headings, 0 where there are none."""
    passed_over: int = 0
    unchecked: int = 0

    @property
    def is_batch(self) -> bool:
        """Whether it is an output of `tagger batch`, whose `date` is that of the publication."""
        return not self.columns.keys().isdisjoint(("act_date", "decision_date"))

    def column(self, name: str) -> str:
        """How the file calls a field, for a message."""
        return self.columns.get(name, HEADINGS.get(name, name))

    def append(self, number: int, values: Mapping[str, Value]) -> None:
        """Take a row in, unless it holds no case."""
        unlabelled = not any(values.get(target) for target in TARGETS)
        checked = str(values.get("checked", "")).lower() if "checked" in self.columns else "yes"
        if checked not in _CHECKED | _UNCHECKED:
            wrong = f"{checked!r} is neither 是 nor 否"
            self.problems.append(Problem(self.file, number, self.column("checked"), wrong))
        elif checked in _UNCHECKED:
            self.unchecked += 1
        elif unlabelled and ("error" in values or values.get("notice") == NO):
            self.passed_over += 1
        else:
            self.rows.append(Row(number, values))


def read_labelled(path: Path) -> Labelled:
    """The rows of a labelled file, and everything that is wrong with its form. Raises nothing."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return _refused(path.name, error.strerror or str(error))
    ending = path.suffix.lower()
    if ending == ".jsonl":
        labelled = _from_jsonl(data, path.name)
    elif ending == ".csv":
        labelled = _from_sheet(read_csv(data, path.name), path.name)
    elif ending == ".xlsx":
        labelled = _from_sheet(read_xlsx(data, path.name), path.name)
    else:
        return _refused(path.name, "is no .jsonl, .csv or .xlsx; save the cases as one of these")
    labelled.sha256 = sha256(data).hexdigest()
    if not labelled.rows and not labelled.problems:
        wrong = "holds no case"
        if labelled.unchecked:
            wrong = f"has {counted(labelled.unchecked, 'row')}, and none is marked as checked ({CHECKED}: 是)"
        labelled.problems.append(Problem(path.name, None, None, wrong))
    return labelled


def read_records(records: Iterable[Mapping[str, object]], name: str) -> Labelled:
    """The rows of records in memory, read as the lines of a .jsonl are; `name` stands for the file's.

    Raises nothing.
    """
    labelled, digest = Labelled(name), sha256()
    for number, record in enumerate(records, 1):
        digest.update(json.dumps(record, sort_keys=True).encode() + b"\n")
        _take(record, number, labelled)
    labelled.sha256 = digest.hexdigest()
    return labelled


def _refused(file: str, wrong: str) -> Labelled:
    return Labelled(file, problems=[Problem(file, None, None, wrong)])


# ---- tables ------------------------------------------------------------------------------------


def _from_sheet(sheet: Sheet, file: str) -> Labelled:
    labelled = Labelled(file, problems=sheet.problems)
    if not sheet.rows:
        return labelled
    rows = iter(sheet.rows.items())
    labelled.top, headings = next(rows)
    places = _places(headings, labelled)
    _missing_columns(headings, labelled)
    for number, cells in rows:
        if any(cell.strip() for cell in cells[len(headings) :]):
            wrong = f"has more cells than there are headings ({len(headings)})"
            labelled.problems.append(Problem(file, number, None, wrong))
        values = {
            name: undefused(cells[place]).strip()
            for name, place in places.items()
            if place < len(cells) and cells[place].strip()
        }
        labelled.append(number, values)
    return labelled


def _places(headings: tuple[str, ...], labelled: Labelled) -> dict[str, int]:
    """Which column holds which field; two columns for one field are a problem."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = field_of(heading.strip(_MARKS))
        if name is None:
            continue
        if name in places:
            wrong = f"is a second column for what {labelled.columns[name]} holds; remove one of them"
            labelled.problems.append(Problem(labelled.file, labelled.top, heading.strip(), wrong))
            continue
        places[name] = place
        labelled.columns[name] = heading.strip()
    return places


def _missing_columns(headings: tuple[str, ...], labelled: Labelled) -> None:
    from difflib import get_close_matches

    spare = [h.strip() for h in headings if h.strip() and h.strip() not in labelled.columns.values()]
    for name in REQUIRED:
        if name in labelled.columns:
            continue
        labelled.missing.add(name)
        near = get_close_matches(HEADINGS[name], spare, n=1, cutoff=0.5)
        wrong = f"no column has this heading{f'; is it the one headed {near[0]}?' if near else ''}"
        labelled.problems.append(Problem(labelled.file, labelled.top, HEADINGS[name], wrong))


# ---- JSON lines --------------------------------------------------------------------------------


def _from_jsonl(data: bytes, file: str) -> Labelled:
    labelled = Labelled(file)
    for number, line in enumerate(BytesIO(data.removeprefix(b"\xef\xbb\xbf")), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError:
            labelled.problems.append(Problem(file, number, None, "is not in UTF-8, as JSON must be"))
            continue
        except (ValueError, RecursionError) as error:
            labelled.problems.append(Problem(file, number, None, f"is no JSON: {error}"))
            continue
        if not isinstance(record, dict):
            labelled.problems.append(Problem(file, number, None, "is no JSON object"))
            continue
        _take(record, number, labelled)
    return labelled


def _take(record: Mapping[str, object], number: int, labelled: Labelled) -> None:
    if record.keys() >= {"schema", "source"}:  # a result line of `tagger batch`
        try:
            record = result_row(record)
        except (KeyError, TypeError, AttributeError) as error:
            wrong = f"is a broken result line: {error!r}"
            labelled.problems.append(Problem(labelled.file, number, None, wrong))
            return
    labelled.append(number, dict(_values(record, number, labelled)))


def _values(record: Mapping[str, object], number: int, labelled: Labelled) -> Iterator[tuple[str, Value]]:
    for key, value in record.items():
        name = field_of(key)
        if name is None:
            continue
        labelled.columns.setdefault(name, key)
        if value is None or value == []:
            continue
        if isinstance(value, str):
            if value.strip():
                yield name, value.strip()
        elif name in LISTS and isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            yield name, tuple(value)
        else:
            wanted = "a text or a list of texts" if name in LISTS else "a text"
            labelled.problems.append(Problem(labelled.file, number, key, f"is not {wanted}"))
