"""Who is who in a notice: who was punished, who did it, from inside or outside, and how many.

The subject of a case is not the commonest noun but whoever is sanctioned; what a person is to the
victim (an employee, a hacker, one of a gang) is read from the words beside the name, and carried to
where the name stands alone (护士关某 … 关某被刑拘).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Literal, NamedTuple

from msgspec import Struct

from tagger.card import Span
from tagger.expressions import expression
from tagger.law.numerals import read_numeral
from tagger.law.persons import NAME
from tagger.law.punished import MENTION
from tagger.law.sanctions import SanctionClause

Kind = Literal[
    "organisation", "business", "officer", "owner", "insider", "servant", "worker", "contractor", "former",
    "hacker", "gang", "person", "authority",
]  # fmt: skip
Gate = Literal["organisation", "both", "officer", "person", "nobody"]

_KIND_OF_MEANING: dict[str, Kind] = {
    "role.organisation": "organisation",
    "role.officer": "officer",
    "role.owner": "owner",
    "role.employee": "insider",
    "role.public-servant": "servant",
    "role.contractor": "contractor",
    "role.former-employee": "former",
    "role.hacker": "hacker",
    "role.gang": "gang",
    "role.suspect": "person",
    "role.student": "person",
    "role.authority": "authority",
}
_NAME = expression(NAME)
_GENERAL: dict[str, Kind] = {"organisation": "organisation", "officer": "officer", "person": "person"}
_BUSINESS = expression(
    r"公司|企业|平台|网站|app|论坛|网吧|网咖|工作室|店|商家|贴吧|公众号|服务商|开发商|供应商|集团|酒店|商"
)
_RESPONSIBLE = expression(
    r"负责|责任|主管人员|法定|法人|控制人|董事|总经理|高管|高级管理|首席|ceo|领导|安全官|安全员|管理员"
)
_BODIES = frozenset({"organisation", "business"})
_COPULA = expression(
    r"(?:[(（][^()（）]{0,12}[)）])?[，,]?(?:(?:系|原系|曾系|是|原是|曾是|为|任|曾任|担任|作为|身为|原为|曾为|原|曾)"
    r"|在(?=[^，。；,;\n]{0,16}(?:工作|任职|就职|上班|担任|供职|从事|值班)))"
)
_OWNS = expression(
    r"(?:[(（][^()（）]{0,12}[)）])?(?:名下的?|(?:经营|开设|开办|创办|成立|注册|控制)[着了的]?|开[着了的])[^，。；,;\n]{0,4}"
)
_NOUN_PHRASE = expression(
    r"[^，。；,;\n把将向对给被遭用以因不未]{0,5}|[^，。；,;\n把将向对给被遭用以因不未]{0,8}的[^，。；,;\n把将向对给被遭用以因不未]{0,8}"
)
_OF_A_BODY = expression(
    r"(?:公司|企业|医院|学校|大学|学院|银行|中心|局|院|所|厂|店|平台|集团|机构|单位|站|社)的[^，。；,;\n]{1,10}(?:[(（][^()（）]{0,14}[)）])?$"
)
_MEANS = expression(
    r"利用[^，。；,;\n]{0,16}(?:之便|便利|之机|之利|职权|权限)|[担任][^，。；,;\n]{0,16}期间|受(?:雇|聘)|(?:外聘|聘请|雇佣)的"
    r"|在[^，。；,;\n]{1,20}(?:工作|任职|上班|就职|供职|实习|值班)(?:期间|时|后)?"
)
"""Employment in two parts: 利用代录档案之便, 任户籍内勤期间, 在某中心工作."""
_PASSIVE = expression(r"(?:被|遭到?|遭受|受到|让|为)[^，。；,;\n]{0,10}$")
_OBJECT = expression(
    r"(?:向|对|给|为|将|把|从|替|帮|针对|利用|通过|借|凭|依托|登录|经|至|到|往|冒充|假冒|攻击|入侵|侵入)(?:[^，。；,;\n]{0,3})$"
)
_MODIFIER = "的"
_COUNT = expression(r"(\d{1,4}|[一二三四五六七八九十百两]{1,5})余?(?:名|人)")
_STOP = expression(r"[。！？；!?;\n]")

_CUSTODY = frozenset(
    {"administrative-detention", "criminal-detention", "arrest", "prosecution", "imprisonment", "ban"}
)
_ON_PERSONS = frozenset({"处分", "训诫", "抓获", "刑事强制措施", "追究刑事责任"})
_WEAK = frozenset({"interview", "other", "confiscation", "suspension", "shutdown"})
_ON_BODIES = frozenset({"fine", "warning", "order-to-correct", "suspension", "shutdown", "interview"})


class Mention(NamedTuple):
    """Somebody named in the text; `end` excluded."""

    kind: Kind
    start: int
    end: int


class Roles(Struct, frozen=True):
    """Who is who. `gate` sums up who was punished; `persons` is how many, as far as the text says."""

    gate: Gate
    punished: tuple[Mention, ...]
    named: tuple[Mention, ...]
    """The named persons, each of the kind that the words beside the name give."""
    mentions: tuple[Mention, ...]
    means: tuple[Span, ...]
    """Where the text says in two parts that somebody is employed."""
    persons: int
    body_behind: bool
    """An organisation is what the notice says was taken into custody: its people acted for it."""


def read_roles(
    text: str, hits: Iterable[tuple[str, float, int, int]], clauses: Sequence[SanctionClause]
) -> Roles:
    """The roles of a (folded) text; `hits` are (meaning, strength, start, end) of its lexicon words."""
    named, mentions = _with_names(text, _mentions(text, hits))
    imposed = [clause for clause in clauses if not clause.negated]
    punished, body_behind = _punished(text, imposed, mentions)
    return Roles(
        gate=_gate(imposed, named),
        punished=punished,
        named=named,
        mentions=mentions,
        means=tuple(m.span() for m in _MEANS.finditer(text)),
        persons=_persons(text, imposed, named),
        body_behind=body_behind,
    )


_OF_INSTITUTIONS = ("医疗卫生", "公检法", "金融", "政府及事业单位", "运营商", "教育培训", "能源", "水利")
"""Sectors whose jobs are held in an institution; a driver, a host or a programmer may work for anybody."""
_WEAK_WORD = 0.9
"""The strength below which a word for an employee (工程师, 客服) does not say of whom."""


@lru_cache(maxsize=4096)
def kind_of_meaning(meaning: str, strength: float) -> Kind | None:
    """Whom a word of this meaning names, if anybody."""
    if meaning.startswith("industry.body."):
        return "organisation" if meaning.endswith(_OF_INSTITUTIONS) else "business"
    if meaning.startswith("industry.job."):
        return "insider" if meaning.endswith(_OF_INSTITUTIONS) and strength > _WEAK_WORD else "worker"
    kind = _KIND_OF_MEANING.get(meaning)
    return "worker" if kind == "insider" and strength < _WEAK_WORD else kind


def _mentions(text: str, hits: Iterable[tuple[str, float, int, int]]) -> list[Mention]:
    found = [
        Mention(kind, start, end)
        for meaning, strength, start, end in hits
        if (kind := kind_of_meaning(meaning, strength)) is not None
    ]
    covered = bytearray(len(text))
    for start, end in [*((m.start, m.end) for m in found), *(m.span() for m in _NAME.finditer(text))]:
        covered[start:end] = b"\1" * (end - start)
    found += [
        Mention(_GENERAL[str(m.lastgroup)], m.start(), m.end())
        for m in MENTION.finditer(text)
        if not covered[m.start()] or not covered[m.end() - 1]
    ]
    found = [_by_words(text, m) for m in found]
    ends = {m.end for m in found if m.kind in _BODIES}
    # 某保险公司业务员, 注塑机企业的工程师: the word beside says of whom.
    placed = [
        Mention("insider", m.start, m.end)
        if m.kind == "worker" and any(m.start - gap in ends for gap in range(4))
        else m
        for m in found
    ]
    return sorted(dict.fromkeys(placed), key=lambda m: (m.start, -m.end))


def _by_words(text: str, mention: Mention) -> Mention:
    """The same mention, of the kind that its own words give."""
    words = text[mention.start : mention.end]
    if mention.kind == "organisation" and _BUSINESS.search(words):
        return Mention("business", mention.start, mention.end)
    if mention.kind == "officer" and not _RESPONSIBLE.search(words):
        return Mention("worker", mention.start, mention.end)
    return mention


def _with_names(text: str, mentions: list[Mention]) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    kind_of_name: dict[str, Kind] = {}
    places = [(m.start(), m.end(), m.group()) for m in _NAME.finditer(text)]
    for start, end, name in places:
        kind = _described(text, start, end, _between(mentions, start - _FAR, end + _FAR))
        if kind is not None:
            kind_of_name.setdefault(name, kind)
    named = tuple(Mention(kind_of_name.get(name, "person"), start, end) for start, end, name in places)
    return named, tuple(sorted([*mentions, *named], key=lambda m: (m.start, -m.end)))


_FAR = 80
"""Longer than any word for somebody, and than what may stand between it and a name."""


def _between(mentions: Sequence[Mention], low: int, high: int) -> Sequence[Mention]:
    """Of mentions in the order of their starts those that begin in low..high."""
    first = bisect_left(mentions, low, key=_start)
    return mentions[first : bisect_left(mentions, high, first, key=_start)]


_start = attrgetter("start")


def _described(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Kind | None:
    """What the words beside a name say the person is."""
    for mention in mentions:
        if (
            mention.kind not in ("organisation", "business", "authority", "person")
            and 0 <= start - mention.end <= 1
        ):
            return "insider" if mention.kind == "servant" else mention.kind
    if _OF_A_BODY.search(text, max(0, start - 24), start) and any(
        m.kind in _BODIES and start - 24 <= m.start < start for m in mentions
    ):
        return "insider"
    owned = _OWNS.match(text, end)
    if owned and any(m.kind in _BODIES and owned.end() <= m.start <= owned.end() + 14 for m in mentions):
        return "owner"
    copula = _COPULA.match(text, end)
    if copula:
        stop = _clause_end(text, copula.end())
        for mention in mentions:
            if copula.end() - 1 <= mention.start < stop and mention.kind in (
                "insider", "worker", "contractor", "former", "officer", "owner", "hacker", "gang",
            ):  # fmt: skip
                return mention.kind
    return None


def _clause_end(text: str, at: int) -> int:
    for index in range(at, min(len(text), at + 30)):
        if text[index] in "，。；,;\n":
            return index
    return min(len(text), at + 30)


def _personal(clause: SanctionClause) -> bool:
    return clause.sanction.kind in _CUSTODY or clause.measure in _ON_PERSONS


def _punished(
    text: str, clauses: Sequence[SanctionClause], mentions: Sequence[Mention]
) -> tuple[tuple[Mention, ...], bool]:
    found: list[Mention] = []
    body_behind = False
    for clause in clauses:
        if clause.punished_span is None:
            continue
        low, high = clause.punished_span
        found += [m for m in _between(mentions, low, high) if m.end <= high]
        if _personal(clause) and _head(text, low, high, mentions) in _BODIES:
            body_behind = True
    return tuple(dict.fromkeys(found)), body_behind


def _head(text: str, low: int, high: int, mentions: Sequence[Mention]) -> Kind | None:
    """What the noun phrase that begins at `low` names: its last word decides (某银行|网点的经理)."""
    head = None
    for mention in islice(mentions, bisect_left(mentions, low, key=_start), None):
        if head is None:
            if mention.start >= high:
                return None
            head = mention
        elif mention.start >= head.end:
            if not _NOUN_PHRASE.fullmatch(text, head.end, mention.start):
                break
            if mention.kind in _BODIES and head.kind not in _BODIES:
                break  # 民警|借某平台: behind a person no body belongs to the phrase
            if mention.kind not in _BODIES or mention.start < high:
                head = mention
    return head.kind if head else None


def _gate(clauses: Sequence[SanctionClause], named: Sequence[Mention]) -> Gate:
    body = person = officer = 0.0
    for clause in clauses:
        kind = clause.kind_of_punished
        weight = 0.5 if clause.vague or clause.sanction.kind in _WEAK else 1.0
        if _personal(clause):
            if kind == "officer":
                officer = 1.0
            else:
                person = max(person, 0.8 if clause.step else 1.0)
        elif kind == "organisation":
            body = max(body, weight)
        elif kind == "officer":
            officer = 1.0
        elif kind == "person":
            person = max(person, weight)
        elif clause.sanction.kind in _ON_BODIES or clause.vague:
            body = max(body, weight - 0.2)
    if body and person:
        return "both" if body > 0.5 or person <= 0.5 else "person"
    if body:
        return "organisation"
    if person:
        return "person"
    if officer:
        return "officer"
    # A case still under way names whom it is about.
    return "person" if any(m.kind not in ("officer", "owner") for m in named) else "nobody"


def _persons(text: str, clauses: Sequence[SanctionClause], named: Sequence[Mention]) -> int:
    """How many were punished: the largest number beside a personal sanction, or the names in its sentence."""
    most = 0
    for clause in clauses:
        if not _personal(clause) and clause.kind_of_punished != "person":
            continue
        at = clause.sanction.spans[0][0]
        start = max((m.end() for m in _STOP.finditer(text, max(0, at - 120), at)), default=max(0, at - 120))
        stop = _STOP.search(text, at)
        end = min(stop.start() if stop else len(text), at + 60)
        for count in _COUNT.finditer(text, start, end):
            most = max(most, read_numeral(count[1]) or 0)
        most = max(most, len({text[m.start : m.end] for m in _between(named, start, end)}), 1)
    return most


def actor_of(text: str, start: int, roles: Roles) -> Kind | Literal["passive", "unsaid"]:
    """Who does what is named at `start`: the nearest mention before it that is no object, in its sentence.

    `passive` where it is done to somebody (被黑客入侵), by whomever.
    """
    sentence = max(
        (m.end() for m in _STOP.finditer(text, max(0, start - 200), start)), default=max(0, start - 200)
    )
    if _PASSIVE.search(text[max(sentence, start - 14) : start]):
        return "passive"
    for index in range(bisect_right(roles.mentions, start, key=_start) - 1, -1, -1):
        mention = roles.mentions[index]
        if mention.end > start or mention.start < sentence:
            if mention.end <= sentence:
                break
            continue
        if mention.kind == "authority":
            continue
        if text[mention.end : mention.end + 1] == _MODIFIER:
            continue
        if _OBJECT.search(text[max(sentence, mention.start - 6) : mention.start]):
            continue
        return mention.kind
    return "unsaid"
