"""Names of laws in a text: known by any alias, corrupted, abbreviated, or not in the catalogue.

A corrupted name (网路安全法, 络安全法) counts as its law only where one wrong, missing or
superfluous character (in a long name two missing ones side by side) leads to one law alone and the
kind of the law (法, 条例, 办法 …) is intact.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from msgspec import Struct

from tagger.expressions import expression
from tagger.law.catalogue import Catalogue
from tagger.law.compact import compact
from tagger.law.finder import NameFinder
from tagger.law.provisions import STATE, Law

_KIND = expression(r"(?:办法|条例|规定|细则|决定|解释|规则|规程|规范|准则|法典|法)$")
_LAW_LIKE = expression(
    r"(?:法|法典|条例|规定|办法|细则|决定|决议|解释|规则|规程|规范|准则|意见|通知|批复|标准|公约|修正案|令)(?:[(（][^()（）]{1,20}[)）])?$"
)
_NOTE_BEHIND = expression(
    r"[(（](?P<note>[^()（）]{0,16}(?:[0-9]{4}|修[正订改]|通过|公布|发布|[施试]行|节选)[^()（）]{0,16})[)）]$"
)
_NOT_WRITTEN = expression(r"[^\w]")
_ISSUER = expression(
    r"^(?:国务院|公安部|工业和信息化部|工信部|国家互联网信息办公室|国家网信办|中央网信办|网信办|中国人民银行|全国人大常委会|"
    r"全国人民代表大会常务委员会|两高|最高人民法院最高人民检察院|最高法最高检)"
)
_YEAR = expression(r"(?:19|20)\d\d")
_LED = expression(
    r".*(?:根据|依据|依照|按照|违反了?|触犯了?|适用|(?<=[》条款项])[及和与、])(?P<name>[^\W\da-zA-Z]{4,40}|[^\W\da-zA-Z]{2}法)$",
    re.DOTALL,
)
_GENERIC = expression(
    r"的|^(?:有关|相关|上述|前述|以上|下列|国家|公司|平台|内部|法律|法规|该|本|此|其)\w{0,6}$"
    r"|(?:有关|相关|上述|前述|以上|法律|法规|国家)规定$|根据|依据|依照|按照|违反|触犯|适用|^(?:上位|特别|一般|普通)法$"
)
_FULL_WIDTH = str.maketrans("()", "（）")
_LOCAL = frozenset("省市区县州盟旗")
_TAIL = 42
_SHORTEST_CORRUPTED = 5
_LONGEST_CORRUPTED = 60
_LONG = 12


class LawName(Struct, frozen=True):
    """A law as a text names it. `law` is None where the catalogue lacks it, `name` is then as printed."""

    name: str
    law: Law | None
    edition: str | None = None
    """What the print says of the edition: a year (`2025修正` -> "2025"), an edition's id, or None."""


class LawNames:
    """The names of one catalogue's laws, found in texts."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._names = list(catalogue.aliases)
        self._finder = NameFinder([compact(name).text for name in self._names])
        self._editions = {
            name: edition.id for edition in catalogue.editions.values() for name in edition.names
        }
        self.bracketed = lru_cache(maxsize=4096)(self._bracketed)
        """What a name between 《 and 》 means: a LawName, or None where it is no law at all."""

    def plain(self, text: str) -> Iterator[tuple[int, int, LawName]]:
        """Known names as they stand in a compact text, without 《》: the leftmost, then the longest."""
        for index, start, end in self._finder.find(text):
            yield start, end, self._known(self._names[index])

    def _known(self, alias: str, edition: str | None = None) -> LawName:
        law = self._catalogue.aliases[alias]
        return LawName(law.name, law, edition or self._editions.get(alias))

    # Names in 《》

    @cached_property
    def _keys(self) -> dict[str, str]:
        keys = {_key(name): name for name in self._names}
        # 《关于办理……的解释》 stands without the bodies that issued it.
        short: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            if "关于" in name:
                short[_key(name[name.index("关于") :])].append(name)
        for key, names in short.items():
            if len({self._catalogue.aliases[name].id for name in names}) == 1:
                keys.setdefault(key, names[0])
        return keys

    def _bracketed(self, printed: str) -> LawName | None:
        known = self._lookup(printed)
        if known is not None:
            return self._known(known)
        note = _NOTE_BEHIND.search(printed)
        if note is not None:
            known = self._lookup(printed[: note.start()])
            if known is not None:
                year = _YEAR.search(note["note"])
                return self._known(known, year[0] if year else None)
        corrupted = self._corrupted(_key(printed))
        if corrupted is not None:
            return self._known(corrupted)
        return _unlisted(printed) if _LAW_LIKE.search(printed) else None

    def _lookup(self, printed: str) -> str | None:
        key = _key(printed)
        found = self._keys.get(key)
        if found is None:
            at = key.find("关于")
            found = self._keys.get(key[at:]) if at > 0 else None
        if found is None:
            issuer = _ISSUER.match(key)
            found = self._keys.get(_key(key[issuer.end() :])) if issuer else None
        return found

    @cached_property
    def _by_length(self) -> dict[int, list[tuple[str, frozenset[str]]]]:
        """Keys long enough to be known in a corrupted form, with their pairs of neighbouring characters."""
        found: dict[int, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        for key in self._keys:
            if len(key) >= _SHORTEST_CORRUPTED:
                found[len(key)].append((key, _pairs(key)))
        return found

    def _corrupted(self, key: str) -> str | None:
        if not _SHORTEST_CORRUPTED - 1 <= len(key) <= _LONGEST_CORRUPTED:
            return None
        kind, pairs = _kind(key), _pairs(key)
        return self._unique(
            {
                self._keys[known]
                for length in range(len(key) - 2, len(key) + 3)
                for known, known_pairs in self._by_length.get(length, ())
                # An edit breaks two pairs at most: this spares nearly every comparison.
                if len(pairs & known_pairs) >= len(known_pairs) - 4
                if _kind(known) == kind and _corrupts(key, known)
            }
        )

    def _unique(self, names: set[str]) -> str | None:
        laws = {self._catalogue.aliases[name].id for name in names}
        return min(names) if len(laws) == 1 else None

    # Names without 《》 that are not known

    @cached_property
    def _by_ending(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            if len(name) >= _SHORTEST_CORRUPTED:
                found[name[-2:]].append(name)
        return found

    def ending_at(self, text: str, end: int) -> tuple[int, LawName] | None:
        """A corrupted or uncatalogued name without 《》 that ends at `end`: where it starts, and the name.

        An uncatalogued one must stand behind 依据, 违反 or the like, which says where it starts.
        """
        tail = text[max(0, end - _TAIL) : end]
        if _kind(tail) is None:
            return None
        starts: dict[str, int] = {}
        for name in self._by_ending.get(tail[-2:], ()):
            # One error leaves either the end of a long name or its beginning as it is.
            if len(name) > 7 and name[-4:] != tail[-4:] and name[:3] not in tail:
                continue
            length = _one_edit_away(name, tail)
            if length is not None and not local_before(text, end - length):
                starts[name] = end - length
        corrupted = self._unique(set(starts))
        if corrupted is not None:
            return starts[corrupted], self._known(corrupted)
        led = _LED.match(tail)
        if led is None or _GENERIC.search(led["name"]):
            return None
        name = led["name"]
        return end - len(name), _unlisted(name)


@cache
def law_names(catalogue: Catalogue) -> LawNames:
    """The names of a catalogue's laws, prepared once."""
    return LawNames(catalogue)


def local_before(text: str, start: int) -> bool:
    """Whether 省, 市 … stands right before a name: 江苏省计算机信息系统安全保护条例 is another law."""
    return start > 0 and text[start - 1] in _LOCAL


def _unlisted(printed: str) -> LawName:
    """A law that the catalogue lacks: its name as printed, with the brackets that Chinese print has."""
    return LawName(printed.removeprefix(STATE).translate(_FULL_WIDTH), None)


def _key(name: str) -> str:
    """A name without punctuation, brackets and 中华人民共和国: what two prints of it share."""
    return _NOT_WRITTEN.sub("", name).removeprefix(STATE)


def _kind(name: str) -> str | None:
    match = _KIND.search(name)
    return match[0] if match else None


def _pairs(key: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(key)))


def _corrupts(key: str, known: str) -> bool:
    """Whether `key` is `known` but for one character, or, in a long name, for two missing or added."""
    first, last = _shared(key, known)
    rest, known_rest = key[first : len(key) - last], known[first : len(known) - last]
    if len(rest) <= 1 and len(known_rest) <= 1:
        return True
    return min(len(key), len(known)) >= _LONG and not (rest and known_rest) and len(rest + known_rest) == 2


def _shared(one: str, other: str) -> tuple[int, int]:
    """How many characters two names share at their beginning, and at the end of what is left."""
    most = min(len(one), len(other))
    first = next((i for i in range(most) if one[i] != other[i]), most)
    last = next((i for i in range(most - first) if one[-1 - i] != other[-1 - i]), most - first)
    return first, last


def _one_edit_away(name: str, tail: str) -> int | None:
    """The length of the end of `tail` that is `name` but for one character, if there is one."""
    same = 0
    while same < min(len(name), len(tail)) and name[-1 - same] == tail[-1 - same]:
        same += 1
    head, rest = name[: len(name) - same], tail[: len(tail) - same]
    if not head:
        return len(name)
    for lost, extra in ((1, 0), (1, 1), (0, 1)):  # missing, wrong, superfluous in the text
        kept = head[: len(head) - lost]
        if len(rest) >= extra and rest[: len(rest) - extra].endswith(kept):
            return same + extra + len(kept)
    return None
