"""Pages: the article without its surroundings, the headline, the day."""

from __future__ import annotations

import pytest

from tagger.notice import Document
from tagger.notice.errors import EmptyInput, ReadError
from tagger.notice.read import read_piped
from tagger.notice.split import notices
from tagger.notice.web import read_html, read_mht

STORY = (
    "2023年5月，江州市公安局网安支队检查发现，某科技公司未留存网络日志，且存在高危漏洞。",
    "江州市公安局依据《中华人民共和国网络安全法》第二十一条、第五十九条第一款之规定，对该公司予以警告，并处罚款一万元。",
)
TITLE = "江州一科技公司未履行网络安全保护义务被处罚"
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)


def page(body: str, head: str = f"<title>{TITLE}</title>") -> Document:
    (document,) = read_html(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "a.html", 10**6)
    return document


TITLES = [
    (f"<title>{TITLE}_江州市公安局</title>", "", TITLE),
    (f"<title>{TITLE} - 网安观察</title>", "", TITLE),
    (f"<title>{TITLE}-新华网</title>", "", TITLE),
    (f"<title>{TITLE}|网络安全_新浪新闻</title>", f"<h1>{TITLE}</h1>", TITLE),
    (f"<title>{TITLE}</title>", "<h1>江州市公安局</h1>", TITLE),
    (f"<title>{TITLE} - 江州网警</title>", "<h1>江州网警</h1>", TITLE),
    (f"<title>江州网警 - {TITLE}</title>", f"<h1>{TITLE}</h1>", TITLE),
    (f"<title>{TITLE[:8]}_江州网警</title>", f"<h1>江州网警</h1><h1>{TITLE}</h1>", TITLE),
    ("<title></title>", f"<h1> {TITLE}\n</h1>", TITLE),
    (f'<meta property="og:title" content="{TITLE}"><title></title>', "", TITLE),
    ("", "", ""),
]


@pytest.mark.parametrize(("head", "above", "title"), TITLES)
def test_the_headline(head: str, above: str, title: str) -> None:
    assert page(above + BODY, head).title == title


DATES = [
    ('<meta name="PubDate" content="2023-05-26 10:11">', "", "2023-05-26"),
    ('<meta property="article:published_time" content="2023-05-26T10:11:00+08:00">', "", "2023-05-26"),
    ('<meta name="publishdate" content="2023年5月26日">', "", "2023-05-26"),
    ('<meta name="PubDate" content="2023-25-26">', "", None),
    ("", "<div>发布时间：2023-05-26 10:11</div>", "2023-05-26"),
    ("", "<span>2023年05月26日 10:11</span><span>来源：江州日报</span>", "2023-05-26"),
    ("", '<script>var ct = "1685067060";</script>', "2023-05-26"),
    ("", "", None),
]


@pytest.mark.parametrize(("head", "above", "date"), DATES)
def test_the_day(head: str, above: str, date: str | None) -> None:
    assert page(above + BODY, head).date == date


OTHERS = "<br>".join(f"<a>{title}</a>" for title in ("某公司被罚五十万元", "警方通报一起案件", "某医院被罚"))
SURROUNDINGS = {
    "menu": "<ul><li><a>首页</a></li><li><a>新闻</a></li><li><a>公告栏目大全</a></li></ul>",
    "script": "<script>document.write('某公司')</script><style>p{color:red}</style>",
    "other articles": f"<div><h3>相关阅读</h3>{OTHERS}</div>",
    "comments": '<div class="comment-list"><p>支持依法处罚，这样的公司太多了。</p></div>',
    "embedded picture": f'<img src="data:image/png;base64,{"A" * 5000}">',
}


@pytest.mark.parametrize("surrounding", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_what_surrounds_an_article_is_left_out(surrounding: str) -> None:
    document = page(f"{surrounding}<h1>{TITLE}</h1><div>{BODY}</div>{surrounding}")
    (notice,) = notices(document)
    assert notice.text == "\n".join((TITLE, *STORY))


def test_headings_and_bold_lines_part_cases() -> None:
    for mark in (
        "<h3>{}</h3>",
        "<p><strong>{}</strong></p>",
        '<p><span style="font-weight: bold">{}</span></p>',
    ):
        cases = "".join(
            mark.format(f"第{n}家公司不履行义务案") + f"<p>第{n}案。{''.join(STORY)}</p>" for n in "一二三"
        )
        document = page(
            f"<h1>公安机关公布典型案例</h1><div><p>查处案件120起，现公布典型案例。</p>{cases}</div>", ""
        )
        assert [notice.title for notice in notices(document)] == [
            f"第{n}家公司不履行义务案" for n in "一二三"
        ]


def test_rows_of_a_table_are_lines() -> None:
    cells = {"处罚机关": "江州市公安局", "违法事实": "未留存日志，未采取措施。"}
    rows = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in cells.items())
    text = page(f"<h1>{TITLE}</h1><table>{rows}</table><p>{STORY[1]}</p>").text
    assert "处罚机关 江州市公安局\n违法事实 未留存日志，未采取措施。" in text


def test_a_hidden_wechat_article_is_read() -> None:
    article = f'<div id="js_content" style="visibility:hidden"><section>{BODY}</section></div>'
    body = f"<h1>{TITLE}</h1>{article}<p>微信扫一扫</p>"
    assert page(body).text == "\n".join(STORY)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html></html>",
        "<script>render()</script>",
        "<!-- -->",
        "<html><head><title>a</title></head></html>",
    ],
)
def test_pages_without_text(html: str) -> None:
    with pytest.raises(EmptyInput):
        list(read_html(html.encode() or b" ", "a.html", 10**6))


HOSTILE = {
    "deep": "<div>" * 100_000 + "某公司",
    "unclosed": "<p><b><i>" * 20_000 + "".join(STORY),
    "links": "<a>某</a>" * 50_000,
    "attributes": "<p " + "a=1 " * 100_000 + ">" + "".join(STORY),
    "entities": "&lt;" * 100_000,
    "nul": "\0" * 1000 + "".join(STORY),
    "xml": '<?xml version="1.0" encoding="gb2312"?><!DOCTYPE html><html><body>' + BODY,
    "laughs": '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><html><body>&c;' + BODY,
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_give_text_or_an_error(html: str) -> None:
    try:
        documents = list(read_piped(b"<html>" + html.encode(), "a.html"))
    except ReadError:
        return
    assert all(document.text for document in documents)


def test_a_web_archive_without_a_page() -> None:
    with pytest.raises(ReadError, match="web archive"):
        list(read_mht(b"MIME-Version: 1.0\n\nno page", "a.mht", 10**6))
