"""The plain facts of a notice: who acted, where, under which document number, when it was done and decided.

Everything hangs on the decision: the first sanction that was imposed, else the first step (抓获).
The authority is the one that its sentence names, under the fullest name that the notice has for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tagger.card import Facts
from tagger.expressions import expression
from tagger.law.authorities import AuthorityMention, find_authorities, full_name
from tagger.law.dates import DateMention, find_dates
from tagger.law.places import PlaceMention, find_places, fullest
from tagger.law.sanctions import SanctionClause, sanction_clauses

_NUMBER = expression(r"[〔\[﹝【(（〈](?:19|20)\d\d年?[〕\]﹞】)）〉]\s?(?:第\s?)?\d{1,7}(?:-\d{1,4})?\s?号")
_PREFIX = expression(r"(?:\w|[(（]\w{1,8}[)）]){1,20}\s?$")
_COURT_DOCUMENT = expression(
    r"[(（](?:19|20)\d\d[)）]\s?[^\W\d_]{1,3}\d{0,4}[民刑行执]{1,2}[初终再申更]\d{1,6}号"
)
_DECISION_MARK = expression("罚|决|警|责|刑|处|缴|强")
_OF_A_REGULATION = expression(r"》\s?[(（]?$")
_BEFORE_A_PREFIX = expression(
    r"^.*(?:根据|依据|依照|按照|作出|下达|送达|收到|文号|编号|号为|决定书?|的|了|以|为)"
)
_DECIDED_ON = expression(r"(?:决定|处罚|作出)(?:书)?[^，。；\n]{0,8}(?:日期|时间)[:：\s]{0,3}$")
_TOLD = "公布|公示|公开[^，。；]{0,6}?(?:案例|判决|裁定)|发布|披露|通报|获悉|讯"
_PROCEEDINGS = expression(
    f"接到|接报|报案|报警|举报|抓获|立案|审理|审结|宣判|开庭|起诉|收网|投案|批捕|{_TOLD}"
)
_PUBLISHED = expression(_TOLD)
_PENALTY_PUBLISHED = expression("公[布示][^，。；]{0,20}?(?:罚单|处罚|罚款)|公示")
_FOUND_OUT = expression("检查|巡查|发现|线索|核查|摸排|监测|排查|查明|查获|查处")
_SINCE = expression("(?:初|底|份)?(?:起|开始|以来|至|到)")
_FOUNDED = expression(
    "[^，。；]{0,6}?(?:成立|注册|开办|建设的|搭建|上线|开通|出生|入职|毕业|修订|施行|实施|发布的)"
)
_TOGETHER = expression("会同|联合|和|与|、|及")
_CLAUSE_ENDS = expression(r"[，。；！？,;\n]")


class _Decision(NamedTuple):
    """Where the decision stands: its sentence, and where the sanction begins in it."""

    start: int
    at: int


def find_facts(
    text: str, published: str | None = None, clauses: Sequence[SanctionClause] | None = None
) -> Facts:
    """The facts of a notice published on `published` (YYYY, YYYY-MM or YYYY-MM-DD).

    `clauses` are its sanction clauses, where they are known already. What the text does not tell is None.
    """
    return facts_of([text], [published], [sanction_clauses(text) if clauses is None else clauses])[0]


def facts_of(
    texts: Sequence[str], published: Sequence[str | None], clauses: Sequence[Sequence[SanctionClause]]
) -> list[Facts]:
    """The facts of many notices, one question after the other (benchmarks/README.md says why)."""
    places = list(map(find_places, texts))
    authorities = list(map(find_authorities, texts, places))
    dates = list(map(find_dates, texts, published))
    decisions = list(map(_decision, texts, clauses))
    acting = list(map(_acting, texts, authorities, decisions))
    times = list(map(_times, texts, dates, decisions))
    return list(
        map(_facts, map(_name, acting, authorities), map(_region, places, authorities, acting),
            map(_document, texts), times)
    )  # fmt: skip


def _facts(
    authority: str | None, region: str | None, document: str | None, times: tuple[str | None, str | None]
) -> Facts:
    decided, done = times
    return Facts(authority, region, document, act_date=done, decision_date=decided)


def _name(acted: AuthorityMention | None, known: Sequence[AuthorityMention]) -> str | None:
    return full_name(acted, known) if acted else None


def _decision(text: str, clauses: Sequence[SanctionClause]) -> _Decision | None:
    """The first penalty in the body; an order, a title's words or a step only where there is no other."""
    body = text.find("\n") + 1
    real = [clause for clause in clauses if not clause.negated]
    ranked = sorted(
        real,
        key=lambda clause: (
            clause.sanction.spans[0][0] < body,
            clause.step,
            clause.sanction.kind in ("order-to-correct", "interview", "prosecution", "other"),
            clause.sanction.spans[0][0],
        ),
    )
    if not ranked:
        return None
    at = ranked[0].sanction.spans[0][0]
    start = max(text.rfind(end, max(0, at - 400), at) for end in "。！？\n") + 1
    return _Decision(start, at)


def _acting(
    text: str, authorities: Sequence[AuthorityMention], decision: _Decision | None
) -> AuthorityMention | None:
    named = [authority for authority in authorities if not authority.vague]
    if decision is None:
        return next(iter(named or authorities), None)
    before = [authority for authority in authorities if authority.start < decision.at]
    here = [authority for authority in before if authority.start >= decision.start]
    candidates = here or [authority for authority in before if not authority.vague]
    if not candidates:
        return next(iter(named or authorities), None)
    first = len(candidates) - 1
    while first and _TOGETHER.fullmatch(text, candidates[first - 1].end, candidates[first].start):
        first -= 1  # 网信办会同公安局: who stands first leads
    return candidates[first]


def _region(
    places: Sequence[PlaceMention],
    authorities: Sequence[AuthorityMention],
    acted: AuthorityMention | None,
) -> str | None:
    """The authority's region, as deep as the text tells; else another authority's; else the first place."""
    mentions = [acted.place] if acted and acted.place else []
    mentions += [a.place for a in authorities if a.place and acted and a.branch == acted.branch]
    mentions += [a.place for a in authorities if a.place]
    mentions += places
    first = next((mention.place for mention in mentions if mention.place), None)
    return fullest(first, places).name if first else None


def _document(text: str) -> str | None:
    """The decision's number (长银罚决字〔2023〕9号, (2019)粤0305刑初123号), no regulation's."""
    if "号" not in text:
        return None
    for found in _NUMBER.finditer(text):
        low = max(0, found.start() - 24)
        before = _PREFIX.search(text, low, found.start())
        if before and not _OF_A_REGULATION.search(text, low, before.start()):
            prefix = _BEFORE_A_PREFIX.sub("", before.group())
            if _DECISION_MARK.search(prefix):
                return prefix + found.group()
    court = _COURT_DOCUMENT.search(text)
    return court.group() if court else None


def _times(
    text: str, dates: Sequence[DateMention], decision: _Decision | None
) -> tuple[str | None, str | None]:
    """When it was decided, and when the act was done or found.

    The decision has the date told last before the sanction in its sentence. The act, which often goes
    on until it is found, has the latest other date that tells of no report, arrest or trial, and not of
    its being found where any other does; failing that, the first of those.
    """
    decided = next(
        (date for date in dates if _DECIDED_ON.search(text, max(0, date.start - 24), date.start)), None
    )
    if decided is None and decision:
        here = [
            date
            for date in dates
            if decision.start <= date.start < decision.at
            and not _SINCE.match(text, date.end)
            and not _FOUNDED.match(text, date.end)
            and (
                not _PROCEEDINGS.search(text, date.end, min(decision.at, _clause_end(text, date.end)))
                or _PENALTY_PUBLISHED.search(text, date.end, _clause_end(text, date.end))
            )
        ]
        told = [date for date in here if date.told]
        decided = next(iter(told[::-1] or here[::-1]), None)
    others = [
        date for date in dates if date.told and date is not decided and not _FOUNDED.match(text, date.end)
    ]
    if decided:
        others = [date for date in others if date.date[: len(decided.date)] <= decided.date]
    acts = [date for date in others if not _PROCEEDINGS.search(text, date.end, _clause_end(text, date.end))]
    others = [date for date in others if not _PUBLISHED.search(text, date.end, _clause_end(text, date.end))]
    told_of_itself = [d for d in acts if not _FOUND_OUT.search(text, d.end, _clause_end(text, d.end))]
    done = max(told_of_itself or acts, key=lambda date: date.date, default=next(iter(others), None))
    return decided.date if decided else None, done.date if done else None


def _clause_end(text: str, start: int) -> int:
    found = _CLAUSE_ENDS.search(text, start + 1, start + 40)
    return found.start() if found else min(len(text), start + 40)
