"""Is this an enforcement notice of network security at all?

Two questions, two sums of weights, and both must be answered yes: does the text tell that somebody
was called to account (a recipe does not, a law explained does not), and does it concern networks,
systems, data or what is said online (a fine for a polluted river does not)? The weights are set by
hand: log-odds, so that no single weak mark decides, and the marks of one kind count once. Those of
words stand in tallies.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import exp

from msgspec import Struct

from tagger.classify.features import Reading
from tagger.expressions import expression
from tagger.law.charges import NamedCharge
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
_CHARGED = 1.5
_AUTHORITY = 0.8
_SOMEBODY_NAMED = 1.2
"""A person under an anonymous name (张某): of somebody, not of everybody."""
_SOMEBODY_ACTS = 0.8

_LAW_OF_THE_FIELD = expression(
    "网络|互联网|上网|数据|信息|密码|计算机|电信|国际联网|算法|深度合成|人工智能|人脸"
)
_ARTICLES_OF_THE_FIELD = {
    "刑法": frozenset({"253之一", "285", "286", "286之一", "287", "287之一", "287之二", "291之一"}),
    "治安管理处罚法": frozenset({"25", "29", "33", "42", "47", "56", "68", "80"}),
}
_FIELD_LAW, _OTHER_LAW = 3.0, -1.0
_ITEM = (
    "姓名|(?:联系)?电话(?:号码)?|手机号码?|联系方式|住址|(?:家庭)?地址|身份证(?:号码?)?|证件号码?|车牌号?"
    "|账号|密码|生日|出生日期|户籍|病历|工作单位"
)
_PERSONAL_DATA = expression(
    f"(?=[姓联电手住家地身证车账密生出户病工])(?:{_ITEM})(?:、|和|及|与|以及)(?:{_ITEM})"
)
"""Two kinds of personal data in a row: 姓名、电话."""
_PERSONAL_DATA_LISTED = 0.8
_FIELD_AUTHORITY = expression("网安|网警|网信|网络安全|互联网信息|通信管理|通管局|工信|密码管理|保密")
_FIELD_AUTHORITY_ACTS = 1.5


def genre(
    reading: Reading,
    clauses: Sequence[SanctionClause],
    citations: Iterable[Citation],
    charges: Sequence[NamedCharge],
    authority: str | None,
) -> Genre:
    """The genre of a notice from what is read in it; `authority` is who acted, as the text names it."""
    grounds = [citation for citation in citations if citation.ground]
    if all(clause.negated for clause in clauses):
        charges = ()  # explained, not brought
    said_of_enforcement, said_of_network = reading.said
    enforcement = _ENFORCEMENT_BIAS + _sanctioned(clauses) + said_of_enforcement
    network = _NETWORK_BIAS + said_of_network + _law(grounds, charges)
    if grounds:
        enforcement += _CITED_AS_GROUND
    if charges:
        enforcement += _CHARGED
    if reading.roles.named:
        enforcement += _SOMEBODY_NAMED
    if reading.somebody_acts:
        enforcement += _SOMEBODY_ACTS
    if authority:
        enforcement += _AUTHORITY
        if _of_the_field(authority):
            network += _FIELD_AUTHORITY_ACTS
    if network <= UNLIKELY and _PERSONAL_DATA.search(reading.text):
        network += _PERSONAL_DATA_LISTED
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


@lru_cache(maxsize=1 << 10)
def _of_the_field(authority: str) -> bool:
    return _FIELD_AUTHORITY.search(authority) is not None


@lru_cache(maxsize=1 << 10)
def _article_of_the_field(law: str, article: str) -> bool:
    return _LAW_OF_THE_FIELD.search(law) is not None or article in _ARTICLES_OF_THE_FIELD.get(law, ())


def _law(grounds: Sequence[Citation], charges: Sequence[NamedCharge]) -> float:
    if any(_article_of_the_field(one.name, one.article) for one in grounds):
        return _FIELD_LAW
    if any(one.charge.article in _ARTICLES_OF_THE_FIELD["刑法"] for one in charges):
        return _FIELD_LAW
    return _OTHER_LAW if any(one.law is None for one in grounds) else 0.0
