"""Builds tests/data/files/ and files.json: files as users have them, and what must be read from each.

python tests/data/build_files.py    (needs the extra `docs`; the results are committed)

Places, companies and events are invented. files.json is written from the notices below, never from
what the readers give.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FILES = HERE / "files"


@dataclass
class Written:
    title: str
    paragraphs: list[str]
    date: str | None = None

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.body}"


LOGS = Written(
    "江州一科技公司未履行网络安全保护义务被处罚",
    [
        "2023年5月，江州市公安局网安支队在日常检查中发现，辖区某科技公司运营的信息系统未按规定留存网络日志，且存在多个高危漏洞。",
        "经查，该公司未制定内部安全管理制度和操作规程，未确定网络安全负责人，未采取防范计算机病毒和网络攻击的技术措施。",
        "江州市公安局依据《中华人民共和国网络安全法》第二十一条、第五十九条第一款之规定，对该公司予以警告，并处罚款一万元，责令其限期改正。",
    ],
)
CLINIC = Written(
    "沐川某医院系统被植入木马",
    [
        "2022年11月，沐川县网警接到通报，某医院挂号系统向境外地址持续发送数据。",
        "民警到场检查，该院服务器使用弱口令，等级保护测评超期两年，未开展应急演练。县公安局依据《网络安全法》第21条、第59条，对医院警告并责令改正，"
        "对直接负责的主管人员罚款5000元。",
    ],
)
LEAK = Written(
    "快递站点员工倒卖面单，公司被约谈",
    [
        "2021年9月，临河区公安分局侦破一起侵犯公民个人信息案件，某快递站点分拣员周某以每张1.5元的价格出售客户面单照片2.3万张。",
        "周某被采取刑事强制措施。分局对快递公司开展“一案双查”，因其未履行个人信息保护义务，依照《个人信息保护法》第六十六条予以警告。",
    ],
)
SCHOOL = Written(
    "某职业学院官网首页被篡改",
    [
        "2024年3月12日，石桥市网安大队巡查发现，某职业学院官方网站首页被篡改为赌博页面。该院网站自2019年上线后无人维护，未备案，也没有防篡改措施。",
        "公安机关依据《计算机信息网络国际联网安全保护管理办法》第二十三条，对学院处以警告，并停止联网十五日。",
    ],
)
APP = Written(
    "某健身App超范围收集位置信息",
    [
        "2020年6月，南屏省通信管理局检查发现，某健身App在用户拒绝授权后仍每五分钟读取一次精确位置。",
        "依据《网络安全法》第四十一条、第六十四条，该局责令运营公司改正，公司逾期未改，App被下架。",
    ],
)
HOTEL = Written(
    "酒店无线网络未实名，经理被罚",
    [
        "2023年8月，北丰县公安局检查某商务酒店，发现其免费无线网络没有落实用户实名登记，也未留存上网日志。",
        "县公安局依据《中华人民共和国反恐怖主义法》第八十六条，对酒店罚款十万元，对经理刘某罚款一万元。",
    ],
)
BANK = Written(
    "某银行分行违规查询客户账户",
    [
        "2022年4月，银保监会南屏监管局公布处罚决定，某银行江州分行员工未经授权查询客户账户流水并外传。",
        "监管局依据《商业银行法》第七十三条，对该分行罚款五十万元，对两名责任人予以警告。",
    ],
)
TAIWAN_SOURCE = (
    "某資訊公司伺服器遭駭客入侵",
    "2023年2月，江州市公安局查明，某資訊公司的伺服器因程式漏洞遭駭客入侵，客戶資料外洩。公安局依據《網路安全法》第二十一條處以罰款。",
)
TAIWAN = Written(
    "某信息公司服务器遭黑客入侵",
    [
        "2023年2月，江州市公安局查明，某信息公司的服务器因程序漏洞遭黑客入侵，客户数据外泄。公安局依据《网络安全法》第二十一条处以罚款。"
    ],
)
PREAMBLE = "2023年以来，江州市公安机关组织开展“净网”专项行动，检查单位1200余家，处罚320家。现公布典型案例："
ROUND_UP = [LOGS, CLINIC, LEAK]


@dataclass
class Expected:
    """What a file gives: its notices in order, or the kind of its error."""

    notices: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        written: Written,
        source: str,
        *,
        date: str | None = None,
        title: str | None = None,
        doubtful: bool = False,
    ) -> Expected:
        title = written.title if title is None else title
        text = f"{title}\n{written.body}" if title else written.body
        self.notices.append(
            {"source": source, "title": title, "date": date, "text": text, "doubtful": doubtful}
        )
        return self

    def fail(self, source: str, kind: str) -> Expected:
        self.notices.append({"source": source, "error": kind})
        return self


EXPECTED: dict[str, Expected] = {}


def put(name: str, data: bytes, expected: Expected) -> None:
    (FILES / name).write_bytes(data)
    EXPECTED[name] = expected


def good(name: str, data: bytes, written: Written, **further: Any) -> None:
    put(name, data, Expected().add(written, name, **further))


def bad(name: str, data: bytes, kind: str) -> None:
    put(name, data, Expected().fail(name, kind))


# ---- text ----------------------------------------------------------------------------------------


def build_text() -> None:
    good("utf8.txt", LOGS.text.encode(), LOGS)
    good("utf8-bom-crlf.txt", CLINIC.text.replace("\n", "\r\n").encode("utf-8-sig"), CLINIC)
    good("gb18030.txt", LEAK.text.encode("gb18030"), LEAK)
    good("utf16le-bom.txt", SCHOOL.text.encode("utf-16"), SCHOOL)
    good("utf16be-bom.txt", b"\xfe\xff" + APP.text.encode("utf-16-be"), APP)
    good("utf16le-bare.txt", HOTEL.text.encode("utf-16-le"), HOTEL)
    good("big5-taiwan.txt", "\n".join(TAIWAN_SOURCE).encode("big5"), TAIWAN)
    wrapped = [f"    {BANK.title}", ""]
    for paragraph in BANK.paragraphs:
        indented = "　　" + paragraph
        wrapped += [indented[i : i + 30] for i in range(0, len(indented), 30)]
    good("hard-wrapped-gbk.txt", "\r\n".join(wrapped).encode("gbk"), BANK)
    furniture = (
        f"首页 > 警务资讯 > 正文\n{LOGS.title}\n发布时间：2023-05-26 "
        f"10:11　来源：江州网警　浏览次数：120\n【字号：大 中 小】\n\n"
        + "\n\n".join("　　" + paragraph for paragraph in LOGS.paragraphs)
        + "\n\n责任编辑：张三\n分享到：微信 微博 QQ空间\n上一篇：我市召开反诈宣传工作推进会\n下一篇：没有了\n"
        "扫一扫在手机打开当前页\n某ICP备05012345号-1\n"
    )
    good("pasted-page.txt", furniture.encode(), LOGS, date="2023-05-26")
    full_width = CLINIC.text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    good("full-width-digits.txt", full_width.encode(), CLINIC)
    invisible = LEAK.text.replace("，", "\u200b，").replace("公司", "公\u00ad司") + "\x00\x07"
    good("invisible-characters.txt", invisible.encode(), LEAK)
    garbled = LOGS.text.encode().decode("gb18030", "replace").encode()
    put("mojibake.txt", garbled, Expected([{"source": "mojibake.txt", "doubtful": True, "text": None}]))
    cut = APP.text.encode()[:-4]
    kept = cut.decode("utf-8", "replace").partition("\n")[2].split("\n")
    good("cut-off.txt", cut, Written(APP.title, kept), doubtful=True)
    bad("empty.txt", b"", "empty")
    bad("white-space.txt", " \r\n\t　\n".encode(), "empty")
    bad("furniture-only.txt", "首页 > 正文\n分享到：微信 微博\n扫一扫在手机打开当前页\n".encode(), "empty")
    bad("bytes.txt", bytes(range(255, 0, -1)) * 4, "encoding")
    bad("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(64), "format")
    markdown = (
        f"---\ntitle: {SCHOOL.title}\ndate: 2024-03-15\ntags: [网安]\n---\n\n# {SCHOOL.title}\n\n"
        + "\n\n".join(SCHOOL.paragraphs)
    )
    good("front-matter.md", markdown.encode(), SCHOOL, date="2024-03-15")
    sections = "\n\n".join(
        f"## 案例{n}：{w.title}\n\n" + "\n\n".join(w.paragraphs)
        for n, w in zip("一二三", ROUND_UP, strict=True)
    )
    text = f"# 江州公安公布典型案例\n\n{PREAMBLE}\n\n{sections}\n\n"
    text += "> **网警提醒**：网络运营者应当依照《网络安全法》第二十五条制定应急预案。\n"
    put("round-up.md", text.encode(), round_up("round-up.md"))


def round_up(source: str, date: str | None = None) -> Expected:
    expected = Expected()
    for written in ROUND_UP:
        expected.add(written, source, date=date)
    return expected


# ---- pages ---------------------------------------------------------------------------------------

MENU = "".join(
    f'<li><a href="/{n}">{w}</a></li>'
    for n, w in enumerate(["首页", "新闻中心", "警务公开", "互动交流", "网上举报"])
)
OTHERS = "".join(
    f'<li><a href="/a{n}">{w}</a></li>'
    for n, w in enumerate(
        ["江州警方举行新警入职宣誓仪式", "全市公安机关开展夏季治安打击整治行动", "我市召开反诈宣传工作推进会"]
    )
)
FOOTER = "<p>版权所有：江州市公安局</p><p>某ICP备05012345号-1</p><p>网站标识码：3300000001</p>"


def page(charset: str, head: str, body: str) -> bytes:
    html = f'<!DOCTYPE html><html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'
    return html.encode("gb18030" if charset.startswith("gb") else charset)


def paragraphs(written: Written) -> str:
    return "".join(f"<p>　　{paragraph}</p>" for paragraph in written.paragraphs)


def build_pages() -> None:
    office = (
        f"<div class='nav'><ul>{MENU}</ul></div><div>当前位置：<a>首页</a> &gt; <a>警务资讯</a> &gt; "
        f"正文</div><div class='article'>"
        f"<h1>{LOGS.title}</h1><div>发布时间：2023-05-26 10:11 来源：网安支队 "
        f"字号：[大][中][小]</div><div class='TRS_Editor'>{paragraphs(LOGS)}</div>"
        f"<div>分享到：<a>微信</a><a>微博</a></div></div><div><h3>相关新闻</h3><ul>{OTHERS}</ul></div><div "
        f"class='footer'>{FOOTER}</div>"
    )
    good(
        "office-gb2312.html",
        page("gb2312", f"<title>{LOGS.title}_江州市公安局</title>", office),
        LOGS,
        date="2023-05-26",
    )
    sections = "".join(
        f'<section style="margin:8px"><section><p><span '
        f'style="font-size:16px">{p}</span></p></section></section>'
        for p in CLINIC.paragraphs
    )
    wechat = (
        f'<div id="page-content"><h1 class="rich_media_title" id="activity-name">{CLINIC.title}</h1><div '
        f'id="meta_content"><span>沐川网警</span>'
        f'<em id="publish_time"></em></div><div class="rich_media_content" id="js_content" '
        f'style="visibility: hidden; opacity: 0;">'
        f"<section>点击上方蓝字关注我们</section>{sections}<section><p>长按识别二维码</p></section></div></div>"
        f'<div><p>微信扫一扫<br>关注该公众号</p></div><script>var ct = "1669860000";</script>'
    )
    good(
        "wechat.html",
        page("utf-8", f'<meta property="og:title" content="{CLINIC.title}"><title></title>', wechat),
        CLINIC,
        date="2022-12-01",
    )
    portal = (
        f"<h1>{LEAK.title}</h1><div class='date-source'><span>2021年09月28日 08:30</span> "
        f"<a>临河日报</a></div><div class='article' id='artibody'>"
        f"<p>　　原标题：{LEAK.title}</p>{paragraphs(LEAK)}<p>责任编辑：张三</p></div>"
        f"<div><h3>相关阅读</h3><ul>{OTHERS}</ul></div>"
        "<div class='comment'><p>支持依法处罚</p></div><div>新浪公司 版权所有</div>"
    )
    head = f"<title>{LEAK.title}|快递_新浪新闻</title>"
    head += '<meta property="article:published_time" content="2021-09-28T08:30:00+08:00">'
    good(
        "portal-lying-charset.htm",
        page("gbk", head, portal).replace(b'charset="gbk"', b'charset="utf-8"'),
        LEAK,
        date="2021-09-28",
    )
    menu = "".join(f"<TD><A href=#>{w}</A></TD>" for w in ("首页", "警务", "公告", "联系我们"))
    lines = "<BR>".join("&nbsp;&nbsp;&nbsp;&nbsp;" + paragraph for paragraph in APP.paragraphs)
    tables = (
        f"<TABLE><TR>{menu}</TR></TABLE><TABLE><TR><TD><TABLE><TR><TD><B>{APP.title}</B></TD></TR>"
        f"<TR><TD>2020-7-1 来源：本站 点击：12</TD></TR><TR><TD>{lines}</TD></TR>"
        "<TR><TD>【打印】【关闭】</TD></TR>"
        "</TABLE></TD></TR></TABLE>"
    )
    good("old-tables.html", page("gb2312", f"<TITLE>{APP.title}</TITLE>", tables), APP, date="2020-07-01")
    cases = "".join(
        f"<h3>{n}、{w.title}</h3>{paragraphs(w)}" for n, w in zip("一二三", ROUND_UP, strict=True)
    )
    body = (
        f"<ul>{MENU}</ul><div class='detail'><h1>江州公安公布3起典型案例</h1><div>2023-12-01 "
        f"来源：江州公安</div><div><p>{PREAMBLE}</p>{cases}"
        f"<p><strong>【网警提醒】</strong></p><p>网络运营者应当依照《网络安全法》第二十五条制定应急预案。</p></div></div><div>{FOOTER}</div>"
    )
    put(
        "round-up.html",
        page("utf-8", "<title>江州公安公布3起典型案例</title>", body),
        round_up("round-up.html", "2023-12-01"),
    )
    bad(
        "script-only.html",
        page("utf-8", "<title>加载中</title>", "<div id='app'></div><script>render()</script>"),
        "empty",
    )
    good("saved-by-browser.mht", web_archive(), HOTEL, date="2023-09-02")


def web_archive() -> bytes:
    import base64
    import quopri

    html = page(
        "utf-8",
        f"<title>{HOTEL.title}</title>",
        f"<ul>{MENU}</ul><h1>{HOTEL.title}</h1><p>2023-09-02 来源：北丰公安</p><img "
        f"src='cid:a'>{paragraphs(HOTEL)}<div>{FOOTER}</div>",
    )
    picture = base64.b64encode(b"\x89PNG" + bytes(80))
    return b"\r\n".join(
        [
            b"From: <Saved by Blink>",
            b"Subject: =?utf-8?B?" + base64.b64encode(HOTEL.title.encode()) + b"?=",
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/related; type="text/html"; boundary="----B"',
            b"",
            b"------B",
            b"Content-Type: text/html; charset=utf-8",
            b"Content-Transfer-Encoding: quoted-printable",
            b"",
            quopri.encodestring(html),
            b"------B",
            b"Content-Type: image/png",
            b"Content-Transfer-Encoding: base64",
            b"Content-ID: <a>",
            b"",
            picture,
            b"------B--",
            b"",
        ]
    )


# ---- Word and PDF --------------------------------------------------------------------------------


def word(fill: Any) -> bytes:
    import docx

    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return slim(buffer.getvalue())


def slim(package: bytes) -> bytes:
    """The same package without the template's thumbnail and with a fixed time."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for entry in old.infolist():
            data = b"" if entry.filename.endswith(".jpeg") else old.read(entry)
            new.writestr(zipfile.ZipInfo(entry.filename, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def build_word() -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    def notice(document: Any) -> None:
        document.add_heading(SCHOOL.title, 0)
        for paragraph in SCHOOL.paragraphs:
            document.add_paragraph("　　" + paragraph)

    good("notice.docx", word(notice), SCHOOL)

    def chapters(document: Any) -> None:
        document.add_heading("江州公安公布典型案例", 0)
        document.add_paragraph(PREAMBLE)
        numbering = document.part.numbering_part.element
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start '
                f'w:val="1"/><w:numFmt w:val="chineseCounting"/>'
                '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
            ),
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
        )
        for written in ROUND_UP:
            header = document.add_paragraph(written.title)
            header._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>')
            )
            for paragraph in written.paragraphs:
                document.add_paragraph(paragraph)
        document.add_paragraph().add_run("网警提醒").bold = True
        document.add_paragraph("网络运营者应当依照《网络安全法》第二十五条制定应急预案。")

    put("numbered-by-word.docx", word(chapters), round_up("numbered-by-word.docx"))

    def decision(document: Any) -> None:
        document.add_paragraph("行政处罚信息公示").runs[0].bold = True
        table = document.add_table(0, 2)
        for name, value in DECISION:
            row = table.add_row()
            row.cells[0].text, row.cells[1].text = name, value

    good(
        "table.docx",
        word(decision),
        Written("行政处罚信息公示", [f"{name} {value}".replace(" 《", "《") for name, value in DECISION]),
    )
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(8))
        + f"]><w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
    )
    bad("xml-bomb.docx", replaced(word(notice), "word/document.xml", laughs.encode()), "format")
    bad("cut-off.docx", word(notice)[:9000], "format")
    bad("old-word.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "format")


DECISION = [
    ("行政处罚决定书文号", "江公网安罚决字〔2023〕12号"),
    ("行政相对人名称", "江州某科技有限公司"),
    ("违法事实", "未留存网络日志，未采取防范网络攻击的技术措施。"),
    ("处罚依据", "《中华人民共和国网络安全法》第五十九条第一款"),
    ("处罚内容", "警告，罚款一万元"),
]


def replaced(package: bytes, name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            content = data if entry.filename == name else old.read(entry)
            new.writestr(
                zipfile.ZipInfo(entry.filename, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def pdf(pages: list[bytes], further: list[bytes]) -> bytes:
    """A PDF file of page contents; `further` are the objects from number 3 on that the pages use."""
    first = 3 + len(further)
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *further,
    ]
    for i, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {first + 2 * i + 1} 0 R "
            "/Resources << /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >> >>".encode()
        )
        packed = zlib.compress(content)
        objects.append(
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed)
        )
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def font(characters: str) -> list[bytes]:
    table = "".join(f"<{ord(c):04X}> <{ord(c):04X}>\n" for c in sorted(set(characters)))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(set(characters))} "
        f"beginbfchar\n{table}endbfchar\nendcmap end end"
    ).encode()
    packed = zlib.compress(cmap)
    return [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun "
        b"/Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 "
        b"/ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n\x00\nendstream",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        b"/DW 1000 >>",
    ]


def set_lines(lines: list[str], number: int) -> bytes:
    out = ["BT /F 12 Tf 72 760 Td 20 TL"]
    out += [f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines]
    out += [f"ET BT /F 9 Tf 280 40 Td <{f'- {number} -'.encode('utf-16-be').hex()}> Tj ET"]
    return "\n".join(out).encode()


def build_pdf() -> None:
    lines = [BANK.title]
    for paragraph in BANK.paragraphs:
        indented = "　　" + paragraph
        lines += [indented[i : i + 32] for i in range(0, len(indented), 32)]
    characters = "".join(lines) + "- 0123456789"
    document = pdf([set_lines(lines[:3], 1), set_lines(lines[3:], 2)], font(characters))
    good("two-pages.pdf", document, BANK)
    scan = pdf([b"q 595 0 0 842 0 0 cm /I Do Q"], font("一"))
    bad("scan.pdf", scan, "format")
    bad("cut-off.pdf", document[:300], "format")
    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(document))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    bad("locked.pdf", buffer.getvalue(), "unreadable")


# ---- mails and archives --------------------------------------------------------------------------


def build_mails() -> None:
    plain = EmailMessage()
    plain["From"], plain["To"] = "a@example.org", "b@example.org"
    plain["Subject"] = f"转发: {LEAK.title}"
    plain["Date"] = "Tue, 28 Sep 2021 09:00:00 +0800"
    plain.set_content(LEAK.body, charset="gb18030", cte="base64")
    good("plain-gb18030.eml", plain.as_bytes(), LEAK, date="2021-09-28")

    def attached(document: Any) -> None:
        document.add_heading(SCHOOL.title, 0)
        for paragraph in SCHOOL.paragraphs:
            document.add_paragraph(paragraph)

    rich = EmailMessage()
    rich["From"], rich["Subject"] = "a@example.org", APP.title
    rich["Date"] = "Wed, 01 Jul 2020 09:00:00 +0800"
    rich.set_content(f"<html><body><div>{paragraphs(APP)}</div></body></html>", subtype="html")
    rich.add_attachment(word(attached), maintype="application", subtype="octet-stream", filename="通报.docx")
    rich.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename="logo.gif")
    rich.set_boundary("=-boundary-=")
    put(
        "with-attachment.eml",
        rich.as_bytes(),
        Expected()
        .add(APP, "with-attachment.eml", date="2020-07-01")
        .add(SCHOOL, "with-attachment.eml/通报.docx"),
    )


class ChineseName(zipfile.ZipInfo):
    """A member's name as Chinese Windows writes it: GB18030 without a word of it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def packed(files: dict[str, bytes], kind: type[zipfile.ZipInfo] = zipfile.ZipInfo) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = kind(name, (2024, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def build_archives() -> None:
    inner = packed({"hotel.txt": HOTEL.text.encode()})
    files = {
        "2023/通报一.txt": LOGS.text.encode("gb18030"),
        "2023/空.txt": b"",
        "2022/通报二.html": page(
            "utf-8", f"<title>{CLINIC.title}</title>", f"<h1>{CLINIC.title}</h1>{paragraphs(CLINIC)}"
        ),
        "inner.zip": inner,
        "旧.doc": b"\xd0\xcf\x11\xe0",
        "__MACOSX/2023/._a.txt": b"\0\0",
        "picture.png": b"\x89PNG",
    }
    name = "chinese-names.zip"
    expected = Expected().add(CLINIC, f"{name}/2022/通报二.html").fail(f"{name}/2023/空.txt", "empty")
    expected.add(LOGS, f"{name}/2023/通报一.txt").add(HOTEL, f"{name}/inner.zip/hotel.txt").fail(
        f"{name}/旧.doc", "format"
    )
    put(name, packed(files, ChineseName), expected)
    bad("bomb.zip", packed({"a.txt": bytes(19_000_000)}), "too-large")
    bomb = packed({"a.txt": b"a" * 1_000_000})
    for _ in range(4):
        bomb = packed({"a.zip": bomb})
    put("matryoshka.zip", bomb, Expected().fail("matryoshka.zip" + "/a.zip" * 4, "too-large"))
    locked = bytearray(packed({"a.txt": LOGS.text.encode()}))
    for header, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.index(header) + place
        struct.pack_into("<H", locked, at, struct.unpack_from("<H", locked, at)[0] | 1)
    put("locked.zip", bytes(locked), Expected().fail("locked.zip/a.txt", "unreadable"))
    bad("cut-off.zip", packed(files)[:400], "format")


# ---- tables --------------------------------------------------------------------------------------


def build_tables() -> None:
    rows = [
        json.dumps(
            {"id": "a1", "title": LOGS.title, "text": LOGS.body, "date": "2023-05-26"}, ensure_ascii=False
        ),
        '{"id": "a2", "title": "断行',
        json.dumps({"id": "a3", "title": CLINIC.title, "text": CLINIC.body, "date": "2022-11"}),
        json.dumps({"id": "a4", "title": "空"}, ensure_ascii=False),
    ]
    name = "rows.jsonl"
    expected = Expected().add(LOGS, f"{name}#a1", date="2023-05-26").fail(f"{name}#2", "format")
    put(
        name,
        "\n".join(rows).encode(),
        expected.add(CLINIC, f"{name}#a3", date="2022-11").fail(f"{name}#a4", "empty"),
    )

    import csv

    def table(rows: list[list[str]], delimiter: str = ",") -> str:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows(rows)
        return out.getvalue()

    name = "chinese-headings-gb18030.csv"
    text = table(
        [
            ["编号", "标题", "正文", "发布时间"],
            ["7", LEAK.title, LEAK.body, "2021/9/28"],
            ["8", APP.title, APP.body, ""],
        ]
    )
    put(
        name,
        text.encode("gb18030"),
        Expected().add(LEAK, f"{name}#7", date="2021-09-28").add(APP, f"{name}#8"),
    )
    name = "semicolons-utf16.csv"
    text = table([["date", "Full Text", "headline"], ["2024-03-15", SCHOOL.body, SCHOOL.title]], ";")
    put(name, text.encode("utf-16"), Expected().add(SCHOOL, f"{name}#1", date="2024-03-15"))
    bad("no-text-column.csv", table([["编号", "单位"], ["1", "某公司"]]).encode("utf-8-sig"), "format")

    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["本表由江州公安整理"])
    sheet = book.create_sheet("案例")
    sheet.append(["江州网络安全执法案例汇总"])
    sheet.append(["序号", "案例名称", "案情", "公布日期"])
    sheet.append([1, HOTEL.title, HOTEL.body, datetime.date(2023, 9, 2)])
    sheet.append([None, None, None, None])
    sheet.append([2, BANK.title, BANK.body, 20220418])
    buffer = io.BytesIO()
    book.save(buffer)
    name = "second-sheet.xlsx"
    expected = Expected().add(HOTEL, f"{name}#1", date="2023-09-02").add(BANK, f"{name}#2", date="2022-04-18")
    put(name, slim(buffer.getvalue()), expected)


def main() -> None:
    FILES.mkdir(exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    for build in (build_text, build_pages, build_word, build_pdf, build_mails, build_archives, build_tables):
        build()
    listing = {name: expected.notices for name, expected in sorted(EXPECTED.items())}
    (HERE / "files.json").write_text(
        json.dumps(listing, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(len(listing), "files,", sum(path.stat().st_size for path in FILES.iterdir()), "bytes")


if __name__ == "__main__":
    main()
