"""The words for what an authority or a court imposes, and the steps of a procedure that lead there.

One table: how a notice writes a measure -> the measure's name in the law and its kind on the card.
A guard behind a word is a look-around that keeps everyday uses of it out (警告 in 警告信息).
"""

from __future__ import annotations

from msgspec import Struct

from tagger.card import SanctionKind
from tagger.expressions import expression


class Measure(Struct, frozen=True):
    """What is imposed: `name` in the law's Chinese, `kind` on the card.

    A `step` (抓获, 立案) belongs to a procedure and is no sanction; a `vague` measure (行政处罚)
    says that there was one without saying which.
    """

    name: str
    kind: SanctionKind
    step: bool = False
    vague: bool = False


WARNING = Measure("警告", "warning")
ORDER = Measure("责令改正", "order-to-correct")
FINE = Measure("罚款", "fine")
CRIMINAL_FINE = Measure("罚金", "criminal-fine")
CONFISCATION = Measure("没收", "confiscation")
CONFISCATION_AND_FINE = Measure("罚没", "other")
SUSPENSION_OF_BUSINESS = Measure("暂停业务", "suspension")
TAKING_DOWN = Measure("下架", "shutdown")
CLOSING = Measure("关闭", "shutdown")
REVOCATION = Measure("吊销", "shutdown")
DETENTION = Measure("行政拘留", "administrative-detention")
CUSTODY = Measure("刑事拘留", "criminal-detention")
ARREST = Measure("逮捕", "arrest")
PROSECUTION = Measure("起诉", "prosecution")
PRISON = Measure("有期徒刑", "imprisonment")
JAIL = Measure("拘役", "imprisonment")
SENTENCE = Measure("判刑", "imprisonment")
PROBATION = Measure("缓刑", "imprisonment")
BAN = Measure("从业禁止", "ban")
INTERVIEW = Measure("约谈", "interview")
PENALTY = Measure("行政处罚", "other", vague=True)
COERCION = Measure("刑事强制措施", "other")
LIABILITY = Measure("追究刑事责任", "other")
CRITICISM = Measure("通报批评", "other")
DISCIPLINE = Measure("处分", "other")
BLACKLIST = Measure("列入名录", "other")
AMENDS = Measure("退赔道歉", "other")
ADMONITION = Measure("训诫", "other")
CATCHING = Measure("抓获", "other", step=True)
FILING = Measure("立案", "other", step=True)
SUMMONS = Measure("传唤", "other", step=True)
TRANSFER = Measure("移送", "other", step=True)
BREAKING_UP = Measure("打掉", "other", step=True)

_BUSINESS = (
    "业务|服务|注册|更新|运营|运行|使用|联网|接入|功能|办理|营业|栏目|频道|发布|播放|直播|评论|上线|经营"
    "|新增|开户|网点|合作"
)
_SITE = "网站|网页|网络|栏目|频道|平台|账号|帐号|端口|服务器|APP|App|app|群|站点|论坛|店铺"
_TO_STOP = rf"(?=[^，。；,;、]{{0,14}}?(?:{_BUSINESS}))"
_ON_SITE = rf"(?=[^，。；,;、]{{0,12}}?(?:{_SITE}))"
_BY_ORDER = "(?:(?<=责令关闭)|(?<=依法关闭)|(?<=予以关闭)|(?<=决定关闭)|(?<=被关闭))"
_DIGIT = "[\\d一二三四五六七八九十两壹贰叁肆伍陆柒捌玖]"
_NUMBER = rf"{_DIGIT}[\d.,一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟余多]{{0,14}}"
_SUM = rf"了?(?:人民币)?{_NUMBER}[万亿元块千百]"
_SOMEBODY = r"[^，。；,;、：:\d\s款金没单处则钱]{1,14}?"
_TO_COURT = "[^，。；,;]{0,16}?起诉"
_YEARS = rf"(?=[^，。；,;、断定决]{{0,12}}?(?:{_DIGIT}[\d一二三四五六七八九十]{{0,2}}(?:年|个月)|半年))"
_FROM_WORK = r"(?=[^，。；,;]{0,12}?从事|[^，。；,;]{1,20}?(?:之日起|内|期间)[^，。；,;]{0,12}?从事)"
_SENTENCED = r"(?![^，。；,;]{0,24}?免[予于除]刑)(?=[^，。；,;]{0,24}?(?:年|月|刑|役|管制|缓刑))"

WORDS: dict[str, tuple[Measure, str]] = {
    # administrative penalties
    "行政警告": (WARNING, ""),
    "警告": (WARNING, r"(?![信标称说语框声牌线]|道[，：“]|提示|用户|页面|网友)(?<![发弹]出..)(?<!系统..)"),
    "通报批评": (CRITICISM, ""),
    "警示函": (Measure("警示函", "other"), ""),
    "罚款": (FINE, r"(?!收据|票据|缴纳|决定书|数额|标准|幅度|(?:平台|系统|网站)(?![^，。；]{0,14}元))"),
    "处罚款": (FINE, "(?<![理事表]处罚款)"),
    "罚没": (CONFISCATION_AND_FINE, ""),
    "罚单": (FINE, "(?<![停章对]罚单)(?<!交通罚单)"),
    "罚": (FINE, rf"(?<![刑扣体惩奖]罚)(?={_SUM}|{_SOMEBODY}{_SUM})"),
    "没收": (CONFISCATION, "(?![回到拾])"),
    "追缴": (CONFISCATION, ""),
    "停机整顿": (Measure("停机整顿", "suspension"), ""),
    "停业整顿": (Measure("停业整顿", "suspension"), ""),
    "停网整顿": (Measure("停机整顿", "suspension"), ""),
    "停止联网": (Measure("停止联网", "suspension"), ""),
    "暂停联网": (Measure("停止联网", "suspension"), ""),
    "暂停": (SUSPENSION_OF_BUSINESS, _TO_STOP),
    "停止": (SUSPENSION_OF_BUSINESS, _TO_STOP),
    "关闭": (CLOSING, _ON_SITE + _BY_ORDER),
    "关停": (Measure("关停", "shutdown"), ""),
    "下架": (TAKING_DOWN, r"(?<!主动下架)(?<!自行下架)"),
    "下线": (TAKING_DOWN, r"(?<=[令以被]下线)"),
    "吊销": (REVOCATION, ""),
    "注销备案": (REVOCATION, r"(?:(?<=[被责令予以依法]注销备案))"),
    "行政拘留": (DETENTION, ""),
    "治安拘留": (DETENTION, ""),
    "拘留": (DETENTION, r"(?!所|室|证)"),
    "行拘": (DETENTION, ""),
    "被拘": (DETENTION, rf"(?={_DIGIT}{{1,3}}[日天])"),
    "行政处罚": (PENALTY, r"(?!法|程序|决定书|案|权|裁量|告知|依据|信息|公[开示])"),
    # What a court says of the term that it weighs (应予从重处罚) is no penalty of its own.
    "处罚": (
        PENALTY,
        r"(?![款金没]|法|程序|决定书|案例|权|裁量|告知|标准|力度|依据|金额|措施)(?<!从[重轻宽严]处罚)(?<!减轻处罚)",
    ),
    "被罚": (PENALTY, rf"(?![款没单]|{_SUM})"),
    "受罚": (PENALTY, ""),
    "被查": (PENALTY, r"(?=[，。；！\s]|处(?!理)|$)"),
    # orders
    "责令": (ORDER, r"(?!.?整改通知)"),
    "限期": (ORDER, r"(?=[^，。；,;、]{0,8}?(?:整改|改正|备案|纠正|完成))"),
    "整改通知": (ORDER, ""),
    "改正通知": (ORDER, ""),
    "约谈": (INTERVIEW, ""),
    "训诫": (ADMONITION, ""),
    # courts and criminal procedure
    "刑事拘留": (CUSTODY, ""),
    "刑拘": (CUSTODY, ""),
    "批准逮捕": (ARREST, r"(?<!不批准逮捕)"),
    "执行逮捕": (ARREST, ""),
    "逮捕": (ARREST, r"(?!证)"),
    "批捕": (ARREST, ""),
    "被捕": (ARREST, r"(?![获捉])"),
    "提起公诉": (PROSECUTION, ""),
    "被公诉": (PROSECUTION, ""),
    "被诉": (PROSECUTION, r"(?=[^，。；,;]{0,30}?罪)"),
    "移送": (PROSECUTION, f"(?={_TO_COURT})"),
    "审查起诉": (PROSECUTION, ""),
    "起诉": (PROSECUTION, r"(?!书|意见)(?<!不起诉)"),
    "被控": (PROSECUTION, r"(?=[^，。；,;]{0,30}?(?:罪|犯|涉嫌))(?!制)"),
    "指控": (PROSECUTION, ""),
    "追诉": (PROSECUTION, "(?![时期权]|标准)"),
    "判处": (SENTENCE, _SENTENCED),
    "改判": (SENTENCE, _SENTENCED),
    "被判处": (SENTENCE, _SENTENCED),
    "改判为": (SENTENCE, _SENTENCED),
    "被判": (SENTENCE, r"(?!断|定)" + _SENTENCED),
    "获刑": (SENTENCE, ""),
    "领刑": (SENTENCE, ""),
    "判刑": (SENTENCE, ""),
    "判": (SENTENCE, _YEARS),
    "有期徒刑": (PRISON, ""),
    "无期徒刑": (Measure("无期徒刑", "imprisonment"), ""),
    "徒刑": (PRISON, ""),
    "拘役": (JAIL, ""),
    "缓刑": (PROBATION, ""),
    "罚金": (CRIMINAL_FINE, "(?<!缴罚金)(?<!缴纳罚金)(?<!缴纳..罚金)"),
    "处罚金": (CRIMINAL_FINE, "(?<![理事表]处罚金)"),
    "刑事强制措施": (COERCION, ""),
    "强制措施": (COERCION, r"(?<=采取强制措施)"),
    "取保候审": (COERCION, ""),
    "取保": (COERCION, "(?<=[被均已人予以]取保)"),
    "监视居住": (COERCION, ""),
    "刑事责任": (LIABILITY, ""),
    "刑责": (LIABILITY, ""),
    "从业禁止": (BAN, ""),
    "禁止": (BAN, _FROM_WORK + r"(?<![律规令所国]禁止)"),
    "市场禁入": (BAN, ""),
    "禁业": (BAN, ""),
    "退赔": (AMENDS, "(?![数金]额|款|协议|谅解)"),
    "公开道歉": (AMENDS, ""),
    "赔礼道歉": (AMENDS, ""),
    # discipline and lists
    "政务处分": (DISCIPLINE, ""),
    "党纪处分": (DISCIPLINE, ""),
    "记过": (DISCIPLINE, ""),
    "开除": (DISCIPLINE, ""),
    "撤职": (DISCIPLINE, ""),
    "黑名单": (BLACKLIST, r"(?:(?<=[列纳]入黑名单)|(?<=失信黑名单))"),
    "异常名录": (BLACKLIST, ""),
    # steps on the way
    "抓获": (CATCHING, ""),
    "抓捕": (CATCHING, r"(?!组|行动|工作)"),
    "被抓": (CATCHING, r"(?!取|拍|获)"),
    "缉拿": (CATCHING, ""),
    "擒获": (CATCHING, ""),
    "通缉": (CATCHING, ""),
    "落网": (CATCHING, ""),
    "归案": (CATCHING, ""),
    "立案": (FILING, ""),
    "移送司法机关": (TRANSFER, f"(?!{_TO_COURT})"),
    "移送公安机关": (TRANSFER, f"(?!{_TO_COURT})"),
    "移送公安": (TRANSFER, f"(?!{_TO_COURT})"),
    "移送检察机关": (TRANSFER, f"(?!{_TO_COURT})"),
    "传唤": (SUMMONS, ""),
    "打掉": (BREAKING_UP, ""),
    "捣毁": (BREAKING_UP, ""),
    "端掉": (BREAKING_UP, ""),
    "摧毁": (BREAKING_UP, ""),
}  # fmt: skip


def _alternation(words: dict[str, tuple[Measure, str]]) -> str:
    """The words, longest first, factored by first character: `re` then skips to where one may begin."""
    branches = []
    for first in dict.fromkeys(word[0] for word in words):
        group = sorted((word for word in words if word[0] == first), key=len, reverse=True)
        branches.append(f"{first}(?:{'|'.join(word[1:] + words[word][1] for word in group)})")
    return "|".join(branches)


TRIGGER = expression(_alternation(WORDS))
"""Finds the words; `WORDS[match.group()][0]` is the measure."""
