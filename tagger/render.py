"""A case card for a terminal: the report's field names, drawn with Rich or plain when piped."""

from __future__ import annotations

import sys
from typing import TextIO

from msgspec import Struct

from tagger import wording
from tagger.card import CaseCard, Precedent, RankedLabel, RankedStatute
from tagger.taxonomy import Target, taxonomy

_ORDER: tuple[Target, ...] = ("subject", "nature", "industry", "impact")
_EVIDENCE_STYLES = {
    "industry": "black on cyan",
    "subject": "black on yellow",
    "nature": "black on magenta",
    "impact": "black on green",
    "liability": "black on blue",
}


class Row(Struct, frozen=True):
    """One field of the drawn card: its Chinese heading and its lines."""

    heading: str
    lines: tuple[str, ...]


def rows(card: CaseCard) -> tuple[Row, ...]:
    """The card's fields in the order in which the report prints them; empty fields are left out."""
    if not card.notice:
        return (Row("结论", ("不是网络安全行政执法案例",)), Row("复核", card.review.reasons))
    found = [Row(taxonomy()[target].heading, _labels(card.ranking(target))) for target in _ORDER]
    found += [
        Row("关键词", ("、".join(card.keywords),) if card.keywords else ()),
        Row("触犯法条", tuple(_statute(s) for s in card.statutes if s.assigned or s.basis != "predicted")),
        Row(taxonomy()["liability"].heading, _labels(card.ranking("liability"))),
        Row("处罚", tuple(dict.fromkeys(wording.sanction(s) for s in card.sanctions))),
        Row("处罚机关", _present(card.facts.authority)),
        Row("地区", _present(card.facts.region)),
        Row("文号", _present(card.facts.document)),
        Row("行为时间", _present(card.facts.act_date)),
        Row("处理时间", _present(card.facts.decision_date)),
        Row("法条核对", tuple(check.message for check in card.checks)),
        Row("相似案例", tuple(_precedent(p) for p in card.precedents or ())),
        Row("人工复核", card.review.reasons if card.review.needed else ("不需要",)),
    ]
    return tuple(row for row in found if row.lines)


def _present(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _labels(ranking: tuple[RankedLabel, ...]) -> tuple[str, ...]:
    text = "、".join(f"{entry.label}（{entry.probability:.0%}）" for entry in ranking if entry.assigned)
    return (text,) if text else ()


def _statute(statute: RankedStatute) -> str:
    edition = f"，{statute.edition[:4]}年版" if statute.edition else ""
    certain = statute.basis == "cited"
    share = "" if certain else f" {statute.probability:.0%}"
    places = f"（{'、'.join(statute.pinpoints)}）" if statute.pinpoints else ""
    aside = "" if statute.assigned else "，供参考"
    return f"{statute.citation}{places} [{wording.BASIS[statute.basis]}{share}{edition}{aside}]"


def _precedent(precedent: Precedent) -> str:
    shared = f"，共同点：{'、'.join(precedent.shared)}" if precedent.shared else ""
    outcome = f"，处理：{precedent.outcome}" if precedent.outcome else ""
    return f"{precedent.id} {precedent.title or '（无标题）'}（{precedent.similarity:.0%}{shared}{outcome}）"


def plain(card: CaseCard) -> str:
    """The card as plain text, a field a line, for pipes and files."""
    lines = [_heading(card)]
    for row in rows(card):
        lines += [
            f"{row.heading}：{row.lines[0]}",
            *(f"{'　' * len(row.heading)}　{line}" for line in row.lines[1:]),
        ]
    if card.evidence:
        lines.append("依据：")
        for target, items in card.evidence.items():
            for label in dict.fromkeys(item.label for item in items):
                shown = "、".join(f"{e.text}（{e.weight:.0%}）" for e in items if e.label == label)
                beside = "" if label in card.assigned(target) else "（未采用）"
                lines.append(f"　{taxonomy()[target].heading} {label}{beside}：{shown}")
    return "\n".join(lines)


def _heading(card: CaseCard) -> str:
    place = f"（{card.case}/{card.cases_in_source}）" if card.cases_in_source > 1 else ""
    opening = card.text[:30] + ("…" if len(card.text) > 30 else "")
    return f"【案例卡片】{card.title or opening}{place}"


def show(card: CaseCard, out: TextIO | None = None) -> None:
    """Prints the card: drawn on a terminal, plain elsewhere."""
    out = out or sys.stdout
    if not out.isatty():
        print(plain(card), file=out)
        return
    from rich.console import Console
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(style="bold cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows(card):
        urgent = row.heading in ("法条核对", "人工复核") and row.lines != ("不需要",)
        table.add_row(row.heading, Text("\n".join(row.lines), style="yellow" if urgent else ""))
    console = Console(file=out)
    console.print(Panel(table, title=Text(_heading(card), style="bold"), title_align="left", expand=False))
    if card.evidence:
        console.print(_highlighted(card))


def _highlighted(card: CaseCard) -> object:
    """The text with the evidence of each target in its own colour, and a legend."""
    from rich.text import Text

    text = Text(card.text)
    legend = Text("\n")
    for target, items in (card.evidence or {}).items():
        style = _EVIDENCE_STYLES[target]
        legend.append(f" {taxonomy()[target].heading} ", style=style)
        legend.append(" ")
        for item in items:
            for start, end in item.spans if item.label in card.assigned(target) else ():
                text.stylize(style, start, end)
    return text.append(legend)
