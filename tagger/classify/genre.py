"""Is this an enforcement notice of network security at all?

Two questions, two sums of weights, and both must be answered yes: does the text tell that somebody
was called to account (a recipe does not, a law explained does not), and does it concern networks,
systems, data or what is said online (a fine for a polluted river does not)? The weights are set by
hand: log-odds, so that no single weak mark decides, and the marks of one kind count once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import exp

from msgspec import Struct

from tagger.classify.features import Reading
from tagger.expressions import expression
from tagger.law.citations import Citation
from tagger.law.sanctions import SanctionClause


class Genre(Struct, frozen=True):
    """How surely the text tells of an enforcement, and of network security: two log-odds."""

    enforcement: float
    network: float

    @property
    def notice(self) -> bool:
        """Whether neither is unlikely."""
        return self.enforcement > UNLIKELY and self.network > UNLIKELY

    @property
    def probability(self) -> float:
        """That it is a notice: both questions taken as independent."""
        return 1.0 / ((1.0 + exp(-self.enforcement)) * (1.0 + exp(-self.network)))


UNLIKELY = -0.5
"""The log-odds below which a text is refused (0.38): to refuse a notice costs more than to ask about a text
that is none."""

# Without any mark: hardly. Yet what is given to a tagger of notices is one more often than not.
_ENFORCEMENT_BIAS = -2.4
_NETWORK_BIAS = -1.3

# What the sanction grammar found: the best clause counts.
_IMPOSED, _VAGUE, _STEP, _ONLY_TALKED_OF = 4.0, 3.0, 2.5, -1.0
_CITED_AS_GROUND = 1.5
_AUTHORITY = 0.8
_SOMEBODY_NAMED = 0.7
"""A person under an anonymous name (张某): of somebody, not of everybody."""
_SOMEBODY_ACTS = 0.8
_NOBODY = ("passive-does", "unsaid-does")

# What words say: weight of one full-strength word, and the most that the kind adds.
_ENFORCEMENT_WORDS: Mapping[str, tuple[float, float]] = {
    "notice.enforcement": (1.0, 1.5),
    "outcome": (1.5, 1.5),
    "role.suspect": (0.8, 0.8),
    "role.gang": (0.8, 0.8),
    "role.hacker": (0.5, 0.5),
    "notice.not": (-1.2, -4.0),
}
_NETWORK_WORDS: Mapping[str, tuple[float, float]] = {
    "notice.network": (1.5, 3.0),
    "act": (1.5, 2.5),
    "duty": (1.5, 2.5),
    "industry.data": (1.0, 1.0),
    "notice.not": (-0.5, -1.5),
}
_ALSO_ELSEWHERE = frozenset(
    {
        "act.fraud", "act.gambling", "act.porn", "act.recruit", "act.help-crime", "act.org-crime",
        "duty.failed", "duty.no-system", "duty.refuse-rectify",
    }
)  # fmt: skip
"""Acts that are done offline as well, and failures that every authority finds."""
_ELSEWHERE = 0.5

_LAW_OF_THE_FIELD = expression(
    "网络|互联网|上网|数据|信息|密码|计算机|电信|国际联网|算法|深度合成|人工智能|人脸"
)
_ARTICLES_OF_THE_FIELD = {
    "刑法": frozenset({"253之一", "285", "286", "286之一", "287", "287之一", "287之二", "291之一"}),
    "治安管理处罚法": frozenset({"25", "29", "33", "42", "47", "56", "68", "80"}),
}
_FIELD_LAW, _OTHER_LAW = 3.0, -1.0
_FIELD_AUTHORITY = expression("网安|网警|网信|网络安全|互联网信息|通信管理")
_FIELD_AUTHORITY_ACTS = 1.5


def genre(
    reading: Reading,
    clauses: Sequence[SanctionClause],
    citations: Iterable[Citation],
    authority: str | None,
) -> Genre:
    """The genre of a notice from what is read in it; `authority` is who acted, as the text names it."""
    grounds = [citation for citation in citations if citation.ground]
    words = _strengths(reading)
    enforcement = _ENFORCEMENT_BIAS + _sanctioned(clauses) + _said(words, _ENFORCEMENT_WORDS)
    network = _NETWORK_BIAS + _said(words, _NETWORK_WORDS) + _law(grounds)
    if grounds:
        enforcement += _CITED_AS_GROUND
    if reading.roles.named:
        enforcement += _SOMEBODY_NAMED
    if any("-does|act." in name and not name.startswith(_NOBODY) for name in reading.features):
        enforcement += _SOMEBODY_ACTS
    if authority:
        enforcement += _AUTHORITY
        if _FIELD_AUTHORITY.search(authority):
            network += _FIELD_AUTHORITY_ACTS
    return Genre(enforcement, network)


def _sanctioned(clauses: Sequence[SanctionClause]) -> float:
    imposed = [clause for clause in clauses if not clause.negated]
    if any(not (clause.step or clause.vague) for clause in imposed):
        return _IMPOSED
    if any(clause.vague for clause in imposed):
        return _VAGUE
    if imposed:
        return _STEP
    return _ONLY_TALKED_OF if clauses else 0.0


def _strengths(reading: Reading) -> dict[str, float]:
    """Kind of word -> the strengths of its words (1 is full) together, each word once."""
    found: dict[str, float] = defaultdict(float)
    words = {(hit.term, meaning): strength for hit in reading.hits for meaning, strength in hit.meanings}
    for (_, meaning), strength in words.items():
        for kind in _kinds(meaning):
            found[kind] += _ELSEWHERE * strength if meaning in _ALSO_ELSEWHERE else strength
    return found


@lru_cache(maxsize=4096)
def _kinds(meaning: str) -> tuple[str, ...]:
    """The kinds of word with a weight that a meaning belongs to: `act` and `act.intrude` to `act`."""
    weighed = dict.fromkeys((*_ENFORCEMENT_WORDS, *_NETWORK_WORDS))
    return tuple(kind for kind in weighed if meaning == kind or meaning.startswith(kind + "."))


def _said(strengths: Mapping[str, float], weights: Mapping[str, tuple[float, float]]) -> float:
    total = 0.0
    for kind, (weight, most) in weights.items():
        said = weight * strengths.get(kind, 0.0)
        total += max(said, most) if weight < 0 else min(said, most)
    return total


def _law(grounds: Sequence[Citation]) -> float:
    if any(
        _LAW_OF_THE_FIELD.search(one.name) or one.article in _ARTICLES_OF_THE_FIELD.get(one.name, ())
        for one in grounds
    ):
        return _FIELD_LAW
    return _OTHER_LAW if any(one.law is None for one in grounds) else 0.0
