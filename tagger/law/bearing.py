"""Whether the cited penalties bear the sanctions: kind, amount, days, party, tier and authority."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tagger.card import Check, Facts
from tagger.expressions import expression
from tagger.law import naming
from tagger.law.catalogue import Catalogue
from tagger.law.fit import Play, by_multiples, detention_days, fine_ranges, fines_person, knows, lies_in
from tagger.law.provisions import PenaltyLink
from tagger.law.sanctions import SanctionClause

ADMINISTRATIVE = frozenset(
    {"warning", "fine", "confiscation", "suspension", "shutdown", "administrative-detention", "ban"}
)
"""Kinds that an administrative penalty must know; 责令改正 goes with every one (行政处罚法 28)."""
_WHO = {
    "organisation": "the organisation",
    "officer": "the responsible person",
    "person": "the person",
    "unknown": "the punished",
}


def court_fines(text: str, imposed: Sequence[SanctionClause]) -> Iterator[Check]:
    """罚款 beside a prison term: a court imposes 罚金."""
    for clause in imposed:
        wording = text[slice(*clause.sanction.spans[0])]
        if clause.sanction.kind == "criminal-fine" and wording.startswith("罚款"):
            yield Check(
                "criminal-fine-called-fine",
                f"{wording} stands beside a prison term: what a court imposes is 罚金 (刑法第34条).",
            )


def sanctions(
    text: str, play: Play, imposed: Sequence[SanctionClause], facts: Facts, catalogue: Catalogue
) -> Iterator[Check]:
    """Sanctions that the penalties in play do not know, or not so much, or not for this party."""
    if not play.links:
        return
    sentenced = any(clause.sanction.kind == "imprisonment" for clause in imposed)
    for clause in imposed:
        kind = clause.sanction.kind
        if kind not in ADMINISTRATIVE and (clause.measure != "通报批评" or clause.sanction.on == "person"):
            continue
        if kind == "confiscation" and sentenced:
            continue  # the court's own: 刑法 64
        known = knows(clause, play.links)
        if known is False:
            yield from _not_known(clause, play, catalogue)
        elif clause.measure == "罚款":
            yield from _fine(text, clause, play, catalogue)
        elif clause.measure == "行政拘留":
            yield from _detention(clause, play, catalogue)
        elif clause.measure == "警告" and play.complete:
            yield from _warning(clause, play, catalogue)
    yield from _tiers(imposed, play, catalogue)
    yield from _competence(play, facts, catalogue)


def _not_known(clause: SanctionClause, play: Play, catalogue: Catalogue) -> Iterator[Check]:
    places, source = naming.penalties(play.links, catalogue), naming.rows(play.links[:3])
    if play.refers_on:
        if clause.measure == "罚款":
            yield Check(
                "penalty-refers-on",
                f"{places} has no fine of its own and refers to other laws ({source});"
                " the notice does not cite which.",
            )
    elif play.complete:
        yield Check("sanction-not-in-article", f"{clause.measure} is no sanction of {places} ({source}).")


def _fine(text: str, clause: SanctionClause, play: Play, catalogue: Catalogue) -> Iterator[Check]:
    ranges = fine_ranges(clause, play.links)
    amount, who = clause.sanction.amount_yuan, _WHO[clause.kind_of_punished]
    if not play.complete or by_multiples(play.links):
        return
    if not ranges:
        if clause.kind_of_punished != "unknown":
            fining = [link for link in play.links if link.entity_fine or link.individual_fine]
            yield Check(
                "fine-on-wrong-party",
                f"{naming.penalties(fining, catalogue)} has no fine for {who} ({naming.rows(fining)});"
                f" the notice fines {clause.punished or who}.",
            )
    elif amount is not None and not lies_in(amount, ranges) and not _for_several(text, clause):
        allowed = " or ".join(naming.yuan(limits) for limits in ranges)
        yield Check(
            "fine-out-of-range",
            f"罚款 {amount:,.0f} yuan on {who} lies outside {naming.penalties(ranges.values(), catalogue)}:"
            f" {allowed} ({naming.rows(ranges.values())}).",
        )
    else:
        yield from _scope(clause, play, catalogue)


_OTHERS = expression("其他|技术人员|运维人员|员工|工作人员|管理员")


def _scope(clause: SanctionClause, play: Play, catalogue: Catalogue) -> Iterator[Check]:
    """A fine on others than 直接负责的主管人员 where the article fines only these."""
    fining = [link for link in play.links if link.individual_fine]
    narrow = fining and all(link.individual_scope == "直接负责的主管人员" for link in fining)
    if narrow and clause.kind_of_punished != "organisation" and _OTHERS.search(clause.punished):
        yield Check(
            "person-outside-scope",
            f"{naming.penalties(fining, catalogue)} fines only 直接负责的主管人员 ({naming.rows(fining)});"
            f" the notice fines {clause.punished}.",
        )


def _warning(clause: SanctionClause, play: Play, catalogue: Catalogue) -> Iterator[Check]:
    """A warning to a person where the article warns only the body."""
    warning = [link for link in play.links if "warning" in link.other_sanctions]
    if clause.kind_of_punished in ("officer", "person") and not any(map(fines_person, warning)):
        yield Check(
            "warning-on-wrong-party",
            f"{naming.penalties(warning, catalogue)} has 警告 for {warning[0].subject} only"
            f" ({naming.rows(warning[:2])}); the notice warns {clause.punished or 'a person'}.",
        )


def _detention(clause: SanctionClause, play: Play, catalogue: Catalogue) -> Iterator[Check]:
    days, allowed = clause.sanction.days, detention_days(play.links)
    if days is None or allowed is None or not play.complete:
        return
    shortest, longest, link = allowed
    if not shortest <= days <= longest:
        yield Check(
            "detention-out-of-range",
            f"行政拘留 of {days} days lies outside {naming.penalty(link, catalogue)}:"
            f" {shortest} to {longest} days ({link.source}).",
        )


def _tiers(imposed: Sequence[SanctionClause], play: Play, catalogue: Catalogue) -> Iterator[Check]:
    """The body fined at the basic tier, its officer at a tier that takes a refusal or harm."""
    body = [_tiers_of(clause, play) for clause in imposed if clause.kind_of_punished == "organisation"]
    officer = [_tiers_of(clause, play) for clause in imposed if clause.kind_of_punished == "officer"]
    basic = next((tiers for tiers in body if tiers and all(t.tier == "first" for t in tiers)), None)
    grave = next((tiers for tiers in officer if tiers and all(t.tier != "first" for t in tiers)), None)
    if basic and grave and not set(basic) & set(grave) and play.complete:
        yield Check(
            "fine-tiers-differ",
            f"The body is fined at the basic tier of {naming.penalties(basic, catalogue)}"
            f" ({naming.rows(basic)}), the responsible person at one that takes {_trigger(grave[0])}"
            f" ({naming.rows(grave[:1])}).",
        )


def _tiers_of(clause: SanctionClause, play: Play) -> list[PenaltyLink]:
    amount = clause.sanction.amount_yuan
    if clause.measure != "罚款" or amount is None:
        return []
    ranges = fine_ranges(clause, play.links)
    return [link for limits, link in ranges.items() if link.tier and lies_in(amount, [limits])]


def _trigger(link: PenaltyLink) -> str:
    found = re.search(r"触发:([^;；|]+)", link.remark)
    return found[1] if found else "more"


_NOT_POLICE = expression("网信|通信管理|通管局|工信|银保监|证监|人民银行|金融监管|市场监管|教育局|卫健|文化")


def _competence(play: Play, facts: Facts, catalogue: Catalogue) -> Iterator[Check]:
    """A penalty that only the police impose, imposed by somebody else."""
    only_police = play.cited and play.complete and all(link.authority == "公安机关" for link in play.links)
    if only_police and facts.authority and _NOT_POLICE.search(facts.authority):
        yield Check(
            "authority-not-competent",
            f"{naming.penalties(play.links, catalogue)} is imposed by 公安机关"
            f" ({naming.rows(play.links[:2])}); the notice names {facts.authority}.",
        )


_SEVERAL = expression(r"合计|共计|总计|共(?=[\d一二三四五六七八九十])|总额")


def _for_several(text: str, clause: SanctionClause) -> bool:
    """A sum over several bodies says nothing of one fine."""
    start, end = clause.sanction.spans[0]
    return _SEVERAL.search(text, max(0, start - 8), end) is not None
