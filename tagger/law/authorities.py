"""The authorities that a notice names: 长沙市公安局岳麓分局网安大队, 市网信办, 浦东新区法院, 绵阳警方."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from tagger.expressions import begun, expression
from tagger.law.places import PlaceMention

Branch = Literal["police", "court", "prosecution", "regulator"]

_UNIT = "(?:总队|支队|大队|中队|部门|警察)"
_INNER = r"[^\W\da-zA-Z队会和同对与的在等根依据被由向]"
_POLICE = (
    rf"公安机关(?:网安部门|网安)?|公安(?:部门|部|厅|局)?(?:{_INNER}{{2,8}}?分局|分局)?(?:网络安全保卫|网络安全|网安|网警|刑侦|治安)?{_UNIT}?"
    rf"|网(?:安(?!法)|警){_UNIT}?|网络安全保卫{_UNIT}|分局|派出所|警方|专案组"
)
_COURT = "(?:第[一二三四五])?(?:高级|中级)?人民法院|(?:互联网)?法院|[中高]院|最高法"
_PROSECUTION = "人民检察院|检察院|检察机关|检方|最高检"
_REGULATOR = (
    "互联网信息办公室|网信办|网信部门|通信管理局|通管局|工业和信息化部|工信[部厅局]|(?:银保|银|证|保)监[会局]"
    "|(?:银行保险|证券|保险)监督管理委员会|银保?监分局|金融监督管理总局|金融监管(?:总局|局|分局)|人民银行|央行|外汇局"
    "|市场监督管理局|市场监管局|市监局|工商局|教育[局厅部]|卫生健康委(?:员会)?|卫健委"
    r"|文化(?:和旅游|市场)[^\W\d]{0,8}?(?:局|队)|国家安全机关|国家安全局|密码管理(?:局|部门)|保密(?:行政管理部门|局)|交通运输[局部厅]|邮政管理局|住建局"
)
_BEGINS = expression(
    "公(?=安)|网(?=[安警络信])|分(?=局)|派(?=出)|警(?=方)|专(?=案)|第(?=[一二三四五])|高(?=[级院])|中(?=[级院])|人(?=民)"
    "|互(?=联)|法(?=院)|最(?=高)|检(?=[察方])|通(?=[信管])|工(?=[业信商])|银(?=[保监行])|证(?=[监券])|保(?=[监险密])|密(?=码)|金(?=融)"
    "|央(?=行)|外(?=汇)|市(?=[场监])|教(?=育)|卫(?=[生健])|文(?=化)|国(?=家)|交(?=通)|邮(?=政)|住(?=建)"
)
"""Where a name may begin. `re` jumps to the first character of each, and tries the names only there."""
_NAME = expression(
    f"(?P<police>{_POLICE})|(?P<court>{_COURT})|(?P<prosecution>{_PROSECUTION})|(?P<regulator>{_REGULATOR})"
)
_BANK_BRANCH = expression(r"(?:[^\W\da-zA-Z]{2,6}?)?(?:分行|中心支行|营业管理部|总行)")
_LOCAL_OFFICE = expression(r"[^\W\da-zA-Z]{2,6}?监管(?:分)?局")
_OFFICES = {"民银行": _BANK_BRANCH, "央行": _BANK_BRANCH, "委员会": _LOCAL_OFFICE, "证监会": _LOCAL_OFFICE}
_NOT_ACTING = expression(
    r"(?:内网|内部|系统|云|部令|令|\d{1,3}号令|人员|民警的|联网备案|备案|机关备案|数字证书|信息网|院校|大学)"
)
_SUPERVISING = expression(r"[^，。；\n]{0,14}?(?:督办|典型案例|通报线索|下发线索|移交线索|部署|列入)")
_REPORTED_TO = expression("(?:接到?|向|至|到|报经)$")
_MODIFIER = expression(
    r"(?:某[省市县区州地]|[当该]地|(?<!下)属地|[该本全]?[省市县区州]|辖区|国家|中国|中华人民共和国|最高|自治区"
    r"|开发区|高新区|经开区|互联网|铁路|机场|海关|森林|直属)$"
)
_NAMED = expression("[部厅局会办院行队]|最高[检法]")


class AuthorityMention(Struct, frozen=True):
    """An authority at text[start:end], as the notice writes it."""

    start: int
    end: int
    name: str
    branch: Branch
    place: PlaceMention | None

    @property
    def vague(self) -> bool:
        """警方, 公安机关, 当地网警: no name of one authority."""
        return self.place is None and not _NAMED.search(self.name)


def find_authorities(text: str, places: Sequence[PlaceMention]) -> tuple[AuthorityMention, ...]:
    """The authorities of a text, in order, each with the places that stand in its name."""
    found: list[AuthorityMention] = []
    ends = {place.end: place for place in places}
    starts = {place.start: place for place in places}
    last = 0
    for match in begun(_BEGINS, _NAME, text):
        if match.start() < last or _NOT_ACTING.match(text, match.end()):
            continue
        start, place = _leftwards(text, match.start(), last, ends)
        end = match.end()
        office = _OFFICES.get(match.group()[-3:])
        if office and (local := office.match(text, end)):
            end = local.end()
            place = place or starts.get(match.end())
        if place is None and match.group() == "公安":
            continue
        if place is None and match.group() == "分局" and text[start - 1 : start].isalpha():
            continue  # 环保分局
        if _SUPERVISING.match(text, end) or _REPORTED_TO.search(text, max(0, start - 3), start):
            continue
        deeper = next((ends[at] for at in range(match.start() + 1, end) if at in ends), None)
        if deeper and deeper.place and (not place or not place.place or place.place.contains(deeper.place)):
            place = deeper
        branch: Branch = _branch(match)
        found.append(AuthorityMention(start, end, text[start:end], branch, place))
        last = end
    return tuple(found)


def _branch(match: re.Match[str]) -> Branch:
    match match.lastgroup:
        case "court":
            return "court"
        case "prosecution":
            return "prosecution"
        case "regulator":
            return "regulator"
        case _:
            return "police"


def _leftwards(
    text: str, start: int, floor: int, ends: dict[int, PlaceMention]
) -> tuple[int, PlaceMention | None]:
    """Where the name begins: before its place (长沙市) and what stands for one (某市, 当地)."""
    place: PlaceMention | None = None
    for _ in range(4):
        here = ends.get(start)
        if here and here.start >= floor:
            place, start = place or here, here.start
            continue
        modifier = _MODIFIER.search(text, max(floor, start - 7), start)
        if not modifier:
            break
        start = modifier.start()
    return start, place


def full_name(mention: AuthorityMention, known: Sequence[AuthorityMention]) -> str:
    """The fullest name that the text has: 岳麓分局 is 长沙市公安局岳麓分局, 警方 the police named last."""
    alike = [other for other in known if other.branch == mention.branch and other is not mention]
    for short in dict.fromkeys((mention.name, mention.name.lstrip("当该属地本市县区省"))):
        for other in alike if short else ():
            at = other.name.find(short)
            if at > 0 and (other.place or not mention.place):
                return other.name[: at + len(short)]
    if mention.vague:
        before = [other for other in alike if not other.vague and other.start < mention.start]
        if before:
            return before[-1].name
    return mention.name
