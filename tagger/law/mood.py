"""Whether a sanction that the text names was really imposed in this case.

A notice also names sanctions that were denied (不予处罚), only threatened or possible (可处, 将被),
quoted from a statute (处一万元以上十万元以下罚款), or counted over a whole campaign (全年共行政处罚1200家).
"""

from __future__ import annotations

from typing import Literal

from tagger.expressions import expression

Mood = Literal["imposed", "denied", "threatened", "quoted", "total"]

_DENIED = expression(
    r"(?:不予|免予|免于|未予|免除|无需|未被?|没有?被?|尚未|未受到?|不(?=起诉|予))(?:给予|作出|受到?|被|对其|追究)?(?:行政|刑事|治安管理)?$"
)
_THREATENED = expression(
    r"(?=[可将面最提建报应否如倘一若或拟避以防要会必有不])(?:(?<![许认不])可(?:以|能)?(?:依法|对其|并|单|被|会)?(?:处以?|给予|判处?|责令|由)?"
    r"|将(?:(?:会|被|面临|受到|依法|处|予以|继续|坚决|从严|严肃)[^，。；,;]{0,12})?"
    r"|面临[^，。；,;]{0,10}|最高(?:可|会|将|处|达|面临)[^，。；,;]{0,8}|(?:提请|建议|报请)[^，。；,;]{0,6}|(?<!相)应当?(?:依法)?(?:予以|给予|处以?|受到?|责令|被)"
    r"|(?:否则|如果|倘若|一旦|如(?=[不未再有])|若(?!干))[^。；;]{0,40}|或者?(?:将|会)?(?:被|面临|处以?)?"
    r"|(?<!模)拟(?:对[^，。；,;]{0,20})?(?:作出|给予|处以?|予以)?|(?:避免|以免|防止)(?:再次)?(?:被|受到?)?"
    r"|[要会必](?:被|受到?)[^，。；,;]{0,6}|有权[^，。；,;]{0,8}|不得[^，。；,;]{0,6})$"
)
_STATUTE = expression(
    r"(?=[提本以情拒构并单倍的])(?:提醒[：:]|本(?:法|条例|办法|规定)第|以[上下]的?(?:罚款|有期徒刑|拘留|拘役|管制)|情节(?:特别|较)?(?:严重|较轻|轻微)的[，,]"
    r"|拒不改正(?:的[，,]|或者?)|构成(?:犯罪|违反治安管理行为)的[，,]|并处或者?单处|单处或者?并处|倍以[上下]"
    r"|的[，,](?:由[^，。；,;]{0,12}(?:责令|处|给予)|处[^，。；,;]{0,12}以[上下]))"
)
_CAMPAIGN = expression(
    r"(?=[今全上下一以截各行累共])(?:今年以来|全年|上半年|下半年|一年来|以来[，,]|截至|(?:各地|全国|全省|全市)[^，。,]{0,6}公安|行动(?:期间|以来|开展)|累计"
    r"|共计?(?:侦破|侦办|破获|检查|查处|处罚|行政处罚|办理|关停|关闭|下架|约谈|责令|罚款|处置))"
)
_COUNT = expression(r"[\d一二三四五六七八九十百千万两余多]{1,12}(?:起|家|次|个|款|份|处|名|人)")
_ONE_CASE = expression(
    r"第[\d一二三四五六七八九十百]{1,4}条|该(?:公司|单位|案|院|校|团伙|平台)|嫌疑人[^\d，。]{0,3}某"
)


def voice(text: str, start: int, end: int) -> tuple[Mood, int]:
    """How the sentence text[start:end] speaks, and up to where.

    "quoted" where it reads like a statute, up to where the story resumes (`…的规定，`), "total" where it
    counts a campaign, else "imposed".
    """
    statute = _STATUTE.search(text, start, end)
    if statute:
        resumed = [found.end() for found in _RESUMED.finditer(text, statute.end(), end)]
        return "quoted", resumed[-1] if resumed else end
    if _CAMPAIGN.search(text, start, end) and not _ONE_CASE.search(text, start, end):
        counts = sum(1 for _ in _COUNT.finditer(text, start, end))
        return ("total" if counts > 1 else "imposed"), end
    return "imposed", end


_RESUMED = expression(r"规定[”》]?[，,]|[”」][，,。]")


def mood_before(left: str) -> Mood:
    """The mood that the words directly before a sanction give it."""
    if not _NOT.isdisjoint(left[-12:]) and _DENIED.search(left[-16:]):
        return "denied"
    near = left[-48:]
    if not _MAYBE.isdisjoint(near) and _THREATENED.search(near):
        return "threatened"
    return "imposed"


_NOT = frozenset("不免未没尚无")
_MAYBE = frozenset("请议可将面最应否如倘一若或拟避以防要会必有得")
