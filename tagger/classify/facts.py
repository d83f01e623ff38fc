"""Features that no single word makes: who is punished and how, what is cited, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log2

from msgspec import Struct

from tagger.classify.articles import learnt_numbers
from tagger.classify.roles import Roles
from tagger.classify.zones import ERAS
from tagger.expressions import expression
from tagger.law.catalogue import load_catalogue
from tagger.law.citations import Citation
from tagger.law.sanctions import SanctionClause
from tagger.notice import Notice

_OF_A_BODY = frozenset(
    {"organisation", "business", "officer", "owner", "insider", "servant", "worker", "contractor", "former"}
)
"""Who acts for a body or by its trust; others who act together are a group of their own."""
_TASKS = expression(
    "有人[^。；;]{0,40}有人|一人[^。；;]{0,40}[，、]一人|负责(?![人任])[^。；;]{0,40}负责(?![人任])"
    "|谁[^。；;]{1,12}、谁|分别(?:承担|负责|担任)|分头"
)
"""Tasks that are shared out: 有人揽客、有人收款."""


class Input(Struct, frozen=True):
    """What is known of a notice before it is classified.

    `citations` and `clauses` are what law/ reads from the notice's text; `date` is the act's or the
    decision's date, else the publication's (YYYY, YYYY-MM or YYYY-MM-DD).
    """

    notice: Notice
    citations: Sequence[Citation] = ()
    clauses: Sequence[SanctionClause] = ()
    date: str | None = None

    def __len__(self) -> int:
        return len(self.notice.text)


def gate_of(roles: Roles) -> str:
    """The gate as the zones name it."""
    return {"organisation": "org", "nobody": "none"}.get(roles.gate, roles.gate)


@lru_cache(maxsize=1 << 10)
def eras(date: str | None) -> tuple[str, ...]:
    """The laws in force at a date that the casebook's time did not know."""
    return tuple(era for era, since in ERAS.items() if date and date + "-99-99" >= since)


def fact_features(one: Input, text: str, roles: Roles, *, gang: bool, business: bool) -> Mapping[str, float]:
    """The features of a notice's facts; `text` is folded.

    `gang`: a word says that those punished are a gang; `business`: its title says that a business acts.
    """
    gate = gate_of(roles)
    found = [f"gate|{gate}"]
    for clause in one.clauses:
        if not clause.negated:
            found.append(
                f"sanction|{clause.kind_of_punished}.{'step' if clause.step else clause.sanction.kind}"
            )
    for kind in {mention.kind for mention in roles.punished} - {"authority"}:
        found += (f"punished-as|{kind}", f"{gate}-punished|{kind}")
    if roles.named:
        start = one.notice.body_start
        first = next((m for m in roles.named if m.start >= start), roles.named[0])
        found.append(f"{gate}-first-named|{first.kind}")
        for kind in {mention.kind for mention in roles.named}:
            found += (f"named-as|{kind}", f"{gate}-named|{kind}")
    if roles.body_behind:
        found.append("punished-as|body-behind")
    if gang and (roles.body_behind or business):
        found.append(f"{gate}-doer|gang-of-business")
    found += [f"persons|{least}" for least in (2, 3, 5, 10) if roles.persons >= least]
    if gate == "person" and not roles.body_behind and _OF_A_BODY.isdisjoint(m.kind for m in roles.punished):
        found += [f"outsiders|{least}" for least in (3, 5) if roles.persons >= least]
    if gate == "person" and _TASKS.search(text):
        found.append("tasks|shared-out")
    for law, article in learnt_numbers(one.citations, one.date, load_catalogue(None)):
        found += (f"cited|{law} {article}", f"cited|{law}", f"{gate}-cited|{law} {article}")
    if "被告单位" in text or "单位犯罪" in text:
        found.append("punished-as|accused-body")
    found += [f"since|{era}" for era in eras(one.date)]
    features = dict.fromkeys(found, 1.0)
    if roles.means:
        features[f"{gate}-means|employment"] = min(2.0, log2(1.0 + len(roles.means)))
    return features
