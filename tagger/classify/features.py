"""A notice becomes features: what its words mean, where they stand, and who is punished."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from math import log2
from typing import NamedTuple

from msgspec import Struct, field

from tagger.card import Span
from tagger.classify.articles import learnt_numbers
from tagger.classify.automaton import Automaton, folded
from tagger.classify.lexicon import MASK, Lexicon
from tagger.classify.roles import Roles, actor_of, read_roles
from tagger.law.catalogue import load_catalogue
from tagger.law.citations import Citation
from tagger.law.sanctions import SanctionClause
from tagger.notice import Notice

ERAS = {"数据安全法": "2021-09-01", "个人信息保护法": "2021-11-01", "网络安全法2026": "2026-01-01"}
"""From when the laws are in force that the casebook's time did not know."""

GROUPS = {
    f"act.{a}": f"group.{g}"
    for g, acts in {
        "attack": "intrude malware ddos crack exploit-flaw plugin supply-tool ransomware "
        "scrape hijack phish tamper delete illegal-test",
        "trade": "sell-data buy-data exchange-data",
        "posting": "illegal-post rumour porn ai-fake",
    }.items()
    for a in acts.split()
}

_OF_AN_ERA = ("any|duty.", "any|act.leak")
"""What is another law's matter once that law is in force."""

_FULL_STRENGTH = 3.0
_NEGATION = re.compile(r"(?:未(?!经)|没有|不存在|并非|不是|无)[^，。；、,;\n]{0,3}$")
_SENTENCE_END = re.compile(r"[。！？!?\n]")


class Input(Struct, frozen=True):
    """What is known of a notice before it is classified.

    `citations` and `clauses` are what law/ reads from the notice's text; `date` is the act's or the
    decision's date, else the publication's (YYYY, YYYY-MM or YYYY-MM-DD).
    """

    notice: Notice
    citations: Sequence[Citation] = ()
    clauses: Sequence[SanctionClause] = ()
    date: str | None = None


class Hit(NamedTuple):
    """A word of the lexicon at text[start:end], with its meanings and their strengths (1 is full)."""

    term: str
    start: int
    end: int
    meanings: tuple[tuple[str, float], ...]


class Reading(Struct, frozen=True):
    text: str
    features: Mapping[str, float]
    hits: tuple[Hit, ...]
    roles: Roles
    words: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Feature -> the terms that made it, with their strengths (features of facts have none)."""


_ORG_HEAD = re.compile(
    r"(?:有限|股份|责任|连锁|集团|科技|技术|服务|管理|运营|经营|信息|网络|软件|发展|实业|商贸|文化|咨询|品牌|类|行业|领域){0,4}(?:公司|企业|集团|平台|网站|app|小程序|厂商?|店|机构|单位|中心|系统|软件)"
)
_BUYER = re.compile(
    r"(?:给|向|(?<![名称成作因认])为(?!由|名|了)|替|帮|与|面向|针对|承建|承接)[^，。；,;\n的]{0,6}$"
)
_LIST_BEFORE = re.compile(r"、[^，。；、,;\n]{0,6}$")
_ANOTHERS = re.compile(r"[^，。；,;\n]{0,16}的[^，。；,;\n的]{0,8}(?:公司|企业|工作室)")
_SUFFERED = re.compile("[被遭]")
_LIST_AFTER = re.compile(r"[^，。；、,;\n]{0,4}、")
_JUDGES = re.compile(
    r"[^，。；,;\n]{0,4}?(?:判|审|宣|认定|认为|指控|起诉|公诉|批|通报|披露|公布|查|对|将|依法|决定|以|召开|立案)"
)
_ATTACKED = re.compile(
    r"(?:入侵|攻击|侵入|破解|控制|窃取|盗取|获取|爬取|登录|潜入|进入|针对|瞄准)了?[^，。；,;\n]{0,6}$"
)
_SUFFERS = re.compile(r"[^，。；,;\n]{0,8}?(?:被|遭|受到|遭受|报案|报警|损失|发现)")

CAP = 1.6
PRESENCE = ("role.gang", "role.hacker", "outcome.group-busted")
ZONES = (
    "any",
    "first",
    "np",
    "listed",
    "modifier",
    "buyer",
    "victim",
    "title",
    "lead",
    "punished",
    "named",
    "not",
    "org",
    "both",
    "officer",
    "person",
    "none",
    *(
        f"{k}-does"
        for k in (
            "organisation",
            "business",
            "officer",
            "owner",
            "insider",
            "servant",
            "worker",
            "contractor",
            "former",
            "hacker",
            "gang",
            "person",
            "passive",
            "unsaid",
        )
    ),
)


class FeatureNames(dict[str, str]):
    """Zone -> the feature of a meaning there; made when first met."""

    def __init__(self, meaning: str) -> None:
        self.meaning = meaning

    def __missing__(self, zone: str) -> str:
        self[zone] = name = f"{zone}|{self.meaning}"
        return name


class Sense:
    """One meaning of a term, with what is asked about it where it stands."""

    __slots__ = (
        "act",
        "court",
        "deniable",
        "group",
        "hired",
        "industry",
        "meaning",
        "names",
        "of_person",
        "of_somebody",
        "strength",
    )  # fmt: skip

    def __init__(self, meaning: str, strength: float, names: dict[str, FeatureNames]) -> None:
        family = meaning.split(".", 1)[0]
        self.meaning, self.strength = meaning, strength
        self.names = names.setdefault(meaning, FeatureNames(meaning))
        self.industry = family == "industry"
        self.act = meaning.startswith("act.")
        self.of_somebody = family in ("role", "industry")
        self.of_person = meaning.startswith(("role.", "industry.job."))
        self.court = meaning.startswith("industry.body") and meaning.endswith("公检法")
        self.hired = meaning in ("role.gang", "role.hacker")
        self.deniable = family in ("act", "role", "harm", "outcome")
        self.group = GROUPS.get(meaning)


class Cover:
    """Spans, asked which of them holds another."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def holds(self, start: int, end: int) -> bool:
        """Whether one of the spans holds start..end."""
        before = bisect_right(self._starts, start)
        return before > 0 and self._reach[before - 1] >= end


def _value(feature: str, bag: Mapping[str, float]) -> float:
    value = log2(1.0 + sum(bag.values()))
    return min(1.0 if feature.endswith(PRESENCE) else CAP, value) if value > 1.0 else value


def _put(sums: dict[str, dict[str, float]], feature: str, term: str, strength: float) -> None:
    bag = sums.get(feature)
    if bag is None:
        sums[feature] = {term: strength}
    elif bag.get(term, 0.0) < strength:
        bag[term] = strength


def _beside(text: str, start: int, end: int, first: int) -> tuple[list[str], list[str], list[str]]:
    """What stands beside a word of an industry: where in a list, before what head, by whom it is met."""
    before = text[max(0, start - 10) : start]
    if _LIST_BEFORE.search(before[-8:]) or _LIST_AFTER.match(text, end):
        listed = ["listed"]
    else:
        listed = ["first"] if 0 <= start - first <= 12 else []
    if _ANOTHERS.match(text, end):
        listed.append("modifier")
    head = ["np"] if _ORG_HEAD.match(text, end) else []
    if _BUYER.search(before):
        return listed, head, ["buyer"]
    if _ATTACKED.search(before) or _SUFFERS.match(text, end):
        return listed, head, ["victim"]
    return listed, head, []


class Reader:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.automaton = Automaton(lexicon)
        names: dict[str, FeatureNames] = {}
        bit: dict[str, int] = defaultdict(lambda: 1 << len(bit))
        # Terms share their lists of meanings, and so what is made of these.
        made: dict[int, tuple[tuple[Sense, ...], tuple[tuple[str, float], ...], int, int]] = {}
        for entries in {id(entries): entries for entries in lexicon.values()}.values():
            senses = tuple(
                Sense(e.meaning, e.strength / _FULL_STRENGTH, names) for e in entries if e.meaning != MASK
            )
            meanings = tuple((sense.meaning, sense.strength) for sense in senses)
            families = sum({bit[e.meaning.split(".", 1)[0]] for e in entries})
            made[id(entries)] = senses, meanings, families, -1 if len(senses) < len(entries) else families
        rows = [made[id(entries)] for entries in lexicon.values()]
        self.meanings = [meanings for _, meanings, _, _ in rows]
        self.families = [families for _, _, families, _ in rows]
        self.hides = [hides for _, _, _, hides in rows]
        self.senses_of = {term: row[0] for term, row in zip(lexicon, rows, strict=True)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every feature that a word of the lexicon can make."""
        meanings = {e.meaning for entries in self.lexicon.values() for e in entries} - {MASK} | set(
            GROUPS.values()
        )
        return tuple(f"{zone}|{m}" for m in sorted(meanings) for zone in ZONES)

    def hits(self, text: str, quoted: Sequence[Span] = ()) -> list[Hit]:
        """The words of the lexicon, but those inside a longer one of their family or inside a mask."""
        terms, families, hides = self.automaton.terms, self.families, self.hides
        kept: list[Hit] = []
        active: list[tuple[int, int]] = []  # (end, families hidden) of hits that may contain the next
        outer_first = sorted([(start, -end, number) for number, start, end in self.automaton.hits(text)])
        for start, minus_end, number in outer_first:
            end, hidden = -minus_end, False
            if active:
                active = [one for one in active if one[0] >= end]
                for _, hides_them in active:
                    if hides_them & families[number]:
                        hidden = True
                        break
            active.append((end, hides[number]))
            if (
                hidden
                or not self.meanings[number]
                or (quoted and any(low <= start < high for low, high in quoted))
            ):
                continue
            kept.append(Hit(terms[number], start, end, self.meanings[number]))
        return kept

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        return [self._read(one) for one in inputs]

    def _read(self, one: Input) -> Reading:
        notice, clauses = one.notice, one.clauses
        text = folded(notice.text)
        hits = self.hits(text, notice.quoted)
        roles = read_roles(text, [(m, w, h.start, h.end) for h in hits for m, w in h.meanings], clauses)
        gate = {"organisation": "org", "nobody": "none"}.get(roles.gate, roles.gate)
        sums: dict[str, dict[str, float]] = {}
        doers: dict[str, set[str]] = defaultdict(set)
        title_end = notice.body_start
        lead = _SENTENCE_END.search(text, title_end + 10)
        lead_end = lead.start() if lead else len(text)
        punished = Cover([(m.start, m.end) for m in roles.punished])
        named = {m.start for m in roles.named}
        first = next(
            (
                h.start
                for h in hits
                if h.start >= title_end
                and any(m.startswith(("industry.body.", "industry.product.")) for m, _ in h.meanings)
                and not _BUYER.search(text[max(0, h.start - 8) : h.start])
            ),
            -99,
        )
        for hit in hits:
            term, start, end, _ = hit
            negated = _NEGATION.search(text[max(0, start - 6) : start]) is not None
            place = ("title",) if start < title_end else ("lead",) if start < lead_end else ()
            actor = ""
            beside: tuple[list[str], list[str], list[str]] | None = None
            for sense in self.senses_of[term]:
                zones: Sequence[str]
                if negated and sense.deniable:
                    zones = ("not",)
                elif sense.hired and _BUYER.search(text[max(0, start - 8) : start]):
                    zones = ("any", "buyer")
                else:
                    zones = ["any", gate, *place]
                    if sense.of_somebody and punished.holds(start, end):
                        zones.append("punished")
                    if sense.of_person and (end in named or end + 1 in named):
                        zones.append("named")
                    if sense.act:
                        actor = actor or (
                            "passive" if _SUFFERED.search(text, start, end) else actor_of(text, start, roles)
                        )
                        zones.append(actor + "-does")
                        if not negated:
                            doers[f"{gate}-doer|{actor}"].add(term)
                            if start < title_end:
                                doers[f"{gate}-title-doer|{actor}"].add(term)
                    if sense.industry:
                        if beside is None:
                            beside = _beside(text, start, end, first)
                        listed, head, met = beside
                        if sense.court and _JUDGES.match(text, end):
                            zones = ["not", *met]
                        else:
                            zones += listed + head + met
                    if sense.group:
                        for zone in ("any", gate):
                            _put(sums, f"{zone}|{sense.group}", term, sense.strength)
                names, strength = sense.names, sense.strength
                for zone in zones:
                    name = names[zone]
                    if name in sums:
                        _put(sums, name, term, strength)
                    else:
                        sums[name] = {term: strength}
        features = {name: _value(name, bag) for name, bag in sums.items()}
        features |= {name: min(CAP, log2(1.0 + len(terms))) for name, terms in doers.items()}
        features[f"gate|{gate}"] = 1.0
        for clause in clauses:
            if not clause.negated:
                kind = clause.kind_of_punished
                features[f"sanction|{kind}.{'step' if clause.step else clause.sanction.kind}"] = 1.0
        for mention in roles.punished:
            if mention.kind != "authority":
                features[f"punished-as|{mention.kind}"] = 1.0
                features[f"{gate}-punished|{mention.kind}"] = 1.0
        if roles.means:
            features[f"{gate}-means|employment"] = min(2.0, log2(1.0 + len(roles.means)))
        if roles.named:
            first_named = next((m for m in roles.named if m.start >= title_end), roles.named[0])
            features[f"{gate}-first-named|{first_named.kind}"] = 1.0
        for mention in roles.named:
            features[f"named-as|{mention.kind}"] = 1.0
            features[f"{gate}-named|{mention.kind}"] = 1.0
        if roles.body_behind:
            features["punished-as|body-behind"] = 1.0
        if f"{gate}|role.gang" in features and (
            roles.body_behind or f"{gate}-title-doer|business" in features
        ):
            features[f"{gate}-doer|gang-of-business"] = 1.0
        for least in (2, 3, 5, 10):
            if roles.persons >= least:
                features[f"persons|{least}"] = 1.0
        for law, article in learnt_numbers(one.citations, one.date, load_catalogue(None)):
            features[f"cited|{law} {article}"] = 1.0
            features[f"cited|{law}"] = 1.0
            features[f"{gate}-cited|{law} {article}"] = 1.0
        if "被告单位" in text or "单位犯罪" in text:
            features["punished-as|accused-body"] = 1.0
        for era, since in ERAS.items():
            if one.date and one.date + "-99-99" >= since:
                features[f"since|{era}"] = 1.0
                for name in [n for n in features if n.startswith(_OF_AN_ERA)]:
                    features[f"since-{era}|{name.partition('|')[2]}"] = features[name]
        words = {**sums, **{name: dict.fromkeys(terms, 1.0) for name, terms in doers.items()}}
        return Reading(text, features, tuple(hits), roles, words)
