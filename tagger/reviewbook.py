"""Cards as a workbook to be corrected: drop-down lists of the labels, doubtful cells coloured.

`tagger add` reads it back, and takes only the rows that are marked as checked: what nobody looked at is
the model's own opinion, and no model may learn from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from tagger import outputs, tables
from tagger.card import CaseCard
from tagger.durable import write_whole
from tagger.selection import Pick
from tagger.taxonomy import TARGETS, LabelSet, Target

_FIELDS = (
    "checked", *TARGETS, "statutes", "keywords", "title", "facts", "candidates", "reasons", "date",
    "act_date", "decision_date", "source",
)  # fmt: skip
_HEADINGS = tables.HEADINGS | {"checked": tables.CHECKED, "candidates": "备选"}
_WIDTHS = {"facts": 80, "statutes": 30, "title": 30, "candidates": 40, "reasons": 40, "keywords": 24}
_WIDTH = 14
_LIKELY = 0.05
"""From this probability on a label is among the candidates shown."""
_HINT = "几个标签用、隔开 (several labels: parted by 、)"


def write_review(picks: Sequence[Pick], labels: Mapping[Target, LabelSet], path: Path) -> None:
    """Write the workbook. Raises Unwritable."""
    import xlsxwriter

    packed = BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        book.set_properties({"created": outputs.EPOCH})
        sheet = book.add_worksheet("待核对")
        lists = _lists(book, labels)
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        styles = {
            doubted: book.add_format(
                {"valign": "top", "text_wrap": True} | ({"bg_color": "#FFE699"} if doubted else {})
            )
            for doubted in (False, True)
        }
        for column, name in enumerate(_FIELDS):
            sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
            sheet.write_string(0, column, _HEADINGS[name], bold)
        for row, pick in enumerate(picks, 1):
            cells, doubted = _cells(pick.card)
            for column, name in enumerate(_FIELDS):
                # Never write(): it would make a formula or a link of a text that looks like one.
                sheet.write_string(row, column, tables.fitting(cells.get(name, "")), styles[name in doubted])
        last = max(len(picks), 1)
        sheet.data_validation(1, 0, last, 0, {"validate": "list", "source": [tables.YES, tables.NO]})
        for target, allowed in lists.items():
            place = _FIELDS.index(target)
            # A cell may hold several labels, which no list allows: `tagger add` checks them.
            rule = {"validate": "list", "source": allowed, "show_error": False, "input_message": _HINT}
            sheet.data_validation(1, place, last, place, rule)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(_FIELDS) - 1)
    write_whole(path, packed.getvalue())


def _lists(book: Any, labels: Mapping[Target, LabelSet]) -> dict[Target, str]:
    """A second sheet with the labels of each target, and the formula that names them."""
    sheet = book.add_worksheet("标签")
    found: dict[Target, str] = {}
    for column, target in enumerate(TARGETS):
        allowed = labels[target].labels
        sheet.set_column(column, column, _WIDTH)
        sheet.write_string(0, column, labels[target].heading)
        for row, label in enumerate(allowed, 1):
            sheet.write_string(row, column, label)
        letter = chr(ord("A") + column)
        found[target] = f"='标签'!${letter}$2:${letter}${len(allowed) + 1}"
    return found


def _cells(card: CaseCard) -> tuple[dict[str, str], frozenset[str]]:
    """A card's cells, and the fields among them that are doubtful."""
    record = card.to_record(with_text=True)
    doubted = set(outputs.doubtful(record))
    candidates = []
    for target in TARGETS:
        ranking = card.ranking(target)
        if ranking and max(e.probability for e in ranking) < outputs.DOUBTED:
            doubted.add(target)
        likely = [f"{e.label} {e.probability:.0%}" for e in ranking if e.probability >= _LIKELY]
        if len(likely) > 1:
            candidates.append(f"{tables.HEADINGS[target]}：{tables.SEPARATOR.join(likely)}")
    return tables.row(record) | {"candidates": "；".join(candidates)}, frozenset(doubted)
