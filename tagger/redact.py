"""Masks what points to a person: names, identity and telephone numbers, bank cards, e-mail, accounts, plates.

A mask has the length of what it hides, so that every span into the text stays valid. A name keeps its
surname, as notices print it (张三 -> 张*); everything else is hidden whole. Names are found by what
stands around them (被告人张三, 张三（男，25岁）), then wherever they occur again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import ahocorasick_rs
from msgspec.structs import replace

from tagger.card import CaseCard, Check, Evidence, Precedent, Review
from tagger.expressions import expression
from tagger.law.persons import SURNAMES

MASK = "*"

_COMPOUND = (
    "欧阳|司马|上官|诸葛|皇甫|尉迟|慕容|司徒|夏侯|公孙|令狐|宇文|长孙|轩辕|东郭|南宫|端木|百里|呼延|闻人"
)
_SURNAME = f"(?:{_COMPOUND}|[{''.join(dict.fromkeys(SURNAMES))}])"
_GIVEN = (
    "(?![被因在的了为和与及等对将从向于以是有已均也又还不未没其该各都某]|女士|先生|小姐|同学)"
    "[\u4e00-\u9fff\u3400-\u4dbf·]"
)
_BEHIND = (
    "[，。、；：,;:（）()“”\\s\\[\\]男女]|因|等|和|与|及|在|于|以|被|犯|对|将|均|也|已|系|为|身|伙|通|各|都|分|利用|涉嫌|参与|作"
    "|称|供|交代|的|罚|处|获|刑|立|取|有|行|判|之|$"
)
_NAME = rf"(?P<surname>{_SURNAME})(?P<given>(?:{_GIVEN}){{1,2}}?)(?={_BEHIND})"

_TITLE = (
    "被告人|被告|嫌疑人|嫌犯|罪犯|当事人|违法行为人|行为人|被害人|受害人|证人|法定代表人|法人代表|法人|负责人|责任人员?"
    "|主管人员|实际控制人|董事长|经理|总裁|总监|CEO|CTO|站长|校长|院长|局长|行长|科长|处长|所长|主任|员工|职员|工作人员"
    "|民警|辅警|警长|护士|医生|医师|教师|老师|学生|工程师|程序员|管理员|司机|黑客|主犯|从犯|男子|女子|网民|网友|店主"
    "|老板|业主|市民|村民|居民|姓名[:：]?"
)
_NAMED = (
    expression(rf"(?:{_TITLE}){_NAME}"),
    expression(rf"(?P<surname>{_SURNAME})(?P<given>(?:{_GIVEN}){{1,2}})(?=[（(][男女])"),
    expression(
        rf"(?:抓获了?|判处|判决|逮捕|对|将)(?P<surname>{_SURNAME})(?P<given>(?:{_GIVEN}){{1,2}}?)"
        r"(?=处以|予以|依法|行政|刑事|有期|拘役|罚款|批准|提起|移送|抓获|作出|等[\d一二三四五六七八九十]{1,3}人)"
    ),
)
_LISTED = expression(rf"[、和及与]{_NAME}")
_ANONYMOUS = expression(
    rf"(?<=[\u4e00-\u9fff]某)(?:[甲乙丙丁戊己庚辛]|{_GIVEN}(?=[，。、；,;（）()因等和与及在于以被犯均已]|$))"
)

_EVERYDAY = (
    "陈述 常年 常见 常用 安全 安装 高校 高层 高级 高管 万元 万余 江苏 江西 成员 成功 成立 "
    "成为 关闭 关于 关键 方式 方便 方面 明知 明确 平台 平时 金额 金融 白天 广东 广西 广告 "
    "文件 文化 包括 计算 计划 谈话 何时 何种 何人 任何 任职 管理 管控 时任 曾因 曾经 曾在 "
    "曾任 经常 严重 单位 单独 全部 全面 全国 全体 全省 全市 全员 强制 强行 陆续 别人 干部 "
    "查处 查获 查封 查看 查询 查明 查实 祝贺 支付 支持 相关 相互 解释 解决 雷同 毛利 甘愿 "
    "连续 连接 连带 尚未 温州 通过 通知 通报 通信 通讯 尤其 和平 习惯 应当 应用 充值 越权 "
    "空间 辛苦 国内 国家 国外 师生 海南 简历 简单 冷静 利用 利益 荣获 石油 时间 双方 舒适 "
    "终身 终审 宣传 宣判 闻讯 鲁莽 蓝牙 梅州 伏法 扶贫 步骤 都市 农民 农商 居住 居民 党员 "
    "党组 党政 付款 付费 展示 展开 候车 操作 操纵 原始 原系 原因 原为 原是 原本 原告 修改 "
    "修复 信息 信用 信任 敬业 鲜花 补偿 巨额 巨大 普通 折扣 门店 门诊 迟迟 敏感 撒谎 代表 "
    "代理 代办 楼里 楼上 钱财 钱款 费用 权限 权利 车辆 家长 房产 米面 水务 花费 项目 阳性 "
    "祖国 祖籍 景区 司机 司法 成年 安排 段落 汤料 贝壳 经手 经营 于是 卖家 买家 童年 邮箱 "
    "邮件 游戏 巴士 谷歌 宗教 管辖 印刷 宿舍 怀疑 索要 蒙骗 乔装 晓得 葛根 边境 冀望 浦东 "
    "尚在 农村 别墅 庄园 充电 连夜 艾滋 容易 古玩 易燃 暨南 步行 满意 寇边 广大 欧元 利润 "
    "蔚来 越界 隆重 师傅 勾结 融资 冷库 简易 养殖 须知 丰富 关系 查验 红包 游客 竺某 权益 "
    "盖章 益阳 桓台 晋级 楚雄 岳阳 伯父 哈密 年龄 年底 年轻 爱好 阳台 揭发 粟米 原价 冼某 "
    "展览 凡是 候补 裘皮 母亲 植入 修理 "
)
"""Words that begin with a surname and are none."""
_WORDS = frozenset(_EVERYDAY.split())

_NUMBERS = expression(
    r"(?<![\dA-Za-z])(?:"
    r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"  # identity card
    r"|[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"  # identity card of 15 digits
    r"|(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}"  # mobile telephone
    r"|(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3}[- ])[2-9]\d{6,7}(?:-\d{1,6})?"  # telephone
    r"|400[- ]?\d{3}[- ]?\d{4}"
    r"|[3-9]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?"  # bank card
    r")(?![\dA-Za-z])"
)
_EMAIL = expression(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
)
_PLATE = expression(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?(?=[A-Z]{0,2}\d)"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
_ACCOUNT = expression(
    r"(?i:(?:QQ号?码?|微信号?|支付宝账号|账号|帐号|护照号?码?|身份证号?码?|银行卡号|卡号)[:：为是]?\s?)"
    r"(?P<hidden>[A-Za-z0-9_*-]{5,24})(?![A-Za-z0-9])"
)


def redact(text: str) -> str:
    """The text with everything masked that points to a person; its length is the same.

    >>> redact("被告人张三（男，25岁），电话13812345678，被判处有期徒刑一年，张三未上诉")
    '被告人张*（男，25岁），电话***********，被判处有期徒刑一年，张*未上诉'
    """
    return _mask(text, person_names(text))


def redact_card(card: CaseCard) -> CaseCard:
    """The card with `redact` over all that it quotes; names are known from its whole text."""
    names = person_names(card.text if card.title in card.text else f"{card.title}\n{card.text}")

    def hide(text: str) -> str:
        return _mask(text, names)

    return replace(
        card,
        text=hide(card.text),
        title=hide(card.title),
        keywords=tuple(map(hide, card.keywords)),
        checks=tuple(Check(check.code, hide(check.message)) for check in card.checks),
        evidence=None
        if card.evidence is None
        else {
            target: tuple(Evidence(e.label, hide(e.text), e.spans, e.weight) for e in items)
            for target, items in card.evidence.items()
        },
        precedents=None
        if card.precedents is None
        else tuple(_hidden_precedent(precedent) for precedent in card.precedents),
        review=Review(card.review.needed, tuple(map(hide, card.review.reasons))),
    )


def _hidden_precedent(precedent: Precedent) -> Precedent:
    return replace(precedent, title=redact(precedent.title), outcome=redact(precedent.outcome))


def person_names(text: str) -> tuple[str, ...]:
    """The full names of persons in a text, longest first."""
    found: dict[str, None] = {}
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            _remember(match, found)
            # 被告人张三、李四和王五: a name in a list that a title opens.
            following = _LISTED.match(text, match.end("given"))
            while following and _remember(following, found):
                following = _LISTED.match(text, following.end("given"))
    return tuple(sorted(found, key=len, reverse=True))


def _remember(match: re.Match[str], found: dict[str, None]) -> bool:
    surname, given = match["surname"], match["given"]
    if (surname + given)[:2] in _WORDS:
        return False
    found[surname + given] = None
    return True


def _mask(text: str, names: Sequence[str]) -> str:
    if names:
        text = _mask_names(text, names)
    text = _ANONYMOUS.sub(MASK, text)
    for pattern in (_EMAIL, _NUMBERS, _PLATE):
        text = pattern.sub(_hidden, text)
    return _ACCOUNT.sub(_hidden_account, text)


def _mask_names(text: str, names: Sequence[str]) -> str:
    pieces, done = [], 0
    matcher = ahocorasick_rs.AhoCorasick(names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    for index, start, end in matcher.find_matches_as_indexes(text):
        surname = 2 if len(names[index]) > 2 and re.match(_COMPOUND, names[index]) else 1
        pieces += [text[done : start + surname], MASK * (end - start - surname)]
        done = end
    return "".join((*pieces, text[done:]))


def _hidden(match: re.Match[str]) -> str:
    return MASK * len(match.group())


def _hidden_account(match: re.Match[str]) -> str:
    kept = match.start("hidden") - match.start()
    return match.group()[:kept] + MASK * len(match["hidden"])
