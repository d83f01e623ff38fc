"""Places of China in a text: 长沙 -> 湖南省长沙市, 达州渠县 -> 四川省达州市渠县.

The table data/regions.csv has every province and prefecture and their counties. A short name counts
as a prefecture's anywhere, as a county's (东区 and 城区, too) only beside an authority (渠县警方,
岳麓分局) or behind the place that it lies in (河源源城); a name that several places share needs one of
those, too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from tagger import shipped
from tagger.expressions import expression
from tagger.law.finder import NameFinder


class Place(NamedTuple):
    """A province, a prefecture in it, or a county in that; the parts below it are empty."""

    province: str
    prefecture: str = ""
    county: str = ""

    @property
    def name(self) -> str:
        """湖南省长沙市岳麓区."""
        return self.province + self.prefecture + self.county

    @property
    def level(self) -> int:
        """1 province, 2 prefecture, 3 county or a district of a municipality."""
        return 3 if self.county else 2 if self.prefecture else 1

    def contains(self, other: Place) -> bool:
        """Whether `other` is this place or lies in it."""
        return (
            self.province == other.province
            and self.prefecture in ("", other.prefecture)
            and self.county in ("", other.county)
        )


class PlaceMention(Struct, frozen=True):
    """A place at text[start:end]; `place` is None where several share the name and nothing tells which."""

    start: int
    end: int
    place: Place | None


_PEOPLES = (
    "朝鲜族|土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|哈萨克|柯尔克孜|满族"
    "|达斡尔族|鄂温克族|畲族|黎族|瑶族|仫佬族|毛南族|仡佬族|水族|纳西族|拉祜族|佤族|布朗族|独龙族|怒族|普米族|裕固族|东乡族"
    "|保安族|撒拉族|土族|塔吉克|锡伯|各族|维吾尔"
)
_SELF_GOVERNED = expression(rf"(?:{_PEOPLES}){{0,6}}自治[区州县旗]$")
_KINDS_OF_REGIONS = ("特别行政区", "新区", "林区", "特区", "矿区", "地区")
_EVERYDAY = frozenset({"大同", "海东", "海西", "海北", "黄南", "三明", "中山", "白银", "朝阳"})
"""Short names that are also everyday words, or mean another place more often."""

_AUTHORITY = expression(
    "(?:市|县|区)?(?:公安|警方|网警|网安|网信|分局|法院|检察|中院|市场监管|通信管理|派出所|刑警|民警|教育局|卫健)"
)
_NOT_A_PLACE = expression(
    "人(?!民)|籍|路|街|大道|时间|日报|晚报|早报|都市报|银行|证券|移动|联通|电信|大学|话|话剧|菜"
)
_CONTEXT = 32


class _Names(NamedTuple):
    """Names of places: their finder, the places that each may mean, and which names are short."""

    finder: NameFinder
    meanings: list[tuple[Place, ...]]
    shorts: frozenset[int]


class Gazetteer:
    """The table of places. To prepare all its names takes as long as to look through it for ten texts."""

    def __init__(self, patience: int = 8) -> None:
        self._patience = patience

    def names(self, text: str) -> _Names:
        """The names that may stand in a text, if not all there are."""
        if self._patience <= 0:
            return self._all
        self._patience -= 1
        return _names(self._places(frozenset(map("".join, pairwise(text)))))

    @cached_property
    def _all(self) -> _Names:
        return _names(self._places(None))

    def _places(self, heads: frozenset[str] | None) -> Iterator[Place]:
        """The places, from above; with `heads` only those whose names begin with one of these pairs."""
        for province, prefecture, counties in self._rows:
            if heads is None or province[:2] in heads:
                yield Place(province)
            if prefecture and (heads is None or prefecture[:2] in heads):
                yield Place(province, prefecture)
            for county in counties:
                if heads is None or county[:2] in heads:
                    yield Place(province, prefecture, county)

    @cached_property
    def _rows(self) -> list[tuple[str, str, list[str]]]:
        path = shipped.DATA / "regions.csv"
        with shipped.whole(path), path.open(encoding="utf-8", newline="") as lines:
            return [
                (row["province"], row["prefecture"], [name for name in row["counties"].split("|") if name])
                for row in csv.DictReader(lines)
            ]


_gazetteer = Gazetteer()


def _names(places: Iterable[Place]) -> _Names:
    full: dict[str, list[Place]] = {}
    short: dict[str, list[Place]] = {}
    for place in places:
        own = place.county or place.prefecture or place.province
        _add(full, own, place)
        bare = _bare(own)
        if len(bare) >= 2 and bare != own and bare != "公安":
            _add(short, bare, place)
    names = list(dict.fromkeys((*full, *short)))
    meanings = [tuple(full.get(name) or _highest(short[name])) for name in names]
    shorts = frozenset(i for i, name in enumerate(names) if name not in full or len(name) < 3)
    return _Names(NameFinder(names), meanings, shorts)


def _bare(name: str) -> str:
    """长沙市 -> 长沙, 恩施土家族苗族自治州 -> 恩施."""
    if "自治" in name:
        return _SELF_GOVERNED.sub("", name)
    if name.endswith(_KINDS_OF_REGIONS):
        return name[:-5] if name.endswith("特别行政区") else name[:-2]
    return name[:-1] if name[-1] in "省市区县旗盟" else name


def _add(names: dict[str, list[Place]], name: str, place: Place) -> None:
    known = names.setdefault(name, [])
    if place not in known:
        known.append(place)


def _highest(places: list[Place]) -> list[Place]:
    """A short name means the prefecture, not the county of that name in it; 吉林 is the province."""
    if len(places) == 1:
        return places
    return [
        place for place in places if not any(other != place and other.contains(place) for other in places)
    ]


def find_places(text: str, gazetteer: Gazetteer = _gazetteer) -> tuple[PlaceMention, ...]:
    """The places that a text names, in order. People's origins and streets are left out."""
    finder, meanings, shorts = gazetteer.names(text)
    read: list[tuple[int, int, tuple[Place, ...]]] = []
    for index, start, end in finder.find(text):
        if _NOT_A_PLACE.match(text, end):
            continue
        places = meanings[index]
        if read and read[-1][1] == start:
            inside = tuple(p for p in places if any(above.contains(p) for above in read[-1][2]))
            if inside:
                read[-1] = (read[-1][0], end, inside)
                continue
        if index in shorts and not _AUTHORITY.match(text, end):
            if text[start:end] in _EVERYDAY:
                continue
            places = tuple(place for place in places if place.level < 3)
        if places:
            read.append((start, end, places))
    certain = list(dict.fromkeys(places[0] for _, _, places in read if len(places) == 1))[:_CONTEXT]
    mentions = []
    for start, end, places in read:
        if len(places) > 1:
            places = tuple(p for p in places if any(place.contains(p) for place in certain))
        mentions.append(PlaceMention(start, end, places[0] if len(places) == 1 else None))
    return tuple(mentions)


def fullest(place: Place, mentions: Iterable[PlaceMention]) -> Place:
    """The deepest place named in a text that lies in `place`: 四川省 and 绵阳 make 四川省绵阳市."""
    for mention in mentions:
        if mention.place and place.level < mention.place.level and place.contains(mention.place):
            place = mention.place
    return place
