"""Whether the cited penalties know a sanction, and whether its amount or length lies in their range.

The tiers of a penalty paragraph are rows of penalty_links.csv; a sanction fits when any tier that is in
play knows it. What the tiers say only in words (停机整顿, 5日以下拘留, multiples of the illegal income) is
read from their remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from tagger.expressions import expression
from tagger.law.catalogue import Catalogue
from tagger.law.editions import Resolution
from tagger.law.provisions import PenaltyLink, Range
from tagger.law.sanctions import SanctionClause

_CODES = {
    "警告": "warning",
    "通报批评": "public-criticism",
    "没收": "confiscation",
    "停业整顿": "suspend-business",
    "暂停业务": "suspend-business",
    "关闭": "shutdown-site",
    "下架": "shutdown-site",
    "吊销": "revoke-licence",
    "行政拘留": "detention",
    "从业禁止": "ban",
}
"""Measures that penalty_links.csv has a code for; a fine stands in its own columns."""
_IN_WORDS = {"停机整顿": "停机整顿", "停止联网": "停止联网", "暂停业务": "暂停|终止服务|停止使用"}
_MULTIPLE = expression("倍|营业额")
_DAYS = expression(r"(?:(\d{1,2})–)?(\d{1,2})日(?:以下)?拘留")
_REFERS_ON = expression("无自有罚幅|转致|公安机关依其他法律")
_PERSON = expression("个人|任何人|人员")
_ONLY_PERSONS = frozenset({"个人", "受罚人员", "董事高管和直接责任人员"})


class Play(Struct, frozen=True):
    """The penalty tiers that a notice puts in play, and how sure it is that there are no others.

    `cited`: a penalty is cited; else the tiers are those of the cited duties. `complete` is False where
    the notice also cites what the catalogue cannot tell the penalties of.
    """

    links: tuple[PenaltyLink, ...]
    cited: bool
    complete: bool

    @property
    def refers_on(self) -> bool:
        """Whether one of them has no sanction of its own and points to other laws."""
        return any(map(refers_on, self.links))


def refers_on(link: PenaltyLink) -> bool:
    """Whether a paragraph only points to other laws (网络安全法 70 of 2017, 71 of 2026)."""
    return _REFERS_ON.search(link.remark) is not None


def fines_person(link: PenaltyLink) -> bool:
    """Whether the one that a tier sanctions first of all may be a person."""
    return _PERSON.search(link.subject) is not None


def in_play(resolutions: Iterable[Resolution], catalogue: Catalogue) -> Play:
    """The tiers of the penalties that are cited as grounds; of the cited duties where no penalty is."""
    penalties: list[PenaltyLink] = []
    of_duties: list[PenaltyLink] = []
    complete = True
    cited = [one for one in resolutions if one.citation.ground and one.citation.name != "刑法"]
    for one in cited:
        edition, citation = one.edition, one.citation
        if citation.law is not None and catalogue.general_provision(citation.law, citation.article, edition):
            continue
        if edition is None:
            complete = False
            continue
        links = catalogue.penalty_links(edition, citation.article)
        article = catalogue.find_article(edition, citation.article)
        if links:
            penalties += _meant(links, one, cited)
        elif article is None or article.role == "penalty":
            complete = False
        else:
            of_duties += catalogue.penalties_of(edition, citation.article)
    return Play(tuple(penalties or of_duties), bool(penalties), complete)


def _meant(
    links: Sequence[PenaltyLink], one: Resolution, cited: Sequence[Resolution]
) -> Sequence[PenaltyLink]:
    """Of a penalty's tiers those of the cited paragraph, else those that sanction a cited duty, else all."""
    paragraphs = {pin.partition("(")[0].partition(".")[2] for pin in one.citation.pinpoints} - {""}
    if paragraphs:
        meant = [link for link in links if link.paragraph in paragraphs]
        # 63.2 fines officers 依第1款: then the tiers of the first paragraph are in play, too.
        if any("依第1款" in link.individual_scope for link in meant):
            meant += [link for link in links if link.paragraph == "1" and link not in meant]
        return meant or links
    duties = [other.citation.article for other in cited if other.edition == one.edition]
    meant = [link for link in links if any(link.sanctions(duty) for duty in duties if duty != link.penalty)]
    return meant or links


def knows(clause: SanctionClause, links: Iterable[PenaltyLink]) -> bool | None:
    """Whether the tiers know a measure; None for one that no table speaks of (责令改正 goes with any)."""
    if clause.measure == "罚款":
        return any(link.entity_fine or link.individual_fine or "倍" in link.remark for link in links)
    code, words = _CODES.get(clause.measure), _IN_WORDS.get(clause.measure)
    if code is None and words is None:
        return None
    return any(
        (code is not None and code in link.other_sanctions)
        or (words is not None and re.search(f"(?<!无)(?:{words})", link.remark) is not None)
        for link in links
    )


def fine_ranges(clause: SanctionClause, links: Iterable[PenaltyLink]) -> dict[Range, PenaltyLink]:
    """The ranges in yuan that the tiers have for whom a fine falls on, each with a row that says so."""
    ranges: dict[Range, PenaltyLink] = {}
    for link in links:
        if clause.kind_of_punished in ("organisation", "unknown") and link.subject not in _ONLY_PERSONS:
            _add(ranges, link.entity_fine, link)
        if clause.kind_of_punished != "organisation":
            _add(ranges, link.individual_fine, link)
            if fines_person(link):
                _add(ranges, link.entity_fine, link)
    return ranges


def _add(ranges: dict[Range, PenaltyLink], found: Range | None, link: PenaltyLink) -> None:
    if found is not None:
        ranges.setdefault(found, link)


def lies_in(amount: float, ranges: Iterable[Range]) -> bool:
    """Whether an amount lies in one of the ranges."""
    return any((low or 0) <= amount and (high is None or amount <= high) for low, high in ranges)


def by_multiples(links: Iterable[PenaltyLink]) -> bool:
    """Whether a tier measures the fine by the illegal income or the turnover, which no notice fully tells."""
    return any(_MULTIPLE.search(link.remark) for link in links)


def detention_days(links: Iterable[PenaltyLink]) -> tuple[int, int, PenaltyLink] | None:
    """The shortest and the longest detention that the tiers allow; None where they tell no length."""
    found = [(match, link) for link in links for match in _DAYS.finditer(link.remark)]
    if not found:
        return None
    longest = max(found, key=lambda item: int(item[0][2]))
    shortest = min(int(match[1] or 1) for match, _ in found)
    return shortest, int(longest[0][2]), longest[1]
