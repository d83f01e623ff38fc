"""How the card's coded values read in Chinese, for terminals, tables, pages and reports."""

from __future__ import annotations

from tagger.card import Basis, Sanction, SanctionKind

BASIS: dict[Basis, str] = {"cited": "原文引用", "implied": "对应推定", "predicted": "模型推断"}

KIND: dict[SanctionKind, str] = {
    "warning": "警告",
    "order-to-correct": "责令改正",
    "fine": "罚款",
    "criminal-fine": "罚金",
    "confiscation": "没收违法所得",
    "suspension": "停业停网",
    "shutdown": "关闭下架",
    "administrative-detention": "行政拘留",
    "criminal-detention": "刑事拘留",
    "arrest": "逮捕",
    "prosecution": "起诉",
    "imprisonment": "判刑",
    "ban": "从业禁止",
    "interview": "约谈",
    "other": "其他处理",
}

ON = {"organisation": "单位", "person": "个人"}


def amount(yuan: float) -> str:
    """An amount as it is read aloud.

    >>> amount(50000), amount(1407), amount(12500000)
    ('5万元', '1,407元', '1,250万元')
    """
    if yuan >= 10_000 and yuan % 1_000 == 0:
        return f"{yuan / 10_000:,.1f}".removesuffix(".0") + "万元"
    return f"{yuan:,.2f}".removesuffix(".00") + "元"


def duration(days: int | None, months: int | None) -> str:
    """A length of time: days, or years and months.

    >>> duration(3, None), duration(None, 18), duration(None, 36)
    ('3日', '1年6个月', '3年')
    """
    parts = []
    if months:
        years, rest = divmod(months, 12)
        parts += [f"{years}年"] if years else []
        parts += [f"{rest}个月"] if rest else []
    if days:
        parts.append(f"{days}日")
    return "".join(parts)


def sanction(given: Sanction) -> str:
    """One sanction in words: `单位罚款5万元`, `个人行政拘留3日`."""
    size = amount(given.amount_yuan) if given.amount_yuan is not None else duration(given.days, given.months)
    return f"{ON[given.on]}{KIND[given.kind]}{size}"
