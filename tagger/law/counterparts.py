"""What a notice implies by what it says: the penalty of a cited duty and the duty of a cited penalty,
the article of a charge that it names.

Never against the notice: where it names a penalty, in whatever law, that is the one that was imposed,
and where it names a duty, that is the one that was broken. A counterpart is `firm` where the law itself
names the one duty or penalty; one that the facts choose among several, or that the catalogue derives
(推定), is a candidate to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tagger.card import Span
from tagger.expressions import expression
from tagger.law.catalogue import Catalogue
from tagger.law.charges import NamedCharge
from tagger.law.editions import Resolution
from tagger.law.provisions import Charge, Edition, Law, PenaltyLink

CRIMINAL_LAW = "刑法"


class Counterpart(Struct, frozen=True):
    """An article that the notice implies, and what implies it (`网络安全法第21条`, `侵犯公民个人信息罪`)."""

    law: Law
    edition: Edition | None
    article: str
    pinpoints: tuple[str, ...]
    implied_by: str
    firm: bool
    charge: Charge | None = None
    """The charge that brings it; None for the counterpart of a citation."""
    spans: tuple[Span, ...] = ()
    """Where the charge is named."""


def counterparts(
    text: str, resolutions: Sequence[Resolution], catalogue: Catalogue
) -> tuple[Counterpart, ...]:
    """The duties and penalties that go with what is cited as a ground."""
    cited = [r for r in resolutions if r.citation.ground and r.edition is not None]
    roles = [_role(one, catalogue) for one in cited]
    found: list[Counterpart] = []
    if "penalty" not in roles and "crime" not in roles:
        for one in cited:
            found += _penalty(one, catalogue)
        if _punished_elsewhere(text, resolutions, catalogue):
            found = [replace(one, firm=False) for one in found]
    elif not {"duty", "prohibition"} & set(roles):
        for one in cited:
            found += _duty(one, text, catalogue)
    taken = {(one.citation.name, one.citation.article) for one in cited}
    return _once(c for c in found if (c.law.name, c.article) not in taken)


def charged_articles(
    charges: Iterable[NamedCharge], edition: Edition | None, catalogue: Catalogue
) -> tuple[Counterpart, ...]:
    """The articles of 刑法 for the charges that the text names; `edition` is the one in force.

    A charge that the edition did not know yet is left out.
    """
    law = catalogue.find_law(CRIMINAL_LAW)
    if law is None:
        return ()
    return _once(
        Counterpart(
            law, edition, named.charge.article, _pinpoint(named.charge.article, named.charge.paragraph),
            named.charge.name, True, named.charge, named.spans,
        )
        for named in charges
        if edition is None
        or not catalogue.articles(edition)
        or catalogue.find_article(edition, named.charge.article) is not None
    )  # fmt: skip


def _role(one: Resolution, catalogue: Catalogue) -> str | None:
    article = catalogue.find_article(one.edition, one.citation.article) if one.edition else None
    if article is not None:
        return article.role
    # 刑法 has no duties; an article that the table does not describe is still a crime.
    return "crime" if one.citation.name == CRIMINAL_LAW else None


_BROKEN = expression(r"(?:违反|触犯)了?$")
_PROCEDURE = expression(r"程序|诉讼法|裁量")
_APPLIED = expression(r"(?:根据|依据|依照|按照)了?$")


def _punished_elsewhere(text: str, resolutions: Sequence[Resolution], catalogue: Catalogue) -> bool:
    """Whether one law was broken and another applied that the tables do not describe: 违反《网络安全法》
    第二十一条，依据《某省条例》第三十条. Its article may well be the penalty.
    """

    def led_by(lead: re.Pattern[str], one: Resolution) -> bool:
        return any(lead.search(text, max(0, start - 4), start) for start, _ in one.citation.spans)

    grounds = [one for one in resolutions if one.citation.ground]
    unknown = [one for one in grounds if _role(one, catalogue) is None and not _general(one, catalogue)]
    return any(led_by(_APPLIED, one) for one in unknown) and any(
        led_by(_BROKEN, one) for one in grounds if _role(one, catalogue) is not None
    )


def _general(one: Resolution, catalogue: Catalogue) -> bool:
    """Whether an article is one of sentencing or procedure, which is no penalty."""
    law = one.citation.law
    if law is None:
        return _PROCEDURE.search(one.citation.name) is not None
    return catalogue.general_provision(law, one.citation.article, one.edition) is not None


def _penalty(one: Resolution, catalogue: Catalogue) -> list[Counterpart]:
    edition, citation = one.edition, one.citation
    if edition is None:
        return []
    named = citation.pinpoints or (citation.article,)
    links = [
        link
        for pinpoint in named
        for link in catalogue.penalties_of(edition, pinpoint.partition("(")[0])
        if link.penalty != citation.article
    ]
    penalties = dict.fromkeys(link.penalty for link in links)
    if len(penalties) != 1:
        return []
    (penalty,) = penalties
    paragraphs = {link.paragraph for link in links}
    pinpoints = _pinpoint(penalty, paragraphs.pop()) if len(paragraphs) == 1 else ()
    return [_counterpart(one, catalogue, edition, penalty, pinpoints, _explicit(links))]


def _duty(one: Resolution, text: str, catalogue: Catalogue) -> list[Counterpart]:
    edition, citation = one.edition, one.citation
    if edition is None:
        return []
    paragraphs = {pin.partition("(")[0].partition(".")[2] for pin in citation.pinpoints} - {""}
    links = [
        link
        for link in catalogue.penalty_links(edition, citation.article)
        if not paragraphs or link.paragraph in paragraphs
    ]
    duties = {duty.partition(".")[0] for link in links for duty in link.duties} - {"*", citation.article}
    if len(duties) == 1:
        return [_counterpart(one, catalogue, edition, duties.pop(), (), _explicit(links))]
    chosen = _chosen_by_the_facts(duties, edition, text, catalogue)
    return [_counterpart(one, catalogue, edition, chosen, (), False)] if chosen else []


def _chosen_by_the_facts(
    duties: Iterable[str], edition: Edition, text: str, catalogue: Catalogue
) -> str | None:
    """The one duty whose keywords the text has most of; None where two are equal or none is met."""
    hits = {
        duty: sum(keyword in text for keyword in article.keywords)
        for duty in duties
        if (article := catalogue.find_article(edition, duty)) is not None
    }
    best = max(hits.values(), default=0)
    first = [duty for duty, count in hits.items() if count == best]
    return first[0] if best and len(first) == 1 else None


def _explicit(links: Iterable[PenaltyLink]) -> bool:
    return not any("推定" in link.remark for link in links)


def _counterpart(
    one: Resolution,
    catalogue: Catalogue,
    edition: Edition,
    article: str,
    pinpoints: tuple[str, ...],
    firm: bool,
) -> Counterpart:
    implied_by = f"{one.citation.name}第{one.citation.article}条"
    return Counterpart(catalogue.law_of(edition), edition, article, pinpoints, implied_by, firm)


def _pinpoint(article: str, paragraph: str) -> tuple[str, ...]:
    return (f"{article}.{paragraph}",) if paragraph else ()


def _once(found: Iterable[Counterpart]) -> tuple[Counterpart, ...]:
    """One counterpart an article, with the paragraphs and places of all that imply it."""
    merged: dict[tuple[str, str], Counterpart] = {}
    for one in found:
        key = (one.law.id, one.article)
        known = merged.get(key)
        merged[key] = (
            one
            if known is None
            else replace(
                known,
                pinpoints=tuple(dict.fromkeys(known.pinpoints + one.pinpoints)),
                firm=known.firm or one.firm,
                spans=known.spans + one.spans,
            )
        )
    return tuple(merged.values())
