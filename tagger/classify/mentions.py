"""Who is named in the texts of a sheet: words of the lexicon, of the grammar of sanctions, and names.

What a person is to the victim (an employee, a hacker, one of a gang) is read from the words beside the
name, and carried to where the name stands alone (护士关某 … 关某被刑拘).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from tagger.classify.cues import Cues
from tagger.classify.found import Found
from tagger.classify.openings import SheetFinder
from tagger.classify.sheet import Marks, Numbers, Sheet, covered
from tagger.classify.zones import DOERS
from tagger.expressions import expression
from tagger.law.persons import NAME
from tagger.law.punished import MENTION

Kind = Literal[
    "organisation", "business", "officer", "owner", "insider", "servant", "worker", "contractor", "former",
    "hacker", "gang", "person", "authority",
]  # fmt: skip
KINDS: tuple[str, ...] = (*DOERS, "authority")
"""The kinds by number: that of the doer, and authorities, who do nothing that is punished."""
NUMBER = {kind: number for number, kind in enumerate(KINDS)}
BODIES = frozenset({NUMBER["organisation"], NUMBER["business"]})
_BODY, _OFFICER, _WORKER, _INSIDER, _PERSON, _SERVANT, _OWNER, _AUTHORITY, _PASSIVE, _UNSAID = (
    NUMBER[kind]
    for kind in (
        "organisation", "officer", "worker", "insider", "person", "servant", "owner", "authority", "passive",
        "unsaid",
    )
)  # fmt: skip
assert set(get_args(Kind)) == set(KINDS) - {"passive", "unsaid"}

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
    "form.company": "business",
    "form.works": "business",
    "form.shop": "business",
}
_OF_INSTITUTIONS = ("医疗卫生", "公检法", "金融", "政府及事业单位", "运营商", "教育培训", "能源", "水利")
"""Sectors whose jobs are held in an institution; a driver, a host or a programmer may work for anybody."""
_WEAK_WORD = 0.9
"""The strength below which a word for an employee (工程师, 客服) does not say of whom."""

_NAME = expression(NAME)
_GENERAL = SheetFinder(MENTION)
_BUSINESS = expression(
    r"公司|企业|平台|网站|app|论坛|网吧|网咖|工作室|店|商家|贴吧|公众号|服务商|开发商|供应商|集团|酒店|商"
)
_RESPONSIBLE = expression(
    r"负责|责任|主管人员|法定|法人|控制人|董事|总经理|高管|高级管理|首席|ceo|领导|安全官|安全员|管理员"
)
_COPULA = expression(
    r"(?:[(（][^()（）]{0,12}[)）])?[，,]?(?:(?:系|原系|曾系|是|原是|曾是|为|任|曾任|担任|作为|身为|原为|曾为|原|曾)"
    r"|在(?=[^，。；,;\n]{0,16}(?:工作|任职|就职|上班|担任|供职|从事|值班)))"
)
_OWNS = expression(
    r"(?:[(（][^()（）]{0,12}[)）])?(?:名下的?|(?:经营|开设|开办|创办|成立|注册|控制)[着了的]?|开[着了的])"
    r"|[^。；;\n]{0,48}?其(?:本人|个人|自己)?所?(?:名下|经营|开设|开办|创办|注册|运营)的"
)
"""王某开办的, and farther on 将其经营的."""
_OF_A_BODY = expression(
    r"(?:公司|企业|医院|学校|大学|学院|银行|中心|局|院|所|厂|店|平台|集团|机构|单位|站|社)的[^，。；：:,;\n]{1,10}(?:[(（][^()（）]{0,14}[)）])?$"
)


def kind_of_meaning(meaning: str, strength: float) -> int | None:
    """Whom a word of this meaning names, if anybody."""
    if meaning.startswith("industry.body."):
        return NUMBER["organisation" if meaning.endswith(_OF_INSTITUTIONS) else "business"]
    if meaning.startswith("industry.job."):
        sure = meaning.endswith(_OF_INSTITUTIONS) and strength > _WEAK_WORD
        return _INSIDER if sure else _WORKER
    kind = _KIND_OF_MEANING.get(meaning)
    if kind is None:
        return None
    return _WORKER if kind == "insider" and strength < _WEAK_WORD else NUMBER[kind]


def _whom(pairs: Sequence[tuple[str, float]]) -> Iterator[int]:
    """Whom a word of these meanings names. A student tells of a school, and is nobody whom it employs."""
    student = any(meaning == "role.student" for meaning, _ in pairs)
    for meaning, strength in pairs:
        kind = kind_of_meaning(meaning, strength)
        if kind is not None and not (student and kind in (_WORKER, _INSIDER)):
            yield kind


@lru_cache(maxsize=1 << 15)
def kind_in_words(kind: int, words: str) -> int:
    """The kind of a mention that its own words give."""
    if kind == _BODY and _BUSINESS.search(words):
        return NUMBER["business"]
    if kind == _OFFICER and not _RESPONSIBLE.search(words):
        return _WORKER
    return kind


class Mention(NamedTuple):
    """Somebody named in a text; `end` excluded."""

    kind: str
    start: int
    end: int


class Named(NamedTuple):
    """Mentions as arrays: kinds[k] stands at starts[k]..ends[k] of the sheet."""

    kinds: NDArray[np.int32]
    starts: Numbers
    ends: Numbers

    def ordered(self) -> Named:
        """By their starts, the longest first."""
        order = np.lexsort((-self.ends, self.starts))
        return Named(*(column[order] for column in self))

    @staticmethod
    def of(rows: Sequence[tuple[int, int, int]]) -> Named:
        """From (kind, start, end)."""
        columns = np.array(rows, np.int32).reshape(-1, 3)
        return Named(columns[:, 0], columns[:, 1], columns[:, 2])

    def joined(self, other: Named) -> Named:
        """These, then those."""
        return Named(*(np.concatenate(columns) for columns in zip(self, other, strict=True)))


class MentionWords:
    """Which words of the lexicon name somebody: lists of meanings with the kinds that they name."""

    def __init__(self, lists: Sequence[Sequence[tuple[str, float]]]) -> None:
        kinds = [list(dict.fromkeys(_whom(pairs))) for pairs in lists]
        self._counts = np.array([len(some) for some in kinds], np.intp)
        self._first = np.cumsum(self._counts) - self._counts
        self._kinds = np.array([kind for some in kinds for kind in some], np.int32)

    def of(self, found: Found, terms: Sequence[str]) -> Named:
        """Whom the words of a sheet name."""
        counts = self._counts[found.lists]
        word = np.repeat(np.arange(len(counts)), counts)
        nth = np.arange(len(word)) - np.repeat(np.cumsum(counts) - counts, counts)
        kinds = self._kinds[self._first[found.lists[word]] + nth]
        general = np.flatnonzero((kinds == _BODY) | (kinds == _OFFICER))
        kinds[general] = [
            kind_in_words(kind, terms[number])
            for kind, number in zip(
                kinds[general].tolist(), found.numbers[word[general]].tolist(), strict=True
            )
        ]
        return Named(kinds, found.starts[word], found.ends[word])


class Mentions:
    """Everybody named in the texts of a sheet, and the persons named among them."""

    def __init__(self, sheet: Sheet, texts: Sequence[str], words: Named) -> None:
        names, spoken = _spoken(sheet, texts)
        found = _distinct(_placed(words.joined(_uncovered(spoken, words, names, len(sheet))), len(sheet)))
        self.names = Named.of(_described(sheet, texts, names, found))
        self.everybody = found.joined(self.names).ordered()

    def actors(self, at: Numbers, to: Numbers, cues: Cues) -> NDArray[np.int32]:
        """Who does what the words from `at` to `to` name: the nearest mention before that is no object, in
        the same sentence, or whom the words themselves begin with (黑客入侵).

        `passive` where it is done to somebody (被黑客入侵), by whomever; `unsaid` where it is only there
        (弹出招嫖广告).
        """
        kinds, starts, ends = self.everybody
        acts = (kinds != _AUTHORITY) & ~cues.of_follows(ends)
        objects = cues.object_before(starts)
        sentence = cues.sentence(at)
        actors = np.full(len(at), _UNSAID, np.int32)
        nearest = np.searchsorted(starts, at, side="right") - 1
        asked = np.arange(len(at))
        while len(asked):
            asked = asked[nearest[asked] >= 0]
            asked = asked[starts[nearest[asked]] >= sentence[asked]]
            one = nearest[asked]
            own = (starts[one] == at[asked]) & (ends[one] < to[asked])
            does = acts[one] & ((ends[one] <= at[asked]) | own) & (objects[one] < sentence[asked])
            actors[asked[does]] = kinds[one[does]]
            asked = asked[~does]
            nearest[asked] -= 1
        actors[cues.appears(at)] = _UNSAID
        actors[cues.passive(at, sentence)] = _PASSIVE
        return actors


_Name = tuple[int, int, int, str]
"""Which text, start, end, the name."""


def _spoken(sheet: Sheet, texts: Sequence[str]) -> tuple[list[_Name], Named]:
    """The anonymous names, and whom the grammar of sanctions knows."""
    names: list[_Name] = []
    rows: list[tuple[int, int, int]] = []
    general = {"organisation": _BODY, "officer": _OFFICER, "person": _PERSON}
    firsts = sheet.starts.tolist()
    for number, text in enumerate(texts):
        for match in _NAME.finditer(text):
            start, end = match.span()
            names.append((number, firsts[number] + start, firsts[number] + end, match.group()))
    for number, match in _GENERAL.matches(sheet, texts):
        start, end = match.span()
        kind = kind_in_words(general[str(match.lastgroup)], match.group())
        rows.append((kind, firsts[number] + start, firsts[number] + end))
    return names, Named.of(rows)


def _uncovered(spoken: Named, words: Named, names: Sequence[_Name], length: int) -> Named:
    """Of what the grammar knows that which no word of the lexicon and no name covers."""
    named = np.array([name[1:3] for name in names], np.int32).reshape(-1, 2)
    known = covered(
        np.concatenate([words.starts, named[:, 0]]), np.concatenate([words.ends, named[:, 1]]), length
    )
    new = ~known[spoken.starts] | ~known[spoken.ends - 1]
    return Named(*(column[new] for column in spoken))


def _placed(found: Named, length: int) -> Named:
    """某保险公司业务员, 注塑机企业的工程师: the word beside says of whom."""
    ends = np.zeros(length + 1, bool)
    ends[found.ends[_bodies(found.kinds)]] = True
    workers = np.flatnonzero(found.kinds == _WORKER)
    beside = np.zeros(len(workers), bool)
    for gap in range(4):
        beside |= ends[found.starts[workers] - gap]
    found.kinds[workers[beside]] = _INSIDER
    return found


def _bodies(kinds: NDArray[np.int32]) -> Marks:
    return np.isin(kinds, list(BODIES))


def _distinct(found: Named) -> Named:
    """Each mention once, by their starts, the longest first."""
    key = (found.starts.astype(np.int64) << 32) + (found.ends - found.starts) * len(KINDS) + found.kinds
    first = np.sort(np.unique(key, return_index=True)[1])
    return Named(*(column[first] for column in found)).ordered()


_FAR = 80
"""Longer than any word for somebody, and than what may stand between it and a name."""


def _described(
    sheet: Sheet, texts: Sequence[str], names: Sequence[_Name], found: Named
) -> list[tuple[int, int, int]]:
    """The names as mentions, each of the kind that the words beside it give wherever it stands."""
    if not names:
        return []
    kinds, starts, ends = (column.tolist() for column in found)
    firsts, lasts = sheet.starts.tolist(), sheet.ends.tolist()
    kind_of_name: dict[tuple[int, str], int] = {}
    for number, start, end, name in names:
        if (number, name) in kind_of_name:
            continue
        first = firsts[number]
        low = bisect_left(starts, max(first, start - _FAR))
        high = bisect_left(starts, min(lasts[number], end + _FAR), low)
        near = [(kinds[k], starts[k] - first, ends[k] - first) for k in range(low, high)]
        kind = _beside(texts[number], start - first, end - first, near)
        if kind is not None:
            kind_of_name[number, name] = kind
    return [(kind_of_name.get((number, name), _PERSON), start, end) for number, start, end, name in names]


_TELLS_NOTHING = BODIES | {_AUTHORITY, _PERSON}
_PARTS = frozenset("。；;！？!?、\n")
"""What stands here between two mentions parts them: 卖给网站站长。邱某 is no 站长."""
_TELLS = frozenset(
    NUMBER[kind]
    for kind in ("insider", "worker", "contractor", "former", "officer", "owner", "hacker", "gang")
)


def _beside(text: str, start: int, end: int, near: Sequence[tuple[int, int, int]]) -> int | None:
    """What the words beside a name say the person is."""
    for kind, _, stop in near:
        if kind not in _TELLS_NOTHING and 0 <= start - stop <= 1 and text[stop] not in _PARTS:
            return _INSIDER if kind == _SERVANT else kind
    if any(kind in BODIES and start - 24 <= at < start for kind, at, _ in near) and _OF_A_BODY.search(
        text, max(0, start - 24), start
    ):
        return _INSIDER
    owned = _OWNS.match(text, end)
    if owned and any(kind in BODIES and owned.end() <= at <= owned.end() + 14 for kind, at, _ in near):
        return _OWNER
    copula = _COPULA.match(text, end)
    if copula:
        stop = _clause_end(text, copula.end())
        for kind, at, _ in near:
            if copula.end() - 1 <= at < stop and kind in _TELLS:
                return kind
    return None


def _clause_end(text: str, at: int) -> int:
    for index in range(at, min(len(text), at + 30)):
        if text[index] in "，。；,;\n":
            return index
    return min(len(text), at + 30)
