"""What stands around an article on a page: bylines, share buttons, navigation, footers, page numbers.

All patterns look at one line, from its start; lines are short, repetition is bounded or possessive.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

LONGEST = 120
"""A line with more characters is never furniture, and is not looked at."""

_DAY = r"(?:19|20)\d\d ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}(?: ?日)?"
_CLOCK = r"(?:T| )?\d{1,2}:\d{2}(?::\d{2})?"

_ORNAMENT = (
    "".join(c for c in map(chr, range(0x20, 0x7F)) if not c.isalnum())
    + "【】（）「」《》：，·•●■◆▶►★☆▼▲△↓↑→—…“”"
)

# Fields of the lines above and below an article. What follows the colon is short and no sentence.
_FIELDS = frozenset(
    "来源 稿源 信息来源 文章来源 本文来源 来源网站 作者 记者 通讯员 编辑 责任编辑 责编 编审 审核 审校 校对 审签 初审 复审 终审 "
    "监制 值班编委 编校 统筹 摄影 制图 供稿 供图 图文 图 文 文字 撰文 撰稿 排版 投稿 原标题 发布时间 发布日期 发稿时间 发表时间 "
    "更新时间 更新日期 日期 时间 发布单位 发布机构 发布者 发布人 浏览次数 浏览量 浏览 阅读次数 阅读量 阅读数 阅读 访问量 访问次数 "
    "点击数 点击量 点击 点击次数 人气 字号 字体 字体大小 索引号 信息分类 主题分类 成文日期 公开方式 关键字 标签 分享到 分享至 分享 "
    "主办 主办单位 承办 承办单位 协办单位 技术支持 联系邮箱 投稿邮箱 微信号 上一篇 下一篇 上一条 下一条 上一则 下一则 特别声明".split()
)
_FIELD = re.compile(r"([\u4e00-\u9fff]{1,6})(?: ?[:：丨|/]|[】\])）][:： ]?)")

_BYLINE = re.compile(
    rf"{_DAY}(?:{_CLOCK})?(?=$| ?(?:[|｜/]|来源|浏览|阅读|字[号体]|编辑|发[布表]|稿源|作者)[^。；，]{{0,80}}$)"
    rf"|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:{_CLOCK})? [^。；，：:]{{1,20}}$"
    r"|(?:阅读|浏览|点击|在看|点赞|评论|转发|收藏|分享) ?\d{1,9}万?\+?(?=$| )"
    r"|(?:来源|编辑|责编|作者|记者|校对|审核) [^，。；\n]{1,20}$"
)

# How lines begin that belong to a page or an app and not to what was written.
_BEGINNINGS = tuple(
    "微信扫一扫 扫一扫 扫码 扫描二维码 扫描上方 扫描下方 长按识别 长按二维码 长按上方 长按下方 长按图片 识别二维码 识别图中 "
    "点击上方 点击下方 点击右上角 点击标题下 点击蓝字 点击阅读 点击关注 点击此处 点击进入 点击播放 点击图片 点击查看 轻触阅读原文 轻点两下 "
    "关注我们 关注公众号 关注微信 关注官方 欢迎关注 请关注 敬请关注 点个在看 点个赞 喜欢就点 喜欢请点 觉得不错 "
    "阅读原文 查看原文 原文链接 原文地址 本文链接 转载请 转载自 转载须 转载务必 未经授权 未经许可 未经本网 版权所有 版权声明 版权归 免责声明 "
    "Copyright COPYRIGHT copyright © 网站标识码 增值电信业务 互联网新闻信息服务许可 互联网出版许可 信息网络传播视听 "
    "违法和不良信息举报 不良信息举报 当前位置 您的位置 您现在的位置 您当前的位置 您所在的位置 你的位置 返回顶部 返回首页 返回列表 返回上级 返回上一页 "
    "回到顶部 网站首页 网站地图 网站导航 设为首页 加入收藏 站点地图 前一篇 后一篇 打印本页 关闭窗口 关闭本页 关闭页面 "
    "收录于合集 收录于话题 预览时标签不可点 继续滑动看下一个 功能介绍 使用完整服务 听全文 展开全文 收起全文 举报/反馈 打开APP 打开客户端 "
    "下载客户端 下载APP 已同步到看一看 写下你的想法 写留言 精选留言 网友评论 我要评论 发表评论 分享到 分享至 原标题".split()
)

_WHOLE = re.compile(
    r"(?:\w{0,2}(?:ICP备|ICP证|公网安备)|发表于[\u4e00-\u9fff]{2,4}$|\d{1,4}(?:人|条)(?:评论|参与|跟贴|留言)"
    r"|-? ?\d{1,4} ?-$|第 ?\d{1,4} ?页(?:[,，/ ]{0,2}共 ?\d{1,4} ?页)?$|\d{1,4} ?/ ?\d{1,4}$|[Pp]age \d{1,4}(?: of \d{1,4})?$"
    r"|(?:END|End|THE END|完|全文完|正文完)\W{0,4}$|(?:图片|图源|配图|资料图|示意图|视频)[\])）]?(?:$|[:：][^。]{0,20}$)"
    r"|原创 [^，。；]{1,40}$|$)"
)

_BUTTONS = frozenset(
    "首页 主页 新闻中心 新闻动态 新闻资讯 新闻频道 新闻 资讯 要闻 动态 工作动态 政务动态 警务动态 警务资讯 警务公开 政务公开 信息公开 "
    "通知公告 公告公示 公示公告 公告 正文 详情 列表 网安 法治 社会 国内 地方 科技 财经 滚动 专题 执法 执法检查 行政执法 互联网 网络安全 "
    "微信好友 微信 新浪微博 微博 朋友圈 QQ好友 QQ空间 QQ 豆瓣 人人网 抖音 快手 知乎 邮件 复制链接 更多 打印 关闭 收藏 分享 转发 评论 点赞 在看 "
    "喜欢作者 赞赏 举报 登录 注册 搜索 导航 菜单 关于我们 联系我们 网站声明 帮助 客服 手机版 电脑版 无障碍 长者模式 简体 繁体 English 知道了 取消 "
    "允许 视频 小程序 赞 关注 大 中 小 字号 字体 字 体 号 上一页 下一页 上一篇 下一篇 尾页 末页 顶部 返回 没有了 打印本页 打印本文 关闭窗口 A".split()
)
_WORDS = re.compile(r"[^\W\d_]+")

_RELATED = re.compile(
    r"(?:相关(?:阅读|新闻|推荐|文章|报道|稿件|内容|资讯|链接)|推荐阅读|延伸阅读|热门(?:推荐|文章|新闻|阅读|资讯)?|热点(?:新闻|推荐)|精彩推荐|为您推荐"
    r"|猜你喜欢|大家都在看|更多(?:精彩|新闻|推荐|文章|阅读)|往期(?:回顾|推荐|精选|精彩)|最新(?:文章|新闻|资讯)|(?:点击|新闻|文章|阅读|热文)排行榜?|友情链接|24小时热文)\W{0,6}$"
)

# Inside a line: stock codes, a portal's marks, the editor's name at the end.
INLINE = re.compile(
    r"[(（](?:[a-zA-Z]{2}\.?\d{5,6}|\d{5,6}\.[a-zA-Z]{2}|\d{5,6}[,，] ?(?:股吧|基金吧|诊股)|(?:NASDAQ|NYSE|纳斯达克|纽交所|港交所|HKEX)[:：]? ?[A-Z0-9.]{1,8}"
    r"|(?:股票|证券)?代码[:：]? ?\d{5,6}(?:\.[A-Z]{2})?)[)）]"
    r"|\[微博\]|\[-?\d{1,5}\.\d{1,3}(?: [-+]?\d{1,3}\.\d{1,2}%)?(?: 资金 研报)?\]"
    r"|[（(\[【](?:责任编辑|责编|编辑|见习编辑|实习编辑|审核|校对|来源|稿源|编辑器)[:： ][^）)\]】\n]{0,30}[）)\]】]"
)

_PUBLISHED = re.compile(
    rf"(?:发布时间|发布日期|发稿时间|发表时间|更新时间|日期|时间|发布于|发表于)[】\])）]?[:： ]{{0,3}}(?P<key>{_DAY})"
    rf"|(?:^|\n)[^\w\n]{{0,4}}(?P<line>{_DAY})(?:{_CLOCK})?(?= *(?:$|\n|[|｜来浏字编发稿作]))"
    rf"|(?P<clock>{_DAY}){_CLOCK}"
)
_SENTENCE = re.compile("[。；，!?！？]")
_NUMBERS = re.compile(r"\d+")
_CHINESE_DAY = re.compile(
    r"([二〇○零一九八七六五四三]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "十": 10}


@lru_cache(maxsize=4096)  # the pages of one site share their furniture
def is_furniture(line: str, *, head: bool) -> bool:
    """Whether a line belongs to the page. `head`: it stands among the first lines of the page.

    A date alone is furniture under the headline, and the notice's own date at its end.
    """
    if len(line) > LONGEST:
        return False
    bare = line.strip(_ORNAMENT)
    if bare.startswith(_BEGINNINGS) or _WHOLE.match(bare):
        return True
    field = _FIELD.match(bare)
    if field and field[1] in _FIELDS and len(bare) <= 80 and not _SENTENCE.search(bare):
        return True
    byline = _BYLINE.match(bare)
    if byline and (head or byline.end() < len(bare)):
        return True
    return len(bare) <= 60 and _BUTTONS.issuperset(_WORDS.findall(bare))


def heads_other_articles(line: str) -> bool:
    """Whether a line is the heading of a list of other articles: what follows it are their titles."""
    return len(line) <= 20 and bool(_RELATED.match(line.strip(_ORNAMENT)))


def published(text: str) -> str | None:
    """The day (YYYY-MM-DD) on which a page says that it was published, else the day that signs it.

    Looks at the first 1,500 and the last 200 characters, before anything is cleaned away.
    """
    head, tail = text[:1500], text[-200:].rstrip()
    for found in _PUBLISHED.finditer(head):
        day = iso_day(*map(int, _NUMBERS.findall(found["key"] or found["line"] or found["clock"])[:3]))
        if day:
            return day
    last = tail[tail.rfind("\n") + 1 :].strip() if "\n" in tail else ""
    if re.fullmatch(_DAY, last):
        return iso_day(*map(int, _NUMBERS.findall(last)[:3]))
    chinese = _CHINESE_DAY.fullmatch(last)
    if chinese:
        year = int("".join(str(_DIGITS[c]) for c in chinese[1]))
        return iso_day(year, _tens(chinese[2]), _tens(chinese[3]))
    return None


def iso_day(year: int, month: int, day: int) -> str | None:
    """The day as YYYY-MM-DD; None where the calendar has no such day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _tens(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else _DIGITS[tens]) + (_DIGITS.get(ones, 0) if ten else 0)
