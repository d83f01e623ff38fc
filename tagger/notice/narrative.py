"""Whether a passage tells a case of its own: somebody, at some time, was dealt with by somebody, somehow."""

from __future__ import annotations

from tagger.expressions import expression

_ENOUGH = 2000
"""What a case says of itself, it says within its first so many characters."""

_OUTCOME = expression(
    "罚款|处罚|警告|判刑|获刑|被判|判决|宣判|受审|批捕|刑拘|行拘|罚金|追究|受处|责令|约谈|拘留|逮捕|判处|有期徒刑|拘役|强制措施|刑事责任|立案|查处|通报批评|下架|关停|停业|停机|停止联网|吊销|没收|抓获|移送|被罚"
    "|训诫|批评教育|取缔|打掉|捣毁|侦破|破获|归案|落网|起诉|受罚|被查|被处|整改|追责|问责|处分|开除|免职"
    "|[Ff]ined?\\b|penalt|sentenced|warn(?:ed|ing)|ordered|detained|arrested|prosecuted|suspended|shut down"
)
_AUTHORITY = expression(
    "公安|网安|网警|警方|民警|派出所|法院|检察|网信|通信管理|通管局|工信|市场监管|市监|监管局|监督管理|管理局|银保监|证监|人民银行|国家安全|保密局|执法"
    "|[Pp]olice|[Cc]ourt|[Rr]egulator|CAC|MIIT|Cyberspace Administration|Public Security|authorit"
)
_TIME = expression(
    r"(?:19|20)\d\d ?年|[今去前本当]年|\d{1,2} ?月|近日|近期|日前|此前|近年来"
    r"|(?:19|20)\d\d[-/.]\d|\b(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b|\bIn 20\d\d"
)
_PARTY = expression(
    "公司|医院|学校|学院|大学|中学|小学|幼儿园|银行|酒店|宾馆|网吧|单位|企业|平台|网站|[Aa][Pp][Pp]|集团|运营商|运营者|机构|工厂|商户|个体|中心|协会|事务所"
    "|[\u4e00-\u9fff]某|某[\u4e00-\u9fff]|[×xX*]{2}|男子|女子|员工|嫌疑人|团伙|黑客"
    "|[Cc]ompany|[Hh]ospital|[Ss]chool|[Uu]niversity|[Bb]ank|[Hh]otel|[Pp]latform|[Ff]irm|[Oo]perator|Ltd|Inc|[Mm]an\\b"
)

# How a finding or a measure begins, rather than a case. A story that begins so says who, when and by whom.
_PART = expression(
    '[“"]?(?:未|没有|没能|不|缺|存在|无(?:网络|备案|安全|专人|制度|相关|任何|有效|资质|日志)|应(?:当|该|急|及时|加强|建立|落实|采取|定期|按)|要|须|需|请|勿|切勿|切莫'
    "|加强|强化|落实|建立|健全|完善|开展|提高|提升|增强|切实|严格|严厉|进一步|定期|及时|坚持|持续|深化|推进|推动|加大|加快|做好|树立|明确|制定|采取|履行"
    "|违反|违法|拒不|涉嫌|关于|依据|根据|依照|国家(?:实行|鼓励|支持|建立|采取|保护|对|机关工作|网信部门)|任何|网络运营者|使用|安装|选择|注意|谨慎|警惕|保护|学会"
    "|养成|发现|如(?:何|果|发现|遇|有)|若|通过|总体|工作|下一步|目标|组织(?:领导|实施|开展|保障)"
    "|基本原则|指导思想|[Ff]ailed|[Ff]ailing|[Nn]o\\b|[Dd]id not|[Dd]o\\b|[Uu]se|[Ss]et)"
)
# How a sanction, or a clause about a party that was named above, begins.
_CLAUSE = expression(
    '[“"]?(?:对|就|针对|给予|处以|处[一二三四五六七八九十\\d]|责令|没收|罚款|警告|吊销|暂停|依法|由|上述|该|其|涉案|被告|犯罪嫌疑人|嫌疑人|原告)'
)
_CASE_TITLE = expression(
    r"(?:案|案件|案例|一案)[”\"]?[（(]?[^。]{0,20}$|(?:被|受到|遭|获|受)(?:依法)?(?:行政|刑事)?(?:处罚|罚|查处|查|处|警告|约谈|拘留|刑拘|判刑|责令|通报|立案|整改)|(?:查处|侦破|破获|打掉|处罚|约谈|通报|抓获)"
)
_OVERVIEW = expression("(?:综述|概述|概况|总体情况|前言|引言|导读|导语|目录|总结)$")
_ENDS_IN_CASE = expression(r"案[”\"]?(?:[（(][^）)]{1,20}[）)])?[:：。]?$")

_CLOSING = expression(
    r"(?:下一步|接下来|今后|下阶段|未来)[，,工将]|[^。]{0,40}?(?:将|会)(?:继续|持续|进一步|始终|坚持|保持|不断|依法严厉|以“?零容忍)|[^。，]{0,20}(?:举报(?:电话|热线|邮箱|方式)|拨打(?:110|96110|12377))"
    r"|[^。]{0,30}(?:呼吁|希望|提醒|敬请|号召)广大"
)

_ANNOUNCES = expression(
    r"(?:(?!1[起个件例家])\d{1,4}|[二两三四五六七八九十]{1,3}|多|数|一批|部分)[起个件例家批]?[^。，；\n]{0,24}(?:案例|案件|案$)|典型案例|(?:案例|案件|情况|名单)[^。\n]{0,10}如下|(?:公布|发布|通报|曝光)[^。，；\n]{0,24}(?:案例|案件)$|以下[^。\n]{0,10}案例"
    r"|\d{1,5} (?:typical )?cases|typical cases"
)

_ONE_EVENT = expression(
    "经查|经审理|经调查|查明|(?:调查|检查|排查|检测)(?:中)?发现|(?:作出|给予)(?:以下|下列|如下)|(?:处罚|决定|处理|判决)如下|(?:以下|下列|如下)(?:问题|违法|行为|情形|事实)"
    "|该(?:公司|单位|平台|医院|学校|行|局)|(?:破获|侦破|打掉|捣毁|查处|查获|侦办)了?一[起个宗件]"
)


def tells_case(title: str, body: str) -> bool:
    """Whether an item of a series is a case, by its title (may be empty) and its text without boxes.

    A finding (未制定…), a measure (加强…), a sanction (对…罚款) and a section (处罚结果) are no cases.
    """
    head = body[:_ENOUGH]
    text = f"{title}\n{head}"
    if len(text) < 25 or not _OUTCOME.search(text):
        return False
    if _ENDS_IN_CASE.search(title):
        return bool(head.strip())
    signs = [bool(sign.search(text)) for sign in (_AUTHORITY, _TIME, _PARTY)]
    if is_part(title or head) and (title or _CLAUSE.match(head) or not all(signs)):
        return False
    return signs[2] and sum(signs) >= 2


def is_part(text: str) -> bool:
    """Whether a title or an item's text begins as a part of one case does, and is no case's title."""
    first = text[:60]
    if _OVERVIEW.search(first) and len(text) < 60:
        return True
    return bool(_PART.match(first) or _CLAUSE.match(first)) and not (
        len(text) < 60 and _CASE_TITLE.search(first)
    )


def announces(title: str, body: str) -> bool:
    """Whether a page's title or its first paragraphs announce several cases, with a campaign's figures."""
    return bool(_ANNOUNCES.search(title) or _ANNOUNCES.search(body[:_ENOUGH]))


def tells_one_event(preamble: str) -> bool:
    """Whether what stands above a series has begun one case, whose findings, parties or sanctions follow."""
    return bool(_ONE_EVENT.search(preamble)) and not announces("", preamble)


def names_case(title: str) -> bool:
    """Whether a line without a number reads like the title of a case: it ends in 案, or says 被罚."""
    return bool(_ENDS_IN_CASE.search(title) or _CASE_TITLE.search(title))


def closes(line: str) -> bool:
    """Whether a paragraph behind the last case speaks of what comes next, or asks readers for something."""
    return bool(_CLOSING.match(line))


def tells_event(line: str) -> bool:
    """Whether a paragraph goes on with a case's story: a time and an authority."""
    return bool(_TIME.search(line[:60]) and _AUTHORITY.search(line))
