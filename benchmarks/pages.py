"""Twelve layouts of pages that carry notices, and what three ways to read them lose or keep too much.

    python benchmarks/pages.py ours
    python benchmarks/pages.py trafilatura        (favor_recall)
    python benchmarks/pages.py resiliparse        (pip install resiliparse)

A sentence of the article that is missing is an error; so is one of the page's other texts that is kept.
The layouts are written after common ones (TRS, WeChat, Sina, Sohu, Discuz, WordPress, tables of the
2000s); the words are invented. `noise.py` was written with these layouts at hand: for the ways of
others the count of what is kept too much is fair, for ours it is a floor.
"""

# ruff: noqa: E501 - a layout's line is its line

import re
import sys
import time

S = [
    "2023年5月，江州市公安局网安支队在日常检查中发现，辖区某科技公司运营的信息系统未按规定留存网络日志，且存在多个高危漏洞。",
    "经查，该公司未制定内部安全管理制度和操作规程，未确定网络安全负责人，未采取防范计算机病毒和网络攻击的技术措施。",
    "江州市公安局依据《中华人民共和国网络安全法》第二十一条、第五十九条第一款之规定，对该公司予以警告，并处罚款一万元，责令其限期改正。",
]
T = "江州一科技公司未履行网络安全保护义务被处罚"
NAV = ["首页", "新闻中心", "警务公开", "办事服务", "互动交流", "网上举报", "联系我们"]
OTHER = [
    "江州警方举行新警入职宣誓仪式",
    "全市公安机关开展夏季治安打击整治行动",
    "我市召开反诈宣传工作推进会",
    "市公安局党委理论学习中心组举行集体学习",
    "交警部门发布暑期出行提示",
]
FOOT = [
    "版权所有：江州市公安局",
    "ICP备案号：某ICP备05012345号-1",
    "网站标识码：3300000001",
    "地址：江州市人民路1号 邮编：310000",
    "建议使用1024*768以上分辨率浏览",
]


def li(xs):
    return "".join(f'<li><a href="/a/{i}.html">{x}</a></li>' for i, x in enumerate(xs))


pages = {}
pages[
    "trs"
] = f"""<html><head><meta charset="utf-8"><title>{T}_江州市公安局</title><meta name="PubDate" content="2023-05-26 10:11"></head><body><div class="header"><ul class="nav">{li(NAV)}</ul></div>
<div class="crumb">您当前的位置：<a>首页</a> &gt; <a>新闻中心</a> &gt; 正文</div><div class="article"><h1>{T}</h1><div class="info"><span>发布时间：2023-05-26 10:11</span><span>来源：网安支队</span><span>浏览次数：120</span><span>字号：[大][中][小]</span></div>
<div class="TRS_Editor"><p align="justify">　　{S[0]}</p><p align="justify">　　{S[1]}</p><p>　　{S[2]}</p></div><div class="share">分享到：<a>微信</a><a>微博</a></div><div class="near">上一篇：<a>{OTHER[0]}</a><br>下一篇：<a>{OTHER[1]}</a></div></div>
<div class="right"><h3>相关新闻</h3><ul>{li(OTHER)}</ul></div><div class="footer">{"".join(f"<p>{f}</p>" for f in FOOT)}</div></body></html>"""
pages[
    "wechat"
] = f'''<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="{T}"/><title></title></head><body id="activity-detail"><div id="js_article"><div id="page-content"><div id="img-content">
<h1 class="rich_media_title" id="activity-name">{T}</h1><div id="meta_content"><span>原创</span><span>江州网警</span><a id="js_name">江州网警</a><em id="publish_time">2023-05-26 10:11</em><em>发表于浙江</em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0; "><section style="text-align:center"><span>点击上方蓝字关注我们</span></section><section><section><p><span style="font-size:16px">{S[0]}</span></p></section><section><p><span>{S[1]}</span></p><p><br></p></section><p><strong><span>{S[2]}</span></strong></p></section><section><p>长按识别二维码</p></section></div></div>
<div id="js_pc_qr_code"><p>微信扫一扫<br>关注该公众号</p></div></div></div><script>var ct = "1685067060"; var nickname="江州网警";</script></body></html>'''
pages[
    "sina"
] = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{T}|网络安全_新浪新闻</title><meta property="article:published_time" content="2023-05-26T10:11:00+08:00"></head><body><div class="path"><a>新闻中心</a> &gt; 社会新闻 &gt; 正文</div><h1 class="main-title">{T}</h1><div class="date-source"><span class="date">2023年05月26日 10:11</span> <a class="source">江州日报</a></div>
<div class="article" id="article" ><p>　　原标题：{T}</p><p>　　{S[0]}</p><p>　　{S[1]}</p><p>　　{S[2]}</p><p class="show_author">责任编辑：张三 </p></div><div class="article-keywords">文章关键词：<a>网络安全</a> <a>处罚</a></div><div class="blk-related"><h3>相关阅读</h3><ul>{li(OTHER)}</ul></div><div class="comment">网友评论 <p>支持依法处罚</p><p>这样的公司太多了，应该好好查一查</p></div><div class="footer"><a>新浪简介</a> <a>广告服务</a> 新浪公司 版权所有</div></body></html>"""
pages["sohu"] = (
    f"""<html><head><meta charset="utf-8"><title>{T}_网络_安全_法</title></head><body><div id="article-container"><div class="left main"><div class="text"><div class="text-title"><h1>{T}</h1><div class="article-info"><span class="time" id="news-time">2023-05-26 10:11</span> 来源: <a>江州发布</a></div></div><article class="article" id="mp-editor"><p>{S[0]}</p><p>{S[1]}</p><p>{S[2]}<a href="//sohu.com" id="backsohucom"><i class="backsohu">返回搜狐，查看更多</i></a></p><p data-role="editor-name">责任编辑：<span></span></p></article><div class="statement">平台声明：该文观点仅代表作者本人，搜狐号系信息发布平台，搜狐仅提供信息存储空间服务。</div><span class="read-num">阅读 (<em>120</em>)</span></div></div><div class="right"><h4>大家都在搜</h4><ul>{li(OTHER)}</ul></div></div></body></html>"""
)
pages["oldtable"] = (
    f"""<HTML><HEAD><TITLE>{T}</TITLE></HEAD><BODY><TABLE width=778><TR>{"".join(f"<TD><A href=#>{n}</A></TD>" for n in NAV)}</TR></TABLE><TABLE width=778><TR><TD width=200><TABLE>{"".join(f"<TR><TD><A href=#>{o}</A></TD></TR>" for o in OTHER)}</TABLE></TD><TD><TABLE><TR><TD align=center><FONT size=4><B>{T}</B></FONT></TD></TR><TR><TD align=center>2023-5-26 来源：网安支队 点击：120</TD></TR><TR><TD><FONT face=宋体>&nbsp;&nbsp;&nbsp;&nbsp;{S[0]}<BR>&nbsp;&nbsp;&nbsp;&nbsp;{S[1]}<BR>&nbsp;&nbsp;&nbsp;&nbsp;{S[2]}</FONT></TD></TR><TR><TD align=right>【打印】【关闭】</TD></TR></TABLE></TD></TR></TABLE><TABLE><TR><TD>{"<BR>".join(FOOT)}</TD></TR></TABLE></BODY></HTML>"""
)
pages["wordpress"] = (
    f"""<html><head><meta charset="utf-8"><title>{T} – 网安观察</title></head><body class="single"><header><nav><ul>{li(NAV)}</ul></nav></header><main><article class="post"><header class="entry-header"><h1 class="entry-title">{T}</h1><time class="entry-date" datetime="2023-05-26T10:11:00+08:00">2023年5月26日</time></header><div class="entry-content"><p>{S[0]}</p><blockquote><p>{S[1]}</p></blockquote><p>{S[2]}</p></div><footer class="entry-footer">标签：<a>网络安全</a></footer></article><div id="comments"><ol><li><div class="comment-body"><p>写得很好，学习了很多知识，谢谢分享</p></div></li></ol></div></main><aside><h2>近期文章</h2><ul>{li(OTHER)}</ul></aside><footer>© 2023 网安观察</footer></body></html>"""
)
pages["divbr"] = (
    f"""<html><head><meta charset="utf-8"><title>{T}</title></head><body><div class="top">{" | ".join(f"<a>{n}</a>" for n in NAV)}</div><div class="title">{T}</div><div class="sub">2023-05-26 10:11:12　来源：江州网警</div><div class="con">　　{S[0]}<br/><br/>　　{S[1]}<br/>　　{S[2]}<br/></div><div class="bottom">{"<br>".join(FOOT)}</div></body></html>"""
)
pages["short"] = (
    f"""<html><head><meta charset="utf-8"><title>{T}-江州网信</title></head><body><div class="nav">{"".join(f"<a>{n}</a>" for n in NAV)}</div><div class="main"><h2>{T}</h2><p class="date">2023-05-26</p><div class="content"><p>{S[2]}</p></div></div><div class="footer">{"".join(f"<p>{f}</p>" for f in FOOT)}</div></body></html>"""
)
rows = [
    ("行政处罚决定书文号", "江公网安罚决字〔2023〕12号"),
    ("行政相对人名称", "江州某科技有限公司"),
    ("违法事实", S[1]),
    ("处罚依据", "《中华人民共和国网络安全法》第五十九条第一款"),
    ("处罚内容", "警告，罚款一万元"),
    ("处罚机关", "江州市公安局"),
    ("处罚决定日期", "2023年5月26日"),
]
pages["table"] = (
    f"""<html><head><meta charset="utf-8"><title>行政处罚信息公示</title></head><body><div class="nav"><ul>{li(NAV)}</ul></div><div class="content"><h1>行政处罚信息公示</h1><table border="1">{"".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows)}</table></div><div class="footer">{"".join(f"<p>{f}</p>" for f in FOOT)}</div></body></html>"""
)
cases = [
    ("某公司未履行网络安全保护义务案", S[0] + S[2]),
    (
        "某医院系统遭攻击被处罚案",
        "2023年6月，江州市某医院信息系统存在弱口令漏洞，被不法分子植入木马，公安机关依法对该医院予以警告，责令限期改正。",
    ),
    (
        "张某侵犯公民个人信息案",
        "2023年7月，江州市公安局破获一起侵犯公民个人信息案，犯罪嫌疑人张某被依法采取刑事强制措施。",
    ),
]
pages["roundup_h3"] = (
    f"""<html><head><meta charset="utf-8"><title>江州公安公布3起网络安全执法典型案例</title></head><body><header><ul>{li(NAV)}</ul></header><div class="detail"><h1>江州公安公布3起网络安全执法典型案例</h1><div class="meta">2023-05-26 来源：江州公安</div><div class="detail-content"><p>今年以来，江州市公安机关查处案件120起。现公布3起典型案例。</p>{"".join(f"<h3>{t}</h3><p>{b}</p>" for t, b in cases)}</div></div><div class="recommend"><h3>推荐阅读</h3><ul>{li(OTHER)}</ul></div><footer>{"".join(f"<p>{f}</p>" for f in FOOT)}</footer></body></html>"""
)
pages["roundup_strong"] = (
    pages["roundup_h3"]
    .replace("<h3>某", "<p><strong>某")
    .replace("<h3>张", "<p><strong>张")
    .replace("案</h3>", "案</strong></p>")
)
pages[
    "discuz"
] = f"""<html><head><meta charset="utf-8"><title>{T} - 网安论坛 - Powered by Discuz!</title></head><body><div id="hd">{"".join(f"<a>{n}</a>" for n in NAV)}</div><div id="postlist"><h1 class="ts"><span id="thread_subject">{T}</span></h1><div id="post_1"><table><tr><td class="pls"><div>网警小江</div><p>积分 120</p></td><td class="plc"><div class="authi">发表于 2023-5-26 10:11:12</div><div class="pct"><table><tr><td class="t_f" id="postmessage_1">{S[0]}<br />
<br />
{S[1]}<br />
{S[2]}<br /></td></tr></table></div></td></tr></table></div><div id="post_2"><table><tr><td class="pls"><div>路人甲</div></td><td class="plc"><div class="authi">发表于 2023-5-27 08:00:00</div><div class="pct"><table><tr><td class="t_f">顶一下，支持网警依法办案</td></tr></table></div></td></tr></table></div></div><div id="ft">Powered by Discuz!</div></body></html>"""
must = dict.fromkeys(pages, S)
must["short"] = [S[2]]
must["table"] = [S[1], "江州某科技有限公司", "第五十九条第一款", "警告，罚款一万元", "江公网安罚决字"]
must["roundup_h3"] = must["roundup_strong"] = [x for c in cases for x in c]
noise = (
    OTHER
    + FOOT[1:]
    + [
        "支持依法处罚",
        "这样的公司太多了",
        "写得很好",
        "顶一下",
        "微信扫一扫",
        "返回搜狐",
        "平台声明",
        "互动交流",
        "网上举报",
    ]
)


def reader(way):
    if way == "trafilatura":
        import trafilatura

        return lambda html: (
            trafilatura.extract(html, favor_recall=True, include_comments=False, include_tables=True) or ""
        )
    if way == "resiliparse":
        from resiliparse.extract.html2text import extract_plain_text

        return lambda html: extract_plain_text(
            html, preserve_formatting=True, main_content=True, alt_texts=False
        )
    from tagger.notice.clean import clean
    from tagger.notice.web import read_html

    return lambda html: clean(next(read_html(html.encode(), "page.html", 10**7)).text).text


def bare(text):
    return re.sub(r"[\s*#|]", "", text)


def main(way):
    start = time.process_time()
    read = reader(way)
    read(pages["short"])
    print(f"{way}: first page {time.process_time() - start:.2f} s")
    lost = kept = 0
    for name, html in pages.items():
        text = bare(read(html))
        missing = [sentence for sentence in must[name] if bare(sentence) not in text]
        extra = [sentence for sentence in noise if bare(sentence) in text]
        lost, kept = lost + len(missing), kept + len(extra)
        print(f"{name:15} lost {len(missing)} of {len(must[name])}, kept too much {len(extra)}")
    start = time.process_time()
    for html in pages.values():
        read(html)
    each = (time.process_time() - start) / len(pages) * 1000
    print(f"lost {lost}, kept too much {kept}, {each:.1f} ms a page")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "ours")
