"""Which pages are round-ups, and what of a page belongs to a case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.notice import Document, Notice
from tagger.notice.errors import EmptyInput
from tagger.notice.split import notices


def split(text: str, title: str = "") -> list[Notice]:
    return notices(Document("page.txt", text, title))


TITLES = (
    "某科技公司未履行网络安全保护义务案",
    "某医院系统遭攻击被处罚案",
    "张某侵犯公民个人信息案",
    "某职业学院网站被篡改案",
    "某酒店未落实实名登记案",
    "某App超范围收集个人信息案",
    "某物流公司泄露客户面单案",
    "某网吧擅自停止安全技术措施案",
    "某燃气公司数据未加密案",
    "李某非法控制计算机信息系统案",
)
STORIES = (
    "2023年5月，某市公安局网安支队检查发现，某科技公司未留存网络日志。公安机关依据《网络安全法》第二十一条、第五十九条之规定，"
    "对该公司予以警告并罚款一万元。",
    "2023年6月，某县网警工作发现，某医院信息系统存在弱口令漏洞，被不法分子植入木马。县公安局依法对该医院予以警告，责令限期改正。",
    "2023年7月，某区公安分局破获一起侵犯公民个人信息案，抓获犯罪嫌疑人张某。张某被依法采取刑事强制措施。",
    "2023年8月，某职业学院官方网站首页被篡改为赌博页面。经查，该校未采取防范网络侵入的技术措施，属地公安机关对其处以罚款二万元。",
    "2023年9月，民警检查某酒店时发现，其公共无线网络没有落实用户实名登记，派出所依据《反恐怖主义法》对其责令改正。",
    "2023年10月，省通信管理局通报，某App强制索取通讯录权限，运营公司逾期未整改，被依法下架。",
    "2023年11月，某物流公司员工将客户面单拍照出售，市公安局网安支队对该公司不履行个人信息保护义务的行为处以警告。",
    "2023年12月，某网吧擅自停用安全管理软件，县公安局依据《互联网上网服务营业场所管理条例》对其罚款五千元。",
    "2024年1月，某燃气公司把用户数据明文存放在公网服务器上，网安部门依据《数据安全法》第二十七条、第四十五条对其罚款五万元。",
    "2024年2月，李某利用木马控制计算机两百余台，被某市人民法院判处有期徒刑三年，并处罚金。",
)
HAN = "一二三四五六七八九十"
PREAMBLE = (
    "某市公布网络安全执法典型案例\n"
    "今年以来，某市公安机关开展“净网2023”专项行动，查处网络安全案件120起，罚款200余万元。现公布典型案例：\n"
)

HEADER_STYLES = {
    "han": "{h}、{t}\n{b}",
    "han in brackets": "（{h}）{t}\n{b}",
    "number and point": "{n}.{t}\n{b}",
    "full-width number": "{w}．{t}\n{b}",
    "number and enumeration comma": "{n}、{t}\n{b}",
    "number in brackets": "({n}) {t}\n{b}",
    "number alone": "{n:02}\n{t}\n{b}",
    "number and space": "{n:02} {t}\n{b}",
    "number against the title": "{n:02}{t}\n{b}",
    "number and bar": "{n:02}丨{t}\n{b}",
    "circled": "{c}{t}\n{b}",
    "keycap": "{n}️⃣{t}\n{b}",
    "ringed on black": "{r} {t}\n{b}",
    "han in lenses": "【{h}】{t}\n{b}",
    "letter": "{l}. {t}\n{b}",
    "all in one line": "案例{h}：{b}",
    "案例 above the title": "案例{h}\n{t}\n{b}",
    "案例 and colon": "案例{h}：{t}\n{b}",
    "案例 and no title": "案例{h}\n{b}",
    "典型案例": "典型案例{n} {t}\n{b}",
    "典型案例 and no title": "典型案例{n}\n{b}",
    "案例 in brackets": "【案例{n}】{t}\n{b}",
    "案例 in brackets alone": "【案例{h}】\n{b}",
    "案例 in brackets, one line": "【典型案例{n}】{b}",
    "第几案": "第{h}案 {t}\n{b}",
    "案例 and circled": "案例{c}{t}\n{b}",
    "案例 and brackets": "案例（{h}）：{t}\n{b}",
    "案例 without a number": "【案例】{t}\n{b}",
    "事件": "事件{h}：{t}\n{b}",
    "number, label below": "{n:02}\n案情回顾\n{b}\n网警说法\n企业应当加强防护。",
    "NO.": "NO.{n} {t}\n{b}",
    "markdown": "## {t}\n\n{b}\n",
    "bold": "**{t}**\n\n{b}\n",
    "bold and number": "**{h}、{t}**\n{b}",
    "title without a number": "{t}\n{b}",
    "title in the story's line": "{h}、{t}。{b}",
    "number and story": "{n}.{b}",
    "number, story, blank lines": "{n}、{b}\n\n",
    "label only": "案情简介：{b}\n处理结果：已处罚。",
    "sections inside": "案例{h}\n{t}\n【基本案情】\n{b}\n【处理结果】\n已依法处理完毕。",
    "report": "{t}\n\n案件回顾：\n\n{b}\n\n法律链接：\n\n国家实行网络安全等级保护制度。\n\n违法/犯罪 "
    "主体 政企机构",
    "report, box first": "{t}\n法律链接：\n国家实行网络安全等级保护制度。\n案件回顾：\n{b}",
    "box between": "{h}、{t}\n{b}\n网警提醒：网络运营者应当：\n1.落实等级保护制度；\n2.加强防护。",
    "statute between": "{h}、{t}\n{b}\n【法条链接】\n《中华人民共和国网络安全法》\n第二十一条 "
    "国家实行网络安全等级保护制度。",
    "lawyer between": "案例{n}：{t}\n{b}\n律师说法\n本案中企业的做法违反了网络安全法第二十五条，可处罚款。",
}


def round_up(style: str, number: int) -> str:
    return "\n".join(
        style.format(
            h=HAN[i],
            n=i + 1,
            w=chr(0xFF11 + i) if i < 9 else "１０",
            c=chr(0x2460 + i),
            r=chr(0x278A + i),
            l=chr(0x41 + i),
            t=TITLES[i],
            b=STORIES[i],
        )
        for i in range(number)
    )


@pytest.mark.parametrize("number", [2, 3, 10])
@pytest.mark.parametrize("preamble", [PREAMBLE, ""], ids=["preamble", "bare"])
@pytest.mark.parametrize("style", HEADER_STYLES.values(), ids=HEADER_STYLES)
def test_every_header_style_parts_a_round_up(style: str, preamble: str, number: int) -> None:
    cases = split(preamble + round_up(style, number))
    assert [case.case for case in cases] == list(range(1, number + 1))
    assert {case.cases_in_source for case in cases} == {number}
    for case, title, story in zip(cases, TITLES, STORIES, strict=False):
        assert case.title == (title if "{t}" in style else "")
        assert story in case.text
        assert not any(other in case.text for other in STORIES if other != story)
        assert "净网2023" not in case.text
        for boxed in ("国家实行", "落实等级保护制度；", "第二十五条", "加强防护"):
            assert boxed not in case.text


SINGLE = {
    "one paragraph": "某公司被罚\n" + STORIES[0],
    "no title": STORIES[0],
    "findings, one line": "某公司不履行网络安全保护义务被处罚\n2023年5月，某市网警检查某公司，"
    "发现其一是未制定内部安全管理制度；"
    "二是未采取防病毒措施；三是未留存日志。公安机关对其警告。",
    "findings, han": "某公司被处罚\n2023年5月，某市网警检查某公司。经查，"
    "该公司存在以下问题：\n一、未制定内部安全管理制度；\n"
    "二、未采取防范计算机病毒的技术措施，曾被责令改正；\n三、未按规定留存网络日志。\n公安机关依据《网络安全法》第五十九条罚款一万元。",
    "findings, is": "某公司被处罚\n经查，该公司：\n一是未制定内部安全管理制度，被责令改正后仍不改正；"
    "\n二是网站未备案，公安机关曾于2022年警告；\n"
    "三是没有留存日志。\n2023年5月，公安局对该公司罚款一万元。",
    "findings, numbers": "关于某银行的处罚\n2023年5月，监管局检查发现：\n1.未对重要数据加密；"
    "\n2.未建立应急预案；\n3.未报告网络安全事件，曾被约谈。\n"
    "对其罚款五十万元。",
    "findings in brackets": "某医院被罚\n2023年5月，公安局检查发现某医院：\n（一）未落实等级保护制度；"
    "\n（二）系统弱口令；\n（三）未开展测评。\n"
    "依据《网络安全法》第五十九条，责令改正并警告。",
    "sections, han": "某公司未履行网络安全保护义务案\n一、基本案情\n"
    + STORIES[0]
    + "\n二、处罚依据\n《网络安全法》第五十九条。\n"
    "三、处罚结果\n2023年5月，某市公安局对该公司罚款一万元。\n四、典型意义\n本案警示企业。",
    "sections, brackets": "某公司处罚案例\n【基本案情】\n"
    + STORIES[0]
    + "\n【处理结果】\n2023年6月，公安机关对该公司罚款一万元，责令改正。",
    "sections, bold": "**某公司未履行网络安全保护义务案**\n\n**基本案情**\n\n"
    + STORIES[0]
    + "\n\n**处理结果**\n\n2023年6月，公安机关对该公司罚款一万元。",
    "decision": "行政处罚决定书\n当事人：某科技公司\n一、违法事实和证据\n2023年5月，某公司未留存日志，"
    "以上事实有笔录证明。\n二、行政处罚的种类和依据\n"
    "依据《网络安全法》第五十九条，决定给予警告。\n三、处罚的履行方式和期限\n自收到决定书之日起十五日内缴纳罚款。\n某市公安局\n2023年5月6日",
    "sanctions": "某公司数据泄露被罚\n2023年5月，"
    "某市网信办依据《数据安全法》作出处罚：\n1.对某公司罚款五十万元；"
    "\n2.对直接负责的主管人员王某罚款五万元；\n"
    "3.责令暂停相关业务。",
    "defendants": "某团伙侵犯公民个人信息案宣判\n2023年5月，"
    "某区人民法院一审宣判：\n1.被告人张某犯侵犯公民个人信息罪，判处有期徒刑三年；\n"
    "2.被告人李某犯侵犯公民个人信息罪，判处有期徒刑二年；\n3.被告人王某判处有期徒刑一年。",
    "parties": "某市政务平台数据泄露，建设和运维单位均被罚\n2023年5月，某市公安局网安支队调查发现，"
    "该平台接口没有鉴权。\n"
    "1.甲公司作为建设单位未落实安全要求，公安机关对甲公司罚款五万元，责令限期改正；\n"
    "2.乙公司作为运维单位未及时修补漏洞，公安机关对乙公司罚款三万元，责令限期改正。",
    "sanctions for acts": "某平台被罚\n2023年5月，某省网信办对某平台作出如下处罚：\n"
    "一、针对未履行数据安全保护义务的行为，给予警告，罚款五万元；\n二、针对未建立投诉渠道的行为，责令改正，罚款一万元。",
    "sections with printed articles": "某公司网站被篡改案\n基本案情\n"
    + STORIES[0]
    + "\n法律依据\n《中华人民共和国网络安全法》\n"
    "第二十一条 国家实行网络安全等级保护制度。\n第五十九条 网络运营者不履行义务的，给予警告。"
    "\n处罚结果\n警告，罚款一万元。",
    "measures": "某公司被罚\n"
    + STORIES[0]
    + "\n1.加强网络安全教育，落实责任，否则公安机关将处罚；\n"
    + "2.建立健全制度，定期整改；\n3.及时报告公安机关。",
    "reminder with numbers": "某公司被罚\n"
    + STORIES[0]
    + "\n网警提醒\n一、企业要落实等级保护，否则公安机关将罚款；\n二、学校要加强管理，避免被公安机关处罚；",
    "statute": "中华人民共和国网络安全法（节选）\n第二十一条 国家实行网络安全等级保护制度。"
    "网络运营者应当履行下列安全保护义务。\n"
    "第二十五条 网络运营者应当制定网络安全事件应急预案。\n第五十九条 网络运营者不履行义务的，"
    "由有关主管部门责令改正，给予警告，处一万元以上十万元以下罚款。",
    "policy": "关于开展专项行动的通知\n一、总体要求\n贯彻落实网络安全法，公安机关依法查处违法企业。"
    "\n二、工作目标\n2023年12月前，公安机关责令全部单位整改。\n"
    "三、工作措施\n对拒不整改的企业由公安机关依法处罚。",
    "timeline": "张某非法获取计算机信息系统数据案\n经审理查明：\n1.2019年5月，张某侵入某公司系统，"
    "下载数据3万条；\n2.2019年6月，张某侵入某学校系统；\n"
    "3.2019年7月，张某侵入某医院系统。\n2020年3月，法院判处其有期徒刑四年。",
    "apps": "某局通报侵害用户权益的App\n2023年5月，某省通信管理局检查发现下列App未整改，"
    "予以通报：\n1.某某出行\n2.某某外卖\n3.某某读书\n4.某某医生",
    "one case under a header": "典型案例\n案例一\n" + STORIES[0],
    "people of one gang": "某市公安局破获特大侵犯公民个人信息案\n"
    "2023年5月，某市公安局网安支队破获一起特大侵犯公民个人信息案，抓获犯罪嫌疑人3名。\n"
    "1. 犯罪嫌疑人张某，男，30岁，2023年5月3日被刑事拘留，负责窃取数据。\n"
    "2. 犯罪嫌疑人李某，男，28岁，2023年5月4日被刑事拘留，负责出售数据。",
    "english": "Hospital fined over weak passwords\nIn May 2023 the police found that a hospital:\n1. "
    "failed to keep logs;\n"
    "2. did not patch its servers;\n3. had no incident plan.\nIt was fined 10,000 yuan under Article 59 "
    "of the Cybersecurity Law.",
}


@pytest.mark.parametrize("text", SINGLE.values(), ids=SINGLE)
def test_one_notice_stays_one(text: str) -> None:
    (notice,) = split(text)
    assert (notice.case, notice.cases_in_source) == (1, 1)


def test_findings_stay_in_the_text() -> None:
    (notice,) = split(SINGLE["findings, han"])
    assert notice.text == SINGLE["findings, han"]
    assert notice.offsets is None


def test_articles_printed_as_the_ground_stay() -> None:
    (notice,) = split(SINGLE["sections with printed articles"])
    assert "第五十九条 网络运营者不履行义务的" in notice.text


def test_no_split_keeps_a_round_up_whole_without_its_boxes() -> None:
    document = Document("page.txt", PREAMBLE + round_up(HEADER_STYLES["box between"], 3))
    (notice,) = notices(document, split=False)
    assert notice.title == "某市公布网络安全执法典型案例"
    assert all(story in notice.text for story in STORIES[:3])
    assert "净网2023" in notice.text
    assert "加强防护" not in notice.text


def test_a_text_that_lost_its_line_breaks() -> None:
    text = (
        "某市公布执法案例。" + "".join(f"案例{HAN[i]}：{STORIES[i]}" for i in range(3)) + "网警提醒：要守法。"
    )
    assert [case.text for case in split(text)] == list(STORIES[:3])
    assert len(split(f"{STORIES[0]}案例一：{STORIES[1]}")) == 1
    assert len(split(f"{STORIES[0]}（见案例二：）案例一：{STORIES[1]}")) == 1


def test_the_headline_that_announces_cases_is_none() -> None:
    text = "# 网信部门公布近期执法案例\n\n" + "\n\n".join(
        f"**{TITLES[i]}**\n\n{STORIES[i]}" for i in range(2)
    )
    assert [case.title for case in split(text)] == list(TITLES[:2])


def test_english_round_up() -> None:
    text = (
        "Police publish typical cases\nThis year the police opened 120 cases.\n"
        "Case 1: A hospital fined over weak passwords\nIn May 2023 the police found weak passwords at a "
        "hospital and fined it 10,000 yuan.\n"
        "Case 2: A school warned\nIn June 2023 a school was warned by the police because its site had "
        "been defaced."
    )
    assert [case.title for case in split(text)] == ["A hospital fined over weak passwords", "A school warned"]


def test_cases_under_chapters() -> None:
    text = PREAMBLE + (
        f"一、政府机关类\n（一）{TITLES[0]}\n{STORIES[0]}\n（二）{TITLES[1]}\n{STORIES[1]}\n"
        f"二、企业类\n（一）{TITLES[4]}\n{STORIES[4]}\n（二）{TITLES[5]}\n{STORIES[5]}\n"
    )
    assert [case.title for case in split(text)] == [TITLES[0], TITLES[1], TITLES[4], TITLES[5]]


def test_cases_in_one_chapter_of_a_report() -> None:
    text = (
        "某市网络安全执法工作情况\n一、工作开展情况\n2023年，公安机关检查单位500家，责令整改120家。\n二、典型案例\n"
        f"（一）{TITLES[0]}\n{STORIES[0]}\n（二）{TITLES[1]}\n{STORIES[1]}\n三、下一步工作\n公安机关将继续加大执法力度，依法处罚违法单位。"
    )
    cases = split(text)
    assert [case.title for case in cases] == [TITLES[0], TITLES[1]]
    assert "加大执法力度" not in cases[1].text


def test_a_table_of_contents_is_no_series_of_cases() -> None:
    contents = "\n".join(f"{HAN[i]}、{TITLES[i]}" for i in range(3))
    cases = split(PREAMBLE + contents + "\n" + round_up(HEADER_STYLES["han"], 3))
    assert [case.text for case in cases] == [f"{t}\n{b}" for t, b in zip(TITLES, STORIES, strict=True)][:3]


def test_numbered_findings_inside_the_cases_of_a_round_up() -> None:
    finding = (
        "经查，该公司：\n1.未制定制度；\n2.未留存日志；\n3.未整改，曾被公安机关责令改正。\n"
        "2023年5月，公安局对该公司罚款一万元。"
    )
    cases = split(PREAMBLE + "\n".join(f"{HAN[i]}、{TITLES[i]}\n{finding}" for i in range(3)))
    assert [case.title for case in cases] == list(TITLES[:3])
    assert all("2.未留存日志" in case.text for case in cases)


def test_a_box_that_stands_in_the_series_is_no_case() -> None:
    text = (
        PREAMBLE
        + round_up(HEADER_STYLES["han"], 3)
        + "\n四、网警提醒\n企业应当落实责任，否则公安机关将依法处罚。"
        + "\n五、法律链接\n第二十一条 国家实行等级保护制度。"
    )
    assert [case.title for case in split(text)] == list(TITLES[:3])


def test_the_closing_paragraph_is_no_part_of_the_last_case() -> None:
    cases = split(
        PREAMBLE
        + round_up(HEADER_STYLES["han"], 3)
        + "\n下一步，公安机关将持续加大监管执法力度，依法严厉打击网络违法犯罪。"
    )
    assert "下一步" not in cases[-1].text


BOXES = {
    "网警提醒, colon": "网警提醒：企业应当落实《网络安全法》第二十五条。",
    "警方提醒, line": "【警方提醒】\n不要泄露个人信息。\n1.设置强口令；\n2.定期更新。",
    "audience": "网警提醒广大网络运营者，要依照《网络安全法》第二十五条制定预案。",
    "律师说法": "律师说法：根据《个人信息保护法》第六十六条，可处五千万元以下罚款。",
    "法律链接": "法律链接：\n《网络安全法》第六十四条规定，窃取个人信息尚不构成犯罪的，"
    "由公安机关没收违法所得。",
    "articles": "《中华人民共和国网络安全法》\n第二十一条 国家实行网络安全等级保护制度。"
    "\n（一）制定内部安全管理制度；\n第二十五条 制定应急预案。",
    "law says": "《网络安全法》第二十五条规定：“网络运营者应当制定网络安全事件应急预案。”",
    "典型意义": "【典型意义】\n本案是适用《数据安全法》第四十五条的典型案件。",
    "普法": "普法小课堂\n什么是等级保护？《网络安全法》第二十一条有明确要求。",
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_boxes_are_no_part_of_a_case(box: str) -> None:
    (notice,) = split(f"某公司被罚\n{STORIES[3]}\n{box}")
    assert notice.text == f"某公司被罚\n{STORIES[3]}"
    assert not notice.quoted


def test_a_box_may_begin_within_a_line() -> None:
    (notice,) = split(f"某公司被罚\n{STORIES[3]}网警提醒：企业应当依照《网络安全法》第二十五条制定预案。")
    assert notice.text == f"某公司被罚\n{STORIES[3]}"


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_the_story_goes_on_behind_a_box(box: str) -> None:
    (notice,) = split(f"某公司被罚\n{box}\n{STORIES[3]}")
    assert notice.text == f"某公司被罚\n{STORIES[3]}"


@pytest.mark.parametrize(
    "ground",
    [
        "警方提醒后，该公司仍未整改，公安机关依据《网络安全法》第五十九条罚款一万元。",
        "《网络安全法》第二十一条规定，网络运营者应当留存日志。该公司未留存日志，被依法警告。",
        "第二十一条、第五十九条之规定，对该公司予以警告。",
        "法律责任由该公司承担，公安机关对其警告。",
    ],
)
def test_the_ground_of_a_case_is_no_box(ground: str) -> None:
    (notice,) = split(f"某公司被罚\n{STORIES[3]}\n{ground}")
    assert ground in notice.text


def test_a_document_that_is_one_box_is_kept_and_quoted() -> None:
    (notice,) = split(SINGLE["statute"])
    assert notice.text == SINGLE["statute"]
    assert notice.quoted == ((notice.body_start, len(notice.text)),)


def test_a_headline_may_name_a_column_of_boxes() -> None:
    (notice,) = split("网警提醒｜某公司因弱口令被罚\n" + STORIES[0])
    assert notice.text.endswith(STORIES[0])
    assert not notice.quoted


TITLE_RULE = [
    ("某公司被罚\n正文在此。", "某公司被罚"),
    ("某公司被罚。\n正文在此。", ""),
    ("某公司被罚", ""),
    ("某" * 59 + "\n正文在此。", "某" * 59),
    ("某" * 60 + "\n正文在此。", ""),
    ("\n\n  某公司被罚  \n\n正文在此。", "某公司被罚"),
    ("案件回顾：\n正文在此。", ""),
    ("# 某公司被罚\n\n正文在此。", "某公司被罚"),
    ("**某公司被罚**\n正文在此。", "某公司被罚"),
    ("Hospital fined\nThe police fined a hospital.", "Hospital fined"),
]


@pytest.mark.parametrize(("text", "title"), TITLE_RULE)
def test_the_first_line_is_the_title_when_it_is_short_and_no_sentence(text: str, title: str) -> None:
    (notice,) = split(text)
    assert notice.title == title
    assert notice.text.startswith(f"{title}\n" if title else notice.text[:3])
    assert notice.body_start == (len(title) + 1 if title else 0)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("正文在此。", [0, 1, 2, 3, 4]),
        ("\n\n  正文在此。", [4, 5, 6, 7, 8]),
        ("**正文**在此。", [2, 3, 6, 7, 8]),
    ],
)
def test_a_title_of_its_own_stands_above_the_text(text: str, places: list[int]) -> None:
    (notice,) = split(text, title="某公司被罚")
    assert (notice.title, notice.text) == ("某公司被罚", "某公司被罚\n正文在此。")
    assert notice.offsets is not None
    assert list(notice.offsets) == [-1] * 6 + places


@pytest.mark.parametrize("title", ["某公司被罚", "某公司 被罚", "某公司被罚_新闻中心_某网"])
def test_a_title_that_the_text_repeats_stands_once(title: str) -> None:
    (notice,) = split("某公司被罚\n正文在此。", title=title)
    assert notice.text == "某公司被罚\n正文在此。"


DATES = [
    ("某公司被罚\n发布时间：2023-05-06 10:11 来源：某网\n正文。", "2023-05-06"),
    ("某公司被罚\n2023年5月6日\n正文。", "2023-05-06"),
    ("某公司被罚\n2023/5/6 10:11\n正文。", "2023-05-06"),
    ("某公司被罚\n正文。\n某市公安局\n2023年5月6日", "2023-05-06"),
    ("某公司被罚\n正文。\n某市公安局\n二〇二三年五月二十六日", "2023-05-26"),
    ("某公司被罚\n发布时间：2023-15-06\n正文。", None),
    ("某公司被罚\n2023年5月6日，某公司被罚。", None),
]


@pytest.mark.parametrize(("text", "date"), DATES)
def test_the_day_of_publication(text: str, date: str | None) -> None:
    assert split(text)[0].date == date


def test_the_documents_own_date_comes_first() -> None:
    (notice,) = notices(Document("a.txt", DATES[0][0], date="2020-01"))
    assert notice.date == "2020-01"


def test_offsets_of_cases_point_into_the_document() -> None:
    text = PREAMBLE + round_up(HEADER_STYLES["bold and number"], 3)
    for case in split(text):
        assert case.offsets is not None
        at = case.text.index("2023年")
        assert text[case.offsets[at] : case.offsets[at] + 5] == case.text[at : at + 5]
        assert "".join(text[i] for i in case.offsets).replace("\n", "") == case.text.replace("\n", "")


@pytest.mark.parametrize(
    "text", ["", " \n\t\r\n", "\x00\x01\u200b", "\ud800\udfff", "﻿", "----\n****", "分享到：微信 微博"]
)
def test_nothing_to_tag(text: str) -> None:
    with pytest.raises(EmptyInput, match=r"page\.txt"):
        split(text)


PIECES = st.sampled_from(
    [
        *TITLES[:3],
        *STORIES[:3],
        "一、",
        "二、",
        "1.",
        "2.",
        "（一）",
        "案例一",
        "案例二",
        "01",
        "**",
        "# ",
        "\n",
        "网警提醒：",
        "案件回顾：",
        "第二十一条 ",
        "a",
        "某",
        "。",
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=40).map("".join))
def test_any_page_gives_notices_that_map_back(text: str) -> None:
    try:
        cases = split(text)
    except EmptyInput:
        return
    assert [case.case for case in cases] == list(range(1, len(cases) + 1))
    for case in cases:
        assert case.text.startswith(case.title)
        offsets = range(len(case.text)) if case.offsets is None else case.offsets
        assert len(offsets) == len(case.text)
        assert all(a <= b for a, b in zip(offsets, list(offsets)[1:], strict=False))
        assert not offsets or offsets[-1] < len(text)
        assert all(0 <= start < end <= len(case.text) for start, end in case.quoted)
