"""What stands around words: cue words before and behind a place, asked of all places of a sheet at once.

An answer is an array over the sheet: at each place the nearest cue before it, or behind it. What the
questions are is written beside them as the regular expression that would answer one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tagger.classify.automaton import Automaton, Places
from tagger.classify.sheet import SEPARATOR, Marks, Numbers, Sheet

_FAR = np.int32(1 << 30)
"""Farther away than any place: no cue."""

_CLAUSE, _SENTENCE, _STOP, _NEWLINE, _NAMELESS = 1, 2, 4, 8, 16
_CLASSES = {
    _CLAUSE: "，。；,;\n",
    _SENTENCE: "。！？!?\n",
    _STOP: "。！？；!?;\n",
    _NEWLINE: "\n",
    _NAMELESS: "，。；：、,;:“”‘’\"'《》（）()【】 \n\t！？!?—…/「」[]［］〔〕的某该其各款条名前了着过"
    "是为被使让在由从到对向给与和及以而将把约谈托",
}
_BUYER = "给 向 替 帮 与 面向 针对 承建 承接 为"
_GROUPS: Mapping[str, str] = {
    "negation": "未 没有 不存在 并非 不是 无",
    "buyer": _BUYER,
    "listed": "、",
    "attacked": "入侵 攻击 侵入 破解 控制 窃取 盗取 获取 爬取 登录 潜入 进入 针对 瞄准",
    "suffers": "被 遭 受到 报案 报警 损失 发现",
    "judges": "判 审 宣 认定 认为 指控 起诉 公诉 批 通报 披露 公布 查 对 将 依法 决定 以 召开 立案",
    "of": "的",
    "body": "公司 企业 工作室",
    "head": "公司 企业 集团 平台 网站 app 小程序 厂 厂商 店 机构 单位 中心 系统 软件",
    "head-part": "有限 股份 责任 连锁 集团 科技 技术 服务 管理 运营 经营 信息 网络 软件 发展 实业 商贸 文化 "
    "咨询 品牌 类 行业 领域 代理 经纪 销售 经销 贸易 批发 零售 电商 工程 建设 设计 安装 维修 制造 加工 生产 "
    "设备 器材 制品 用品 材料 配件 零部件 开发 租赁 中介 顾问 控股 投资",
    "company": "公司 企业 集团 机构",
    "form": "公司 有限公司 有限责任公司 股份公司 股份有限公司 集团公司 总公司 母公司 子公司 分公司 空壳公司 "
    "皮包公司 承建公司 代建公司 外包公司 涉案公司 涉事公司 同行公司 老牌公司 上市公司 仿造公司",
    "works": "厂 厂家 厂商 工厂 制造商 生产商",
    "public": "管理所 管理站 管理处 管理局 管理部 管理中心 管理委员会 调度中心 保护中心 服务中心 中心 站 所 "
    "场站",
    "shop": "店 铺 商店 商铺 经销部 门店 专卖店 商行 经营部 门市部 批发部 卖场 商城 市场 商 贸易公司 "
    "商贸公司 销售公司 贸易有限公司 商贸有限公司 销售有限公司 贸易企业 销售企业",
    "platform": "平台 网站 app 小程序 客户端 软件 系统 公众号",
    "passive": "被 遭 遭到 遭受 受到 让 为",
    "appears": "出现 弹出 跳出 显示 跳转 链接 指向 挂有 挂着 含有",
    "object": "向 对 给 为 将 把 从 替 帮 针对 利用 通过 借 凭 依托 登录 经 至 到 往 冒充 假冒 攻击 入侵 "
    "侵入",
}
_HEAD_PARTS = 4


def _table() -> NDArray[np.uint8]:
    """Code point -> the classes that it is in; a separator stops everything but is no line's end."""
    table = np.zeros(SEPARATOR + 1, np.uint8)
    for number, characters in _CLASSES.items():
        table[[ord(c) for c in characters]] |= number
    table[SEPARATOR] = _CLAUSE | _SENTENCE | _STOP | _NAMELESS
    return table


class _Tables:
    """What all sheets are read with; made when first needed."""

    def __init__(self) -> None:
        self.classes = _table()
        words = dict.fromkeys(word for words in _GROUPS.values() for word in words.split())
        self.automaton = Automaton(words)
        self.groups = {
            name: np.array([word in group.split() for word in words]) for name, group in _GROUPS.items()
        }


_tables: list[_Tables] = []


class Cues:
    """The cue words of a sheet, and the questions that are asked of its places."""

    def __init__(self, sheet: Sheet) -> None:
        if not _tables:
            _tables.append(_Tables())
        self._tables = _tables[0]
        self._codes = sheet.codes
        self._classes = self._tables.classes[sheet.codes]
        self._places = self._tables.automaton.find(sheet.codes)
        self._clauses = self._class(_CLAUSE)
        self._clause_before = self._before(self._clauses)
        self._listing_before = self._before(self._cues("listed").starts)
        self._of_before = self._before(self._cues("of").starts)

    def __len__(self) -> int:
        return len(self._codes)

    # Before a place.

    def negated(self, at: Numbers) -> Marks:
        """(?:未(?!经)|没有|不存在|并非|不是|无)[^，。；、,;\\n]{0,3}$ in the six characters before."""
        cues = self._cues("negation")
        loose = (self._codes[cues.starts] == ord("未")) & (self._codes[cues.ends] == ord("经"))
        stops = np.maximum(self._clause_before, self._listing_before)
        return self._with_newline(at, cues, loose, 3, 6, stops)

    def bought(self, at: Numbers, window: int) -> Marks:
        """(?:给|向|(?<![名称成作因认])为(?!由|名|了)|替|…)[^，。；,;\\n的]{0,6}$ in the window before."""
        cues = self._cues("buyer")
        codes = self._codes
        by = codes[cues.starts] == ord("为")
        cues = cues.where(~(by & _among(codes[cues.starts - 1], "名称成作因认")))
        loose = (codes[cues.starts] == ord("为")) & _among(codes[cues.ends], "由名了")
        stops = np.maximum(self._clause_before, self._of_before)
        return self._with_newline(at, cues, loose, 6, window, stops)

    def listed_before(self, at: Numbers) -> Marks:
        """、[^，。；、,;\\n]{0,6}$ in the eight characters before."""
        return self._with_newline(at, self._cues("listed"), None, 6, 8, self._clause_before)

    def attacked(self, at: Numbers) -> Marks:
        """(?:入侵|攻击|…)了?[^，。；,;\\n]{0,6}$ in the ten characters before."""
        cues = self._cues("attacked")
        done = cues.where(self._codes[cues.ends] == ord("了"))
        cues = Places(*(np.concatenate(c) for c in zip(cues, done._replace(ends=done.ends + 1), strict=True)))
        return self._with_newline(at, cues, None, 6, 10, self._clause_before)

    def passive(self, at: Numbers, floor: Numbers) -> Marks:
        """(?:被|遭到?|遭受|受到|让|为)[^，。；,;\\n]{0,10}$ between the floor and the place."""
        return self._cue_before(at, self._cues("passive"), 10, self._clause_before[at]) >= np.maximum(
            floor, at - 14
        )

    def appears(self, at: Numbers) -> Marks:
        """(?:出现|弹出|…)[^，。；,;\\n]{0,8}\\Z: it is there, by whomever."""
        return self._cue_before(at, self._cues("appears"), 8, self._clause_before[at]) >= 0

    def object_before(self, at: Numbers) -> Numbers:
        """Where (?:向|对|给|…)[^，。；,;\\n]{0,3}$ begins in the six characters before; -_FAR: nowhere."""
        found = self._cue_before(at, self._cues("object"), 3, self._clause_before[at])
        return np.where(found >= at - 6, found, -_FAR)

    def of_follows(self, at: Numbers) -> Marks:
        """的 follows: what is before belongs to somebody or something else."""
        return np.asarray(self._codes[at] == ord("的"))

    @cached_property
    def stops(self) -> Numbers:
        """Where 。！？；!?; and lines' ends stand, and what lies between texts."""
        return self._class(_STOP)

    def sentence(self, at: Numbers) -> Numbers:
        """Where the sentence of each place begins; a sentence is read from 200 characters before on."""
        return np.maximum(self._before(self.stops)[at] + 1, at - 200)

    # Behind a place.

    def listed_behind(self, at: Numbers) -> Marks:
        """[^，。；,;\\n]{0,4}、"""
        return self._cue_behind(at, self._cues("listed").starts, 4)

    def anothers(self, at: Numbers) -> Marks:
        """[^，。；,;\\n]{0,16}的[^，。；,;\\n的]{0,8}(?:公司|企业|工作室)"""
        body = self._cues("body").starts
        of = self._of_before[body]
        owned = of[(of >= 0) & (body - of <= 9) & (self._clause_before[body] < of)]
        return self._cue_behind(at, owned, 16)

    def suffers(self, at: Numbers) -> Marks:
        """[^，。；,;\\n]{0,8}?(?:被|遭|受到|遭受|报案|报警|损失|发现)"""
        return self._cue_behind(at, self._cues("suffers").starts, 8)

    def judges(self, at: Numbers) -> Marks:
        """[^，。；,;\\n]{0,4}?(?:判|审|宣|认定|…)"""
        return self._cue_behind(at, self._cues("judges").starts, 4)

    def heads(self, at: Numbers) -> Marks:
        """(?:有限|股份|…){0,4}(?:公司|企业|集团|…): the word is the name of a body."""
        head = np.zeros(len(self._codes) + 1, bool)
        head[self._cues("head").starts] = True
        parts = self._cues("head-part")
        for _ in range(_HEAD_PARTS):
            head[parts.starts[head[parts.ends]]] = True
        return np.asarray(head[at])

    def name_ends(self, at: Numbers, ending: str) -> Numbers:
        """Where (?:有限|股份|…){0,4}(?:the words of an ending) ends that begins at each place; 0: nowhere."""
        ends = np.zeros(len(self._codes) + 1, np.int32)
        words, parts = self._cues(ending), self._cues("head-part")
        np.maximum.at(ends, words.starts, words.ends)
        for _ in range(_HEAD_PARTS):
            np.maximum.at(ends, parts.starts, ends[parts.ends])
        return ends[at]

    def names(self, ending: str, longest: int) -> tuple[Numbers, Numbers, Numbers]:
        """Where [^，。；的某该对在由…]*(?:the words of an ending) stands, of at most `longest` characters:
        where it begins, where its ending begins, where it ends.
        """
        words = self._cues(ending)
        first = np.full(len(self._codes) + 1, _FAR)
        np.minimum.at(first, words.ends, words.starts)
        ends = np.flatnonzero(first < _FAR).astype(np.int32)
        starts = first[ends]
        stops = self._before(self._class(_NAMELESS))[starts]
        return np.maximum(stops + 1, ends - longest), starts, ends

    def spelled(self, start: int, end: int) -> str:
        """What stands there."""
        return "".join(map(chr, self._codes[start:end].tolist()))

    def sentence_end(self, at: Numbers) -> Numbers:
        """The first of 。！？!? and the line's end from each place on, or its text's end."""
        return _following(self._class(_SENTENCE), at)

    # How they are answered.

    def _cues(self, group: str) -> Places:
        return self._places.where(self._tables.groups[group][self._places.numbers])

    def _cue_before(self, at: Numbers, cues: Places, reach: int, stops: Numbers) -> Numbers:
        """Where the last cue before each place begins, no stop and at most `reach` between; else -_FAR."""
        end = self.last_of(cues.ends)[at]
        start = np.zeros(len(self._codes) + 1, np.int32)
        start[cues.ends] = cues.starts  # of those that end together the last one, the shortest, stays
        near = (end > 0) & (at - end <= reach) & (stops < end)
        return np.where(near, start[end], -_FAR)

    def _with_newline(
        self, at: Numbers, cues: Places, loose: Marks | None, reach: int, window: int,
        stops: Numbers,
    ) -> Marks:  # fmt: skip
        """Whether a cue stands before each place, within a window; `$` also matches before a line's end.

        `loose` cues are none by what follows them, which a window does not show that ends with the cue.
        """
        firm = cues if loose is None else cues.where(~loose)
        found = self._cue_before(at, firm, reach, stops[at]) >= at - window
        if loose is not None:
            last = np.zeros(len(self._codes) + 1, bool)
            last[cues.ends[loose]] = True
            found |= last[at]
        broken = np.flatnonzero((self._classes[at - 1] & _NEWLINE) != 0)
        if len(broken):
            before = at[broken] - 1
            found[broken] |= self._cue_before(before, firm, reach, stops[before]) >= before + 1 - window
        return found

    def _cue_behind(self, at: Numbers, starts: Numbers, reach: int) -> Marks:
        """Whether a cue begins behind each place, no stop and at most `reach` characters between."""
        cue = _following(starts, at)
        return (cue - at <= reach) & (_following(self._clauses, at) >= cue)

    def _class(self, number: int) -> Numbers:
        """Where characters of a class stand."""
        return np.flatnonzero((self._classes & number) != 0).astype(np.int32)

    def last_of(self, places: Numbers) -> Numbers:
        """At each place of the sheet (its end too) the last of some places up to it; 0: none."""
        last = np.zeros(len(self._codes) + 1, np.int32)
        last[places] = places
        return np.maximum.accumulate(last, out=last)

    def _before(self, places: Numbers) -> Numbers:
        """At each place of the sheet (its end too) the last of some places before it; -1: none."""
        return self.last_of(places + 1) - 1


def _following(places: Numbers, at: Numbers) -> Numbers:
    """The first of some places, in order, from each place on; _FAR: none."""
    return np.append(places, _FAR)[np.searchsorted(places, at)]


def _among(codes: NDArray[np.uint32], characters: str) -> Marks:
    return np.asarray(np.logical_or.reduce([codes == ord(character) for character in characters]))
