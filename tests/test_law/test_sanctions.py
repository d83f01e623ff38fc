"""Who got what: clauses as published notices write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.card import Sanction
from tagger.law.sanctions import find_sanctions, imposed, sanction_clauses


def short(sanction: Sanction) -> str:
    """`organisation fine 10000`: amounts in yuan, terms as 6m and 15d."""
    words = [sanction.on, sanction.kind]
    if sanction.amount_yuan is not None:
        words.append(f"{sanction.amount_yuan:g}")
    if sanction.months is not None:
        words.append(f"{sanction.months}m")
    if sanction.days is not None:
        words.append(f"{sanction.days}d")
    return " ".join(words)


ORG_WARNED = "organisation warning"
ORDERED = "organisation order-to-correct"

ADMINISTRATIVE = [
    ("依法对该公司处以罚款3万元，对直接负责的主管人员王某处以罚款5000元的行政处罚。",
     ["organisation fine 30000", "person fine 5000"]),
    ("对该公司及直接负责的主管人员陈某分别予以罚款10000元和5000元。",
     ["organisation fine 10000", "person fine 5000"]),
    ("给予该医院警告，并责令限期改正。", [ORG_WARNED, ORDERED]),
    ("警方依据《网络安全法》第五十九条，给予其行政警告处罚。", [ORG_WARNED]),
    ("对该单位予以6万元罚款，对相关责任人予以2万元罚款，同时责令该单位停机整顿。",
     ["organisation fine 60000", "person fine 20000", "organisation suspension"]),
    ("该公司被罚款30万元，公司信息安全负责人被罚款1万元。",
     ["organisation fine 300000", "person fine 10000"]),
    ("该网吧被处以警告并罚款人民币五千元整。", [ORG_WARNED, "organisation fine 5000"]),
    ("对该公司罚款￥30,000元。", ["organisation fine 30000"]),
    ("该公司被列入失信黑名单。", ["organisation other"]),
    ("对该企业罚款壹拾万元整。", ["organisation fine 100000"]),
    ("对某科技有限公司处人民币2.5万余元罚款。", ["organisation fine 25000"]),
    ("两家单位均被责令改正，并分别处以5万元罚款。", [ORDERED, "organisation fine 50000"]),
    ("法人代表和网络安全负责人各罚二万元。", ["person fine 20000"]),
    ("对该公司罚款一百二十万元，没收违法所得1407元。",
     ["organisation fine 1.2e+06", "organisation confiscation 1407"]),
    ("没收其违法所得人民币3,735.50元，并处罚款10万元。",
     ["organisation confiscation 3735.5", "organisation fine 100000"]),
    ("对学校处以停机整顿六个月的处罚。", ["organisation suspension 6m"]),
    ("责令该网站停止联网、停机整顿15日。", ["organisation suspension", "organisation suspension 15d"]),
    ("作出停业整顿一个月、罚款1万元的处罚。", ["organisation suspension 1m", "organisation fine 10000"]),
    ("责令其暂停新用户注册，全面深入整改。", ["organisation suspension"]),
    ("该APP被责令下架，并暂停信息更新7日。", ["organisation shutdown", "organisation suspension 7d"]),
    ("通信管理局依法关闭该网站，吊销其ICP经营许可证。", ["organisation shutdown", "organisation shutdown"]),
    ("网信办依法约谈该公司负责人，责令立即整改。", ["person interview", ORDERED]),
    ("该平台被约谈，限期十五日内整改到位。", ["organisation interview", ORDERED]),
    ("依法对其行政拘留三日。", ["person administrative-detention 3d"]),
    ("对违法行为人张某某处以行政拘留十日，并处五百元罚款。",
     ["person administrative-detention 10d", "person fine 500"]),
    ("李某被处以10日行政拘留。", ["person administrative-detention 10d"]),
    ("马某、孙某分别被行政拘留5日、3日。",
     ["person administrative-detention 5d", "person administrative-detention 3d"]),
    ("公安机关依法对其处以警告，责令限期三十日内改正。", [ORG_WARNED, ORDERED]),
    ("县公安局依法对该公司作出行政处罚。", ["organisation other"]),
    ("对该公司作出罚款2万元的行政处罚。", ["organisation fine 20000"]),
    ("对该公司给予行政处罚，并对其负责人赵某罚款1万元。", ["organisation other", "person fine 10000"]),
    ("银保监会对该行罚款450万元，并对相关责任人警告。", ["organisation fine 4.5e+06", "person warning"]),
    ("某银行因违反征信管理规定被罚18万元，时任副行长刘某被罚2万元。",
     ["organisation fine 180000", "person fine 20000"]),
    ("人民银行开出1200万元罚单。", ["organisation fine 1.2e+07"]),
    ("该支行收到罚单，罚款金额合计59.6万元。", ["organisation fine 596000"]),
    ("王某被禁止从事银行业工作三年。", ["person ban 36m"]),
    ("杨某被终身禁止从事教育行业。", ["person ban"]),
    ("责令当事人限期改正，给予警告，没收违法所得，并处违法所得三倍罚款。",
     [ORDERED, ORG_WARNED, "organisation confiscation", "organisation fine"]),
    ("责令公司立即改正违法行为，并处2000元至5000元不等罚款。",
     [ORDERED, "organisation fine 2000", "organisation fine 5000"]),
    ("市网信办对该单位予以通报批评。", ["organisation other"]),
    ("给予直接负责的主管人员周某行政警告。", ["person warning"]),
    ("民警对其进行了训诫，并责令其删除不实信息。", ["person other", "person order-to-correct"]),
    ("对该公司（统一社会信用代码91430100XXXX）警告并罚五万元。", [ORG_WARNED, "organisation fine 50000"]),
    ("经营者李某因未落实实名登记，被罚款三千元。", ["person fine 3000"]),
    ("依据《网络安全法》第六十一条，对公司处罚款十万元、责令暂停相关业务一个月、法定代表人罚款二万元。",
     ["organisation fine 100000", "organisation suspension 1m", "person fine 20000"]),
    ("对公司法人吴某（男，45岁，本地人）予以罚款1万元。", ["person fine 10000"]),
    ("该公司拒不改正，警方遂依法对其罚款5万元。", ["organisation fine 50000"]),
    ("网安大队对该中学下达《责令限期整改通知书》。", [ORDERED]),
    ("该店店主被批评教育，并处警告。", ["person warning"]),
    ("通报指出，对涉事的3家公司罚没款合计86万元。", ["organisation other 860000"]),
    ("中信银行某支行因泄露信息，被银保监分局罚款20万元。", ["organisation fine 200000"]),
    ("该店被依据《网络安全法》第四十四条、第六十四条第二款罚款八千元。", ["organisation fine 8000"]),
    ("办公室决定对该公司警告，并暂停其新增代理网点六个月。", [ORG_WARNED, "organisation suspension 6m"]),
    ("约谈该平台负责人，责令下线相关功能。", ["person interview", "organisation shutdown"]),
    ("对涉事三家分公司分别处以五万元、三万元罚款。", ["organisation fine 50000", "organisation fine 30000"]),
    ("对该管理处罚款80000元，对分管副主任罚款10000元。",
     ["organisation fine 80000", "person fine 10000"]),
    ("证监局对公司采取出具警示函的监管措施。", ["organisation other"]),
    ("该单位曾被责令整改，仍不落实，遂被处罚款2万元。", [ORDERED, "organisation fine 20000"]),
    ("依据第六十一条罚公司三十万元。", ["organisation fine 300000"]),
    ("罚公司一万元，公司已退还用户三万元。", ["organisation fine 10000"]),
    ("警方罚款网站五万元。", ["organisation fine 50000"]),
    ("对甲医院罚款五万元，对某企业罚款五万元。", ["organisation fine 50000", "organisation fine 50000"]),
    ("直接开出罚单：公司二十五万元，技术总监三万元。",
     ["organisation fine 250000", "person fine 30000"]),
    ("某公司未落实实名制被罚\n警方依据《网络安全法》第六十一条，对该公司罚款十万元。",
     ["organisation fine 100000"]),
    ("某公司被罚5万元\n公安机关依法对某公司罚款5万元。", ["organisation fine 50000"]),
    ("Meta被罚款，网站运营者受到警告处罚。", ["organisation fine", ORG_WARNED]),
    ("公安机关根据《数据安全法》第四十五条,对该公司处警告,并处罚款5万元;对直接责任人处罚款1万元。",
     [ORG_WARNED, "organisation fine 50000", "person fine 10000"]),
]  # fmt: skip

CRIMINAL = [
    ("法院以侵犯公民个人信息罪判处被告人刘某有期徒刑三年六个月，并处罚金人民币五万元。",
     ["person imprisonment 42m", "person criminal-fine 50000"]),
    ("何某犯侵犯公民个人信息罪，被判处拘役四个月，缓刑六个月，罚金二千元。",
     ["person imprisonment 4m", "person criminal-fine 2000"]),
    ("黄某获刑一年半，罚金10万。", ["person imprisonment 18m", "person criminal-fine 100000"]),
    ("法院以破坏计算机信息系统罪判郑某二年、吕某一年六个月。",
     ["person imprisonment 24m", "person imprisonment 18m"]),
    ("18人分别获刑八个月至四年不等，并处罚金。",
     ["person imprisonment 8m", "person imprisonment 48m", "person criminal-fine"]),
    ("判处丁某等5人有期徒刑七个月至两年三个月不等。", ["person imprisonment 7m", "person imprisonment 27m"]),
    ("将宋某改判为有期徒刑四年。", ["person imprisonment 48m"]),
    ("其中8人被判处拘役5个月至4年有期徒刑不等。", ["person imprisonment 5m", "person imprisonment 48m"]),
    ("分别判处两名被告人有期徒刑四年六个月、四年三个月，并各处罚金人民币一百万元。",
     ["person imprisonment 54m", "person imprisonment 51m", "person criminal-fine 1e+06"]),
    ("姚某被判处无期徒刑，剥夺政治权利终身。", ["person imprisonment"]),
    ("最终，雷某被判处有期徒刑三年，罚款两万元。", ["person imprisonment 36m", "person criminal-fine 20000"]),
    ("卢某因涉嫌帮助信息网络犯罪活动罪被刑事拘留。", ["person criminal-detention"]),
    ("公司负责人卢某、技术员杨某已被刑拘。", ["person criminal-detention"]),
    ("警方以涉嫌非法控制计算机信息系统罪将谢某刑拘。", ["person criminal-detention"]),
    ("检察院对犯罪嫌疑人许某批准逮捕。", ["person arrest"]),
    ("何某等6人已被检察机关依法批准逮捕。", ["person arrest"]),
    ("目前已逮捕4人，案件正在侦办。", ["person arrest"]),
    ("潘某、董某已被批捕。", ["person arrest"]),
    ("曹某等21人已移送检察机关审查起诉。", ["person prosecution"]),
    ("检察院以侵犯公民个人信息罪对彭某提起公诉。", ["person prosecution"]),
    ("该团伙12名成员被依法提起公诉。", ["person prosecution"]),
    ("目前，犯罪嫌疑人沈某已被采取刑事强制措施。", ["person other"]),
    ("韩某被依法取保候审。", ["person other"]),
    ("对三名被告人的违法所得予以追缴。", ["person confiscation"]),
    ("楼某被公司开除，并被行政拘留五日。", ["person other", "person administrative-detention 5d"]),
    ("被告单位犯非法控制计算机信息系统罪，判处罚金二十万元，技术总监邵某有期徒刑一年，缓刑一年六个月。",
     ["organisation criminal-fine 200000", "person imprisonment 12m"]),
    ("八名被告人均获刑，刑期七个月至二年三个月不等。", ["person imprisonment 7m", "person imprisonment 27m"]),
    ("涉事员工被追究刑事责任，公司被警告。", ["person other", ORG_WARNED]),
    ("公司犯侵犯公民个人信息罪，判处罚金五十万元；总经理田某判处有期徒刑二年。",
     ["organisation criminal-fine 500000", "person imprisonment 24m"]),
    ("夏某一审被判五年六个月。", ["person imprisonment 66m"]),
    ("庄某被判刑10个月。", ["person imprisonment 10m"]),
    ("禁止李某自刑罚执行完毕之日起三年内从事信息安全工作。", ["person ban 36m"]),
    ("冯某与门店均被公诉。", ["person prosecution", "organisation prosecution"]),
    ("公司经理等五人被捕。", ["person arrest"]),
    ("八名成员分获一年至五年徒刑。", ["person imprisonment 12m", "person imprisonment 60m"]),
    ("二人分别领刑三年三个月和三年六个月。",
     ["person imprisonment 39m", "person imprisonment 42m"]),
    ("三人均被取保。", ["person other"]),
    ("卢某、部门主管被诉侵犯公民个人信息罪。", ["person prosecution"]),
    ("法院判决蒋某赔礼道歉，禁止从事相关职业五年。", ["person other", "person ban 60m"]),
]  # fmt: skip

NONE = [
    "网络运营者不履行本法第二十一条规定的义务的，由有关主管部门责令改正，给予警告；拒不改正的，处一万元以上十万元以下罚款。",
    "情节严重的，处三年以下有期徒刑或者拘役，并处或者单处罚金。",
    "该行为可处五千元以上五万元以下罚款。",
    "因情节轻微，公安机关决定对该公司不予处罚。",
    "检察院对其作出不起诉决定。",
    "首次违法且及时改正，免于行政处罚。",
    "如果再不整改，将被处以罚款。",
    "网警提醒：侵犯公民个人信息的，最高可处七年有期徒刑。",
    "今年以来，全省公安机关共行政处罚违法单位1200家，责令整改3500家，抓获犯罪嫌疑人860名。",
    "专项行动开展以来，累计侦破案件320起，行政处罚单位415家，罚款200余万元。",
    "张某通过出售信息获利23万元。",
    "公司花费18万元恢复数据。",
    "法院以侵犯公民个人信息罪判处王某免予刑事处罚。",
    "系统弹出警告信息，提示存在病毒。",
    "李某购买公民信息，花去1万元。",
    "医院后台被攻击，被迫停止挂号。",
    "专案组抓获犯罪嫌疑人15名，案件正在进一步侦办中。",
    "该案已由公安机关立案侦查。",
    "黑客发来勒索邮件，威胁不付款就关机。",
    "被害人起诉书中提到的内容",
    "逾期不改将责令暂停业务。",
    "警方已提请检察院批准逮捕。",
    "因获利不大，未予追究刑责。",
    "涉案金额已达到立案追诉标准。",
    "法院认为，张某的行为构成犯罪，应予从重处罚。",
    "因数据未被下载，不予罚款。",
    "单位一直没有注销备案。",
    "三百万部手机被控，机主毫不知情。",
    "平台表示已关闭测试账号。",
    "她发现网店后台权限还没收回。",
    "",
    "该公司有权对行政处罚决定申请复议。",
    "市公安局召开网络安全执法通报会。",
    "被告单位当庭缴纳部分罚金，退赔数额不足。",
    "李某非法获取保险客户信息三千条。",
    "李某被判无罪。",
    "李某刑罚执行完毕后又骗取某公司三万元，公司扣罚员工二千元。",
    "对违停罚单不满的市民攻击了交警罚款平台。",
    "程序捕获数据包，被捕获的数据存在本地。",
    "当事人已被移送公安机关处理。",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ADMINISTRATIVE + CRIMINAL)
def test_clause(text: str, expected: list[str]) -> None:
    assert [short(sanction) for sanction in find_sanctions(text)] == expected


@pytest.mark.parametrize("text", NONE)
def test_no_sanction_of_a_case(text: str) -> None:
    assert find_sanctions(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对该公司处以罚款3万元", [("organisation", "该公司")]),
        ("对直接负责的主管人员王某罚款5000元", [("officer", "直接负责的主管人员王某")]),
        ("该运营商员工李某被刑事拘留", [("person", "该运营商员工李某")]),
        ("抓获犯罪嫌疑人15名", [("person", "犯罪嫌疑人15名")]),
        ("将该公司负责人卢某、杨某刑事拘留", [("officer", "该公司负责人卢某、杨某")]),
        ("李某因侵犯公民个人信息罪被刑拘", [("person", "李某")]),
        ("陕西西安某公司被罚款一万元", [("organisation", "陕西西安某公司")]),
        ("某公司报案。没收违法所得1200元，并处罚款二千元、行政拘留十日", [("person", "")] * 3),
        ("男子扫描水库平台被罚款一千元", [("person", "男子")]),
        ("员工泄露资料 某银行被罚款一万元", [("organisation", "员工泄露资料 某银行")]),
        ("网民举报某平台被罚款一万元", [("organisation", "网民举报某平台")]),
        ("某酒店将住客王某某的信息提供给他人。公安机关罚款一万元", [("organisation", "")]),
        ("某公司失职，致业主李某等信息泄露。公安机关罚款一万元", [("organisation", "")]),
        ("李某所在公司被罚款一万元", [("organisation", "李某所在公司")]),
        ("社区网格员苟某卖出居民名册。警方罚款三千元", [("person", "")]),
        ("某医院投诉，员工蓝某带走资料。没收其违法所得", [("person", "其")]),
        ("某公司未落实制度，员工李某卖出数据。罚款一万元", [("person", "")]),
        ("某公司报案。没收违法所得1200元，对郑某行政拘留十日", [("organisation", ""), ("person", "郑某")]),
        ("判处被告人赵某有期徒刑一年", [("person", "被告人赵某")]),
        ("郑某与吴某已被检察机关依法批准逮捕", [("person", "郑某与吴某")]),
        ("责令该单位停机整顿", [("organisation", "该单位")]),
        ("对公司及其实际负责人作出行政处罚", [("organisation", "公司"), ("officer", "实际负责人")]),
        ("对公司直接负责人谢某某（男，23岁，本地人）予以行政拘留5日", [("officer", "公司直接负责人谢某某")]),
        ("对未履行保护义务、侵害用户权益的某国有企业予以警告",
         [("organisation", "未履行保护义务、侵害用户权益的某国有企业")]),
        ("该公司不履行义务。警方依法对其警告", [("organisation", "其")]),
        ("某院护士李某转发名单。警方对其行政拘留", [("person", "其")]),
        ("某医院未设防护。警方给予警告", [("organisation", "")]),
        ("给予警告", [("unknown", "")]),
        ("网民小柯因偶像被批评，把他人住址发到群里。警方对其罚款二百元", [("person", "其")]),
        ("李某卖号。检察机关决定对其不起诉，由公安机关给予警告", [("person", "其")]),
        ("马某用软件访问托管网站，警方认定其擅自联网，罚款二百元", [("person", "其")]),
        ("牛某经某网站招募。经教育，牛某交出设备，国家安全机关对其作出警告", [("person", "其")]),
        ("三百名巡河员的位置外泄。软件由县水利局建设。警方给予警告", [("organisation", "")]),
        ("一名网友拍下视频。某健身馆未设密码。警方给予警告", [("organisation", "")]),
        ("抓到三百条会员的照片。警方给予警告", [("unknown", "")]),
        ("社区网格员被罚款一千元", [("person", "社区网格员")]),
        ("对某公司（以下简称甲公司）和负责人李某罚款一万元",
         [("organisation", "某公司"), ("officer", "负责人李某")]),
        ("对某公司北京总部及负责人李某罚款一万元",
         [("organisation", "某公司北京总部"), ("officer", "负责人李某")]),
        ("李某被检察院起诉至人民法院", [("person", "李某")]),
        ("李某卖信息。已被移送公安机关，罚款五千元", [("person", ""), ("person", "")]),
        ("某公司未设防护。警方发现其客户经理李某卖信息，罚款五百元", [("person", "其客户经理李某")]),
        ("李某对他人实施网络攻击，被警告", [("person", "李某")]),
        ("某公司未设防护。网安大队派员检查，给予警告", [("organisation", "")]),
        ("隐私被转发 男子被罚", [("person", "男子")]),
        ("翠屏区教师培训与教育研究中心被罚", [("organisation", "翠屏区教师培训与教育研究中心")]),
        ("对教师培训与教育研究中心罚款一万元", [("organisation", "教师培训与教育研究中心")]),
        ("对主管王强和某公司罚款一万元", [("officer", "主管王强"), ("organisation", "某公司")]),
        ("该校未设防护。检查人员发现仍未整改，追加罚款一万元", [("organisation", "")]),
        ("罚广告公司一万元，其负责人五千元", [("organisation", "广告公司"), ("officer", "其负责人")]),
    ],
)  # fmt: skip
def test_who_is_sanctioned(text: str, expected: list[tuple[str, str]]) -> None:
    clauses = sanction_clauses(text)
    assert [(clause.kind_of_punished, clause.punished) for clause in clauses] == expected
    for clause in clauses:
        assert clause.punished_span is None or text[slice(*clause.punished_span)] == clause.punished


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("决定对其罚款一万元", "imposed"),
        ("决定不予行政处罚", "denied"),
        ("可处五千元罚款", "threatened"),
        ("的，处一万元以上十万元以下罚款", "quoted"),
        ("今年以来，全市公安机关共罚款单位35家，警告120家", "total"),
        ("依据第五十九条“处一万元以上十万元以下罚款”的规定，对该公司罚款一万元", "quoted imposed"),
    ],
)
def test_mood(text: str, mood: str) -> None:
    assert " ".join(dict.fromkeys(clause.mood for clause in sanction_clauses(text))) == mood


def test_quoted_spans_are_no_sanctions() -> None:
    text = "对该公司警告。提示：对张某罚款一万元。"
    assert len(find_sanctions(text)) == 2
    assert [short(s) for s in find_sanctions(text, [(7, len(text))])] == ["organisation warning"]


def test_steps_are_told_but_no_sanctions() -> None:
    (clause,) = sanction_clauses("专案组抓获黄某等38人。")
    assert (clause.measure, clause.step, clause.negated) == ("抓获", True, False)
    assert find_sanctions("专案组抓获黄某等38人。") == ()


def test_spans_cover_the_phrase() -> None:
    text = "警方对该公司处以罚款3万元，并责令其限期改正。"
    fine, order = find_sanctions(text)
    assert [text[slice(*span)] for span in fine.spans] == ["罚款3万元"]
    assert [text[slice(*span)] for span in order.spans] == ["责令其限期改正"]


def test_what_the_title_says_again_is_one_sanction_with_both_places() -> None:
    text = "某公司被罚5万元\n公安机关依法对某公司罚款5万元。"
    (fine,) = find_sanctions(text)
    assert [text[slice(*span)] for span in fine.spans] == ["罚5万元", "罚款5万元"]


def test_a_title_may_call_the_party_otherwise() -> None:
    title = "短信平台不核实身份，罚款五万\n"
    clauses = sanction_clauses(f"{title}某公司售卖通道。网警对公司罚款五万元，对同案的李某罚款五万元。")
    assert [short(one) for one in imposed(clauses, len(title))] == [
        "organisation fine 50000", "person fine 50000"
    ]  # fmt: skip
    assert len(imposed(clauses)) == 3
    clauses = sanction_clauses("平台被罚\n网警对公司罚款五万元。")
    assert [short(one) for one in imposed(clauses, 5)] == ["organisation fine 50000"]
    title = "两男子造谣，张某被行拘五日\n"
    clauses = sanction_clauses(f"{title}警方对李某行政拘留五日，对张某行政拘留五日。")
    assert len(imposed(clauses, len(title))) == 2


@given(
    st.text(
        alphabet="对该公司及负责人李某因被处以罚款一万元警告责令限期改正，。、；判处有期徒刑年月日拘留没收抓获（）不予可",
        max_size=120,
    )
)
def test_anything(text: str) -> None:
    for clause in sanction_clauses(text):
        for start, end in clause.sanction.spans:
            assert 0 <= start < end <= len(text)
    assert len(find_sanctions(text)) <= len(sanction_clauses(text))


@pytest.mark.parametrize(
    "piece",
    [
        "罚款",
        "警告。",
        "对公司罚款",
        "对该公司处以罚款3万元，",
        "判处李某有期徒刑三年、",
        "责令，",
        "抓获李某",
        "罚1元",
        "公司",
        "一",
    ],
)
def test_time_grows_with_the_length(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        find_sanctions(text)
        return time.process_time() - start

    seconds(1000)
    # Side by side, because a shared machine is fast and slow by turns; a quadratic one takes 100 times as long.
    assert min(seconds(40_000) / max(seconds(4_000), 1e-3) for _ in range(3)) < 40
