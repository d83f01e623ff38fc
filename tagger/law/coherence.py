"""Whether what a notice cites holds together: slips, numbers that no law has, laws not in force,
numbers of two editions, duties without their penalties, articles that do not bind the offender.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from tagger.card import Check, Facts
from tagger.card import citation as spelt
from tagger.expressions import expression
from tagger.law import naming
from tagger.law.catalogue import Catalogue
from tagger.law.charges import NamedCharge
from tagger.law.counterparts import CRIMINAL_LAW
from tagger.law.editions import Resolution
from tagger.law.fit import refers_on
from tagger.law.provisions import Edition, Law, has_article

OFTEN_CONFUSED = "易混淆"
"""The keyword by which articles.csv marks an article that is cited by mistake for another."""


def missing_numbers(grounds: Iterable[Resolution]) -> Iterator[Check]:
    """Article numbers that the law does not have."""
    for one in grounds:
        editions = one.candidates or (one.citation.law.editions if one.citation.law else ())
        if editions and all(has_article(edition, one.citation.article) is False for edition in editions):
            longest = max(editions, key=lambda edition: edition.article_count or 0)
            yield Check(
                "article-beyond-last",
                f"{naming.cited(one)} does not exist: {one.citation.name} has 第1条 to"
                f" 第{longest.article_count}条 ({naming.edition_row(longest)}).",
            )


def unknown_laws(grounds: Iterable[Resolution]) -> Iterator[Check]:
    """Laws that the catalogue lacks."""
    for name in dict.fromkeys(one.citation.name for one in grounds if one.citation.law is None):
        yield Check(
            "law-not-in-catalogue",
            f"《{name}》 is cited but is none of the laws of the catalogue (laws.csv); it stands as printed.",
        )


def open_editions(grounds: Iterable[Resolution]) -> Iterator[Check]:
    """Laws whose edition cannot be told."""
    for name, one in {one.citation.name: one for one in grounds if one.open}.items():
        dates = " or ".join(edition.in_force for edition in one.candidates)
        known = ", ".join(edition.id for edition in one.candidates)
        yield Check(
            "edition-open",
            f"The edition of {name} cannot be told: the one in force from {dates} (laws.csv, {known});"
            " the date of the act would decide.",
        )


def laws_in_force(grounds: Sequence[Resolution], facts: Facts) -> Iterator[Check]:
    """Laws that were not in force when the act was done or the case decided."""
    for one in {one.citation.name: one for one in reversed(grounds)}.values():
        law = one.citation.law
        if law is not None and (told := _out_of_force(law, one, facts)):
            yield told


def _out_of_force(law: Law, one: Resolution, facts: Facts) -> Check | None:
    first, edition = law.editions[0], one.edition
    if one.reason == "not-in-force":
        return Check("law-not-in-force", f"{_since(law)}, later than the notice was written.")
    if facts.decision_date and _before(facts.decision_date, first.in_force):
        return Check("law-not-in-force", f"{_since(law)}; the case was decided {facts.decision_date}.")
    if facts.act_date and _before(facts.act_date, first.in_force):
        return Check(
            "law-later-than-act",
            f"{_since(law)}; the text dates the act {facts.act_date},"
            " and only one that went on falls under it.",
        )
    done = facts.act_date or facts.decision_date
    if edition is law.editions[-1] and edition.until and done and done > edition.until:
        return Check(
            "law-repealed",
            f"{law.name} was in force until {edition.until} ({naming.edition_row(edition)});"
            f" the text dates the case {done}.",
        )
    return None


def _since(law: Law) -> str:
    first = law.editions[0]
    return f"{law.name} is in force only from {first.in_force} ({naming.edition_row(first)})"


def _before(date: str, day: str) -> bool:
    """Whether all of a date (YYYY, YYYY-MM or YYYY-MM-DD) lies before a day."""
    return date + "9999-12-31"[len(date) :] < day


def changed_meanings(
    grounds: Iterable[Resolution], catalogue: Catalogue, written: str | None
) -> Iterator[Check]:
    """Numbers that a reader would look up in another edition than the one that is meant."""
    for one in grounds:
        edition = one.edition
        if edition is None or not _read_beside_another(edition, one, catalogue, written):
            continue
        for trap in catalogue.traps(edition, one.citation.article):
            if trap.risk != "high":
                continue
            here, there, other = trap.old_meaning, trap.new_meaning, trap.new_edition
            if edition.id == trap.new_edition:
                here, there, other = there, here, trap.old_edition
            yield Check(
                "number-changed-meaning",
                f"{naming.cited(one)} is read in the edition of {edition.in_force} ({here}); in that of"
                f" {catalogue.editions[other].in_force} the number means: {there} (version_traps.csv).",
            )


def _read_beside_another(
    edition: Edition, one: Resolution, catalogue: Catalogue, written: str | None
) -> bool:
    """Whether the notice was written when another edition was in force, or nobody knows when."""
    if one.reason in ("printed", "only") or not catalogue.renumbered(catalogue.law_of(edition)):
        return False
    return written is None or not edition.overlaps(written)


def slips(
    text: str, grounds: Sequence[Resolution], charges: Sequence[NamedCharge], catalogue: Catalogue
) -> Iterator[Check]:
    """刑法 253 for 253之一; a charge whose article is not among those cited."""
    cited = {one.citation.article: one for one in grounds if one.citation.name == CRIMINAL_LAW}
    charged = {named.charge.article: named.charge for named in charges}
    explained: set[str] = set()
    for article, one in cited.items():
        if "之" in article or article in charged:
            continue
        for inserted in _inserted_behind(article, one, catalogue):
            if inserted in cited:
                continue
            if inserted in charged:
                why = f"the charge {charged[inserted].name} points"
            elif _tells_of(text, inserted, article, one, catalogue):
                why = "what the text tells points"
            else:
                continue
            explained.add(inserted)
            yield Check(
                "article-slip",
                f"{naming.cited(one)} is {naming.gist(one, article, catalogue)}; {why} to"
                f" {spelt(CRIMINAL_LAW, inserted)}, {naming.gist(one, inserted, catalogue)} (articles.csv).",
            )
    named = [one for one in cited.values() if not _is_general(one, catalogue)]
    for article, charge in charged.items():
        if named and article not in cited and article not in explained:
            yield Check(
                "charge-not-cited",
                f"The text names {charge.name}, which is {spelt(CRIMINAL_LAW, article)} (charges.csv);"
                f" it cites {'、'.join(map(naming.cited, named))}.",
            )


def _is_general(one: Resolution, catalogue: Catalogue) -> bool:
    law = one.citation.law
    return law is not None and bool(catalogue.general_provision(law, one.citation.article, one.edition))


def _inserted_behind(article: str, one: Resolution, catalogue: Catalogue) -> list[str]:
    edition = one.edition or (one.candidates[-1] if one.candidates else None)
    described = catalogue.articles(edition) if edition else ()
    return [found.number for found in described if found.number.startswith(f"{article}之")]


def _tells_of(text: str, inserted: str, article: str, one: Resolution, catalogue: Catalogue) -> bool:
    """Whether the text has words of the inserted article (253之一: 公民个人信息) rather than of the plain."""
    edition = one.edition or (one.candidates[-1] if one.candidates else None)
    there = catalogue.find_article(edition, inserted) if edition else None
    here = catalogue.find_article(edition, article) if edition else None
    if there is None or here is None:
        return False
    speaks_there = any(word in text for word in there.keywords)
    speaks_here = any(word in text for word in here.keywords)
    if OFTEN_CONFUSED in here.keywords:
        return speaks_there or not speaks_here
    return speaks_there and not speaks_here


def mixed_editions(grounds: Sequence[Resolution], catalogue: Catalogue) -> Iterator[Check]:
    """A duty in the numbering of one edition beside a penalty in that of another."""
    laws = {one.citation.law.id: one.citation.law for one in grounds if one.citation.law}
    for law in laws.values():
        articles = [one.citation.article for one in grounds if one.citation.law is law]
        if len(articles) < 2 or not catalogue.renumbered(law):
            continue
        for old, new in zip(law.editions, law.editions[1:], strict=False):
            for one, other in ((old, new), (new, old)):
                for duty, penalty in _pairs_across(articles, one, other, catalogue):
                    yield Check(
                        "editions-mixed",
                        f"{spelt(law.name, duty)} is a duty in the edition of {one.in_force}, but"
                        f" {spelt(law.name, penalty)} sanctions it only in the numbering of"
                        f" {other.in_force} (concordance.csv, penalty_links.csv).",
                    )


@lru_cache(maxsize=4096)
def _penalties_of(catalogue: Catalogue, edition: str, duty: str) -> frozenset[str]:
    links = catalogue.penalties_of(catalogue.editions[edition], duty)
    return frozenset(link.penalty for link in links if link.penalty != duty)


def _pairs_across(
    articles: Sequence[str], duty_in: Edition, penalty_in: Edition, catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    """Pairs that cohere only when each is read in an edition of its own, and fit nothing else there."""

    cited = set(articles)
    both = (duty_in, penalty_in)

    def sanctioned(duty: str, edition: Edition) -> frozenset[str]:
        return _penalties_of(catalogue, edition.id, duty)

    paired = {penalty for duty in articles for edition in both for penalty in sanctioned(duty, edition)}
    for duty in articles:
        if not sanctioned(duty, duty_in) or any(sanctioned(duty, edition) & cited for edition in both):
            continue
        for there in catalogue.translate(duty, duty_in, penalty_in):
            for penalty in sorted(sanctioned(there, penalty_in) & (cited - paired - {duty})):
                yield duty, penalty


def missing_halves(grounds: Sequence[Resolution], catalogue: Catalogue, *, punished: bool) -> Iterator[Check]:
    """A penalty without the duty that was broken; a duty without the penalty that was imposed."""
    for one in grounds:
        edition, article = one.edition, one.citation.article
        if edition is None:
            continue
        beside = {other.citation.article for other in grounds if other.edition == edition} - {article}
        parts = {pin.partition("(")[0].partition(".")[2] for pin in one.citation.pinpoints} - {""}
        links = catalogue.penalty_links(edition, article)
        links = tuple(link for link in links if link.paragraph in parts) or links
        duties = dict.fromkeys(duty for link in links for duty in link.duties)
        others = [duty for duty in duties if duty.partition(".")[0] != article]
        if others and not any(link.sanctions(other) for link in links for other in beside):
            named = "every duty of the law" if "*" in duties else naming.listed(one.citation.name, others)
            yield Check(
                "penalty-without-duty",
                f"{naming.cited(one)} is cited as the penalty, but no duty with it:"
                f" it sanctions {named} ({links[0].source}).",
            )
        if others or not punished:
            continue
        answers = [k for k in catalogue.penalties_of(edition, article) if k.penalty != article]
        if answers and not all(map(refers_on, answers)) and not any(k.penalty in beside for k in answers):
            named = naming.listed(
                one.citation.name, dict.fromkeys(f"{k.penalty}.{k.paragraph}" for k in answers)
            )
            yield Check(
                "duty-without-penalty",
                f"{naming.cited(one)} is cited as the duty, but not its penalty: that is {named}"
                f" ({answers[0].source}).",
            )


_OPERATOR = "关键信息基础设施运营者"
_OFFICIALS = "监管部门|民警|辅警|警长|协警|公安|公职|公务员|执法人员|网信办|机关"
_BOUND = (
    ("关基", _OPERATOR, expression("关键信息基础设施|关基|关键基础设施")),
    ("监管部门", "监管部门及其工作人员", expression(_OFFICIALS)),
    ("国家机关", "国家机关", expression("机关|政府|公安|法院|检察|委员会|局|政务")),
)
"""Whom an article binds, by the first words of its gist, and the words by which a text shows such a one."""
_ACTING = expression(
    r"公安(?:机关|部门?|厅|局|分局|网安|人员)?|网信办|监管部门[^，。]{0,4}(?:处罚|认定|查)"
    r"|民警(?=发现|检查|调查|在|立即|对|查|依)|(?:司法|检察|审判|税务)?机关(?=依法|对|处罚|批准)"
)
"""The authorities that act in a text: they are not its offenders."""


def bound(text: str, grounds: Iterable[Resolution], catalogue: Catalogue) -> Iterator[Check]:
    """Articles used for someone whom they do not bind (网络安全法 45 for a hospital's nurse)."""
    for one in grounds:
        article = catalogue.find_article(one.edition, one.citation.article) if one.edition else None
        if one.edition is None or article is None:
            continue
        for gist, who, shown in _BOUND:
            if article.role in ("duty", "prohibition") and article.gist.startswith(gist):
                told = text if gist == "关基" else _ACTING.sub("", text)
                if not shown.search(told):
                    yield _binds_others(one, who, f"{article.gist}; {article.source}")
        links = catalogue.penalty_links(one.edition, article.number)
        parts = {pin.partition("(")[0].partition(".")[2] for pin in one.citation.pinpoints} - {""}
        links = tuple(link for link in links if link.paragraph in parts)
        if links and all(link.subject == "关基运营者" for link in links) and not _BOUND[0][2].search(text):
            yield _binds_others(one, _OPERATOR, f"第{links[0].paragraph}款; {links[0].source}")


def _binds_others(one: Resolution, who: str, row: str) -> Check:
    return Check(
        "article-binds-others",
        f"{naming.cited(one)} binds only {who} ({row}); the text shows no such offender.",
    )
