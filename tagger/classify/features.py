"""A notice becomes features: what its words mean, where they stand, and who is punished."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from tagger.card import Span
from tagger.classify.articles import learnt_numbers
from tagger.classify.automaton import Automaton, as_array, folded
from tagger.classify.lexicon import MASK, Lexicon
from tagger.classify.roles import Roles, actor_of, read_roles
from tagger.law.catalogue import load_catalogue
from tagger.law.citations import Citation
from tagger.law.sanctions import SanctionClause
from tagger.notice import Notice

ERAS = {"数据安全法": "2021-09-01", "个人信息保护法": "2021-11-01", "网络安全法2026": "2026-01-01"}
"""From when the laws are in force that the casebook's time did not know."""

GROUPS = {f"act.{a}": f"group.{g}" for g, acts in {
    "attack": "intrude malware ddos crack exploit-flaw plugin supply-tool ransomware scrape hijack phish tamper delete illegal-test",
    "trade": "sell-data buy-data exchange-data",
    "posting": "illegal-post rumour porn ai-fake",
}.items() for a in acts.split()}

_FULL_STRENGTH = 3.0
_NEGATION = re.compile(r"(?:未(?!经)|没有|不存在|并非|不是|无)[^，。；、,;\n]{0,3}$")
_SENTENCE_END = re.compile(r"[。！？!?\n]")


@dataclass(frozen=True, slots=True)
class Input:
    """What is known of a notice before it is classified.

    `citations` and `clauses` are what law/ reads from the notice's text; `date` is the act's or the
    decision's date, else the publication's (YYYY, YYYY-MM or YYYY-MM-DD).
    """

    notice: Notice
    citations: Sequence[Citation] = ()
    clauses: Sequence[SanctionClause] = ()
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    term: str
    start: int
    end: int
    meanings: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    features: Mapping[str, float]
    hits: tuple[Hit, ...]
    roles: Roles
    words: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Feature -> the terms that made it, with their strengths (features of facts have none)."""


_ORG_HEAD = re.compile(r"(?:有限|股份|责任|连锁|集团|科技|技术|服务|管理|运营|经营|信息|网络|软件|发展|实业|商贸|文化|咨询|品牌|类|行业|领域){0,4}(?:公司|企业|集团|平台|网站|app|小程序|厂商?|店|机构|单位|中心|系统|软件)")
_BUYER = re.compile(r"(?:给|向|(?<![名称成作因认])为(?!由|名|了)|替|帮|与|面向|针对|承建|承接)[^，。；,;\n的]{0,6}$")
_LIST_BEFORE = re.compile(r"、[^，。；、,;\n]{0,6}$")
_LIST_AFTER = re.compile(r"[^，。；、,;\n]{0,4}、")
_JUDGES = re.compile(r"[^，。；,;\n]{0,4}?(?:判|审|宣|认定|认为|指控|起诉|公诉|批|通报|披露|公布|查|对|将|依法|决定|以|召开|立案)")
_ATTACKED = re.compile(r"(?:入侵|攻击|侵入|破解|控制|窃取|盗取|获取|爬取|登录|潜入|进入|针对|瞄准)了?[^，。；,;\n]{0,6}$")
_SUFFERS = re.compile(r"[^，。；,;\n]{0,8}?(?:被|遭|受到|遭受|报案|报警|损失|发现)")

CAP = 1.6
PRESENCE = ("role.gang", "role.hacker", "outcome.group-busted")
ZONES = ("any","first","np","listed","buyer","victim","title","lead","punished","named","not","org","both","officer","person","none",
  *(f"{k}-does" for k in ("organisation","business","officer","owner","insider","worker","contractor","former","hacker","gang","person","passive","unsaid")))

class Reader:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        meanings = sorted({e.meaning for entries in lexicon.values() for e in entries} - {MASK} | set(GROUPS.values()))
        self.names = tuple(f"{zone}|{m}" for m in meanings for zone in ZONES)
        self.automaton = Automaton(lexicon)
        self.entries = [
            tuple((e.meaning, e.strength / _FULL_STRENGTH) for e in lexicon[t]) for t in self.automaton.terms
        ]
        self.masks = [any(e.meaning == MASK for e in lexicon[t]) for t in self.automaton.terms]
        self.families = [frozenset(m.split(".", 1)[0] for m, _ in e) for e in self.entries]

    def hits(self, text: str, quoted: Sequence[Span] = ()) -> list[Hit]:
        found = sorted(self.automaton.hits(text), key=lambda h: (h[1], -h[2]))
        kept: list[Hit] = []
        active: list[tuple[int, int]] = []  # (end, number) of hits that may contain the next
        for number, start, end in found:
            active = [(e, n) for e, n in active if e >= end]
            hidden = any(
                self.masks[n] or self.families[n] & self.families[number] for _, n in active
            )
            active.append((end, number))
            if hidden or any(low <= start < high for low, high in quoted):
                continue
            meanings = tuple((m, s) for m, s in self.entries[number] if m != MASK)
            if meanings:
                kept.append(Hit(self.automaton.terms[number], start, end, meanings))
        return kept

    def read(self, inputs: Sequence[Input]) -> list[Reading]:
        return [self._read(one) for one in inputs]

    def _read(self, one: Input) -> Reading:
        notice, clauses = one.notice, one.clauses
        text = folded(notice.text)
        hits = self.hits(text, notice.quoted)
        roles = read_roles(text, ((m, w, h.start, h.end) for h in hits for m, w in h.meanings), clauses)
        gate = {"organisation": "org", "nobody": "none"}.get(roles.gate, roles.gate)
        sums: dict[str, dict[str, float]] = defaultdict(dict)
        doers: dict[str, set[str]] = defaultdict(set)
        title_end = notice.body_start
        lead = _SENTENCE_END.search(text, title_end + 10)
        lead_end = lead.start() if lead else len(text)
        punished = [(m.start, m.end) for m in roles.punished]
        first = next((h.start for h in hits if h.start >= title_end and any(m.startswith(("industry.body.","industry.product.")) for m, _ in h.meanings) and not _BUYER.search(text[max(0, h.start - 8) : h.start])), -99)
        for hit in hits:
            negated = _NEGATION.search(text[max(0, hit.start - 6) : hit.start]) is not None
            actor = ""
            for meaning, strength in hit.meanings:
                family = meaning.split(".")[0]
                zones = ["any", gate]
                if hit.start < title_end:
                    zones.append("title")
                elif hit.start < lead_end:
                    zones.append("lead")
                if family in ("role", "industry") and any(a <= hit.start and hit.end <= b for a, b in punished):
                    zones.append("punished")
                if meaning.startswith(("role.", "industry.job.")) and any(0 <= m.start - hit.end <= 1 for m in roles.named):
                    zones.append("named")
                if meaning.startswith("act."):
                    actor = actor or actor_of(text, hit.start, roles)
                    zones.append(actor + "-does")
                    if not negated:
                        doers[f"{gate}-doer|{actor}"].add(hit.term)
                        if hit.start < title_end:
                            doers[f"{gate}-title-doer|{actor}"].add(hit.term)
                if family == "industry":
                    if 0 <= hit.start - first <= 12:
                        zones.append("first")
                    if _LIST_BEFORE.search(text[max(0, hit.start - 8) : hit.start]) or _LIST_AFTER.match(text, hit.end):
                        zones.append("listed")
                    if meaning.endswith("公检法") and meaning.startswith("industry.body") and _JUDGES.match(text, hit.end):
                        zones = ["not"]
                    elif _ORG_HEAD.match(text, hit.end):
                        zones.append("np")
                    if _BUYER.search(text[max(0, hit.start - 10) : hit.start]):
                        zones.append("buyer")
                    elif _ATTACKED.search(text[max(0, hit.start - 10) : hit.start]) or _SUFFERS.match(text, hit.end):
                        zones.append("victim")
                if meaning in ("role.gang", "role.hacker") and _BUYER.search(text[max(0, hit.start - 8) : hit.start]):
                    zones = ["any", "buyer"]
                if negated and family in ("act", "role", "harm", "outcome"):
                    zones = ["not"]
                group = GROUPS.get(meaning)
                if group and "not" not in zones:
                    for zone in ("any", gate):
                        bag = sums[f"{zone}|{group}"]
                        bag[hit.term] = max(bag.get(hit.term, 0.0), strength)
                for zone in zones:
                    bag = sums[f"{zone}|{meaning}"]
                    bag[hit.term] = max(bag.get(hit.term, 0.0), strength)
        features = {name: min(1.0 if name.endswith(PRESENCE) else CAP, log2(1.0 + sum(bag.values()))) for name, bag in sums.items()}
        features |= {name: min(CAP, log2(1.0 + len(terms))) for name, terms in doers.items()}
        features[f"gate|{gate}"] = 1.0
        for clause in clauses:
            if not clause.negated:
                kind = clause.kind_of_punished
                features[f"sanction|{kind}.{'step' if clause.step else clause.sanction.kind}"] = 1.0
        for mention in roles.punished:
            if mention.kind != "authority":
                features[f"punished-as|{mention.kind}"] = 1.0
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
        for least in (2, 3, 5, 10):
            if roles.persons >= least:
                features[f"persons|{least}"] = 1.0
        for law, article in learnt_numbers(one.citations, one.date, load_catalogue(None)):
            features[f"cited|{law} {article}"] = 1.0
            features[f"cited|{law}"] = 1.0
            features[f"{gate}-cited|{law} {article}"] = 1.0
        if "被告单位" in text or "单位犯罪" in text:
            features["punished-as|accused-body"] = 1.0
        for era, start in ERAS.items():
            if one.date and one.date + "-99-99" >= start:
                features[f"since|{era}"] = 1.0
        words = {**sums, **{name: dict.fromkeys(terms, 1.0) for name, terms in doers.items()}}
        return Reading(text, features, tuple(hits), roles, words)

