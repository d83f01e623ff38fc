"""The charges that a text names: 侵犯公民个人信息罪, 涉嫌帮助信息网络犯罪活动, 一起破坏计算机信息系统案.

Only a charge of this case counts: not one that is denied, one of a former conviction, one of another
case that the police were working on (在侦办……案时发现), nor one that a lesson to readers explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from tagger.card import Span
from tagger.expressions import expression
from tagger.law.catalogue import Catalogue
from tagger.law.compact import compact
from tagger.law.finder import NameFinder
from tagger.law.provisions import Charge
from tagger.law.quotation import Said, said


class NamedCharge(Struct, frozen=True):
    """A charge and where the text names it."""

    charge: Charge
    spans: tuple[Span, ...]


_NOT_THIS_CASE = expression(
    r"(?:不|未|尚不|尚未|并不|不足以)(?:构成|涉嫌|认定|成立|触犯|犯)[^,，。;；]{0,6}$"
    r"|(?:曾|前科|此前|之前|早年)[^,，。;；]{0,6}(?:因|犯|以)[^,，。;；]{0,10}$"
    r"|(?:打击|整治|惩治|惩处|严打|防范|遏制|治理)[^,，。;；]{0,6}$"
)
_ANOTHER_CASE = expression(
    r"[^,，。;；]{0,8}?(?:案件?|线索)(?:的?(?:侦查|侦办|办理|查处|审理|调查))?(?:工作|过程)?(?:中|时|期间|过程中)"
    r"|罪?(?:的[,，](?:依法|应当)|的行为的[,，]|不成立)"
)
_AS_A_CASE = expression(
    r"(?:[、和及][^,，。;；]{0,30}?)?(?:等|的|一)?(?:罪|犯罪|案|案件|刑事案件|系列案|犯罪案件)"
)
_ACCUSED = expression(r"(?:涉嫌|犯有?|构成|触犯|罪名|以)[^,，。;；]{0,12}$")
_CRIMINAL = expression(
    r"刑[拘事]|逮捕|批捕|起诉|公诉|判处|获刑|被判|一审|二审|犯罪嫌疑|拘役|徒刑|羁押|审查|抓获|落网|移送"
)
_BEFORE, _AFTER = 24, 60


def find_charges(
    text: str, catalogue: Catalogue, quoted: tuple[Span, ...] = (), prepared: Said | None = None
) -> tuple[NamedCharge, ...]:
    """The charges of the case, in the order of their first mention; spans count in `text`.

    `prepared` is `said(text)`.
    """
    names, finder = _finder(catalogue)
    pressed, quotations = prepared or said(text)
    named: list[tuple[str, Span]] = []
    for index, start, end in finder.find(pressed.text):
        span = pressed.original(start, end)
        if _inside(span[0], quoted) or not _is_charge(pressed.text, start, end, names[index]):
            continue
        if not quotations.covers(start, end, own_words=False):
            named.append((names[index], span))
    return _gathered(named, catalogue)


def _gathered(named: list[tuple[str, Span]], catalogue: Catalogue) -> tuple[NamedCharge, ...]:
    full = [name for name, _ in named if name.endswith("罪")]
    spans: dict[str, list[Span]] = {}
    for name, span in named:
        # 传播淫秽物品案 is what the text calls for short where it charges 传播淫秽物品牟利罪.
        charge = catalogue.charge_names[next((one for one in full if one.startswith(name)), name)]
        spans.setdefault(charge.name, []).append(span)
    return tuple(NamedCharge(catalogue.charge_names[name], tuple(found)) for name, found in spans.items())


@cache
def _finder(catalogue: Catalogue) -> tuple[list[str], NameFinder]:
    names = list(catalogue.charge_names)
    return names, NameFinder([compact(name).text for name in names])


def _is_charge(text: str, start: int, end: int, name: str) -> bool:
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    if _NOT_THIS_CASE.search(before) or _ANOTHER_CASE.match(after):
        return False
    if name.endswith("罪"):
        return True
    # 敲诈勒索, 非法经营 and other short forms are everyday words as well.
    if _AS_A_CASE.match(after):
        return True
    sentence = re.split("[。！？]", after, maxsplit=1)[0]
    return bool(_ACCUSED.search(before) and _CRIMINAL.search(sentence))


def _inside(position: int, spans: Iterable[Span]) -> bool:
    return any(start <= position < end for start, end in spans)
