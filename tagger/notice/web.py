"""Saved web pages, .html and .mht: main text by trafilatura, title and date from the page.

trafilatura and not resiliparse: on twelve templates of pages that carry notices (benchmarks/pages.py)
trafilatura with favor_recall lost nothing, resiliparse lost WeChat's articles, whose style hides them
until a script has run, and kept comments and lists of other articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from msgspec import Struct

from tagger.expressions import expression
from tagger.notice import Document, noise
from tagger.notice.decode import decode
from tagger.notice.errors import EmptyInput, MissingReader, WrongFormat
from tagger.notice.words import words

_DECLARED = re.compile(
    rb"<meta[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_EMBEDDED = expression(r"data:[a-z]{1,20}/[a-zA-Z0-9.+-]{1,60};base64,[A-Za-z0-9+/=\s]{100,}+")
_WECHAT_TIME = expression(r"\bct ?= ?[\"'](\d{10})[\"']")
_DATE_NAMES = frozenset(words("meta_dates"))
_DAY = expression(r"((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SITE = expression(r"\s{0,9}[_|｜]\s*|\s{1,9}[-–—]{1,2}\s+|[-—]{1,2}(?=[^-—]{2,14}$)")
_SHORT_TITLE, _SHORTENED = 4, 0.8  # a <title> of so many characters, so many of them the headline's
_LINKS = 3
_LINK_SHARE = 0.8
_LONGEST_HEADING = 80
_ASIDES = frozenset(words("tags_aside"))
_ASIDE_NAME = expression(
    r"(?:^|[-_ ])(?:comments?|pinglun|reply|replies|related|recommend|tuijian|share|sharebox"
    r"|breadcrumbs?|crumbs?"
    r"|sidebar|footer|copyright|pagination|pager|hotnews)(?:$|[-_ ])",
    re.IGNORECASE,
)
_ASIDE_SHARE = 0.4  # what holds more of the page's text is the page, whatever it is called
_MOST_BLOCKS = 5000  # no article has more; trafilatura takes seconds for such a page
_SENTENCE = 20  # characters
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BREAKING = frozenset(words("tags_breaking")) - {"td", "th"}
_UNSEEN = frozenset(words("tags_unseen"))
_BOLD_STYLE = expression(r"font-weight ?: ?(?:bold|[6-9]00)")


def read_html(data: bytes, source: str, max_size: int, declared: str | None = None) -> Iterator[Document]:
    """The page's article. `declared`: the encoding that stands outside the page, in a mail's header."""
    meta = _DECLARED.search(data[:4096])
    decoded = decode(data, source, declared or (meta[1].decode("ascii") if meta else None))
    page = _EMBEDDED.sub("", decoded.text)
    tree = _tree(page, source)
    if tree is None:
        raise EmptyInput(source, "there is no text in the page")
    title = _title(tree)
    date = _date(tree, page) or noise.published("\n".join(block.text for block in islice(_blocks(tree), 60)))
    _drop_asides(tree)
    text = _article(tree)
    if not text.strip():
        raise EmptyInput(
            source, "there is no text in the page; if a script fills it, save it from the browser"
        )
    yield Document(source, text, title=title, date=date or noise.published(text), doubtful=decoded.doubtful)


def read_mht(data: bytes, source: str, max_size: int) -> Iterator[Document]:
    """The first page of a web archive."""
    from email import message_from_bytes
    from email.message import EmailMessage
    from email.policy import default

    message = message_from_bytes(data, _class=EmailMessage, policy=default)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                yield from read_html(payload, source, max_size, part.get_content_charset())
                return
    raise WrongFormat(source, "holds no web page; is it a web archive (.mht)?")


def _tree(page: str, source: str) -> Any:
    try:
        import trafilatura
    except ImportError as error:
        raise MissingReader(source, "reading web pages", "docs") from error
    import logging

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return trafilatura.load_html(page)


class _Block(Struct):
    """A line of the page as it is shown, marked as Markdown marks headings and bold."""

    text: str
    heading: bool
    bold: bool

    @property
    def marked(self) -> str:
        if self.heading:
            return f"## {self.text}"
        return f"**{self.text}**" if self.bold else self.text


def _article(tree: Any) -> str:
    """The lines of the page's article.

    trafilatura says where the article begins and ends; between them nothing is lost, for it drops
    headings now and then, and headings part a round-up into its cases.
    """
    import trafilatura

    wechat = next(iter(tree.xpath("//*[@id='js_content']")), None)
    if wechat is not None:
        return "\n".join(block.marked for block in _blocks(wechat))
    blocks = list(_blocks(tree))
    if len(blocks) > _MOST_BLOCKS:
        return "\n".join(block.marked for block in blocks)
    found = trafilatura.extract(tree, favor_recall=True, include_comments=False, include_tables=True) or ""
    extracted = _bare(found)
    lines = {_bare(line) for line in found.split("\n")}
    chosen = [
        number
        for number, block in enumerate(blocks)
        if (bare := _bare(block.text)) in lines or (len(bare) >= _SENTENCE and bare in extracted)
    ]
    if sum(len(blocks[number].text) for number in chosen) < _SENTENCE:
        return "\n".join(block.marked for block in blocks)
    first = chosen[0]
    while first > 0 and blocks[first - 1].heading:
        first -= 1
    return "\n".join(block.marked for block in blocks[first : chosen[-1] + 1])


def _bare(text: str) -> str:
    return "".join(text.split())


def _blocks(root: Any) -> Iterator[_Block]:
    """The lines that a browser would show, in order; the cells of a row of short cells make one line."""
    from lxml import etree  # type: ignore[import-untyped]

    parts: list[str] = []
    bold = heading = 0  # how many open elements are bold, or headings
    bold_letters = 0
    row_broken = False

    def flush() -> Iterator[_Block]:
        nonlocal bold_letters
        text = " ".join("".join(parts).split())
        if text:
            short = len(text) < _LONGEST_HEADING and text[-1] != "。"
            yield _Block(text, bool(heading) and short, short and bold_letters >= len(_bare(text)))
        parts.clear()
        bold_letters = 0

    skipped = None
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        starts = event == "start"
        tag = node.tag if isinstance(node.tag, str) else ""
        if skipped is None and starts and tag in _UNSEEN:
            skipped = node
        if skipped is None and tag:
            if tag in ("td", "th"):
                if starts and parts and not row_broken:
                    parts.append(" ")
                elif starts:
                    yield from flush()
            elif tag in _BREAKING:
                row_broken = tag != "tr" or (row_broken and not starts)
                yield from flush()
            change = 1 if starts else -1
            heading += change if tag in _HEADINGS else 0
            bold += change if tag in ("b", "strong") or _BOLD_STYLE.search(node.get("style") or "") else 0
        text = node.text if starts else node.tail if event != "start" and node is not root else ""
        if node is skipped and not starts:
            skipped = None
        if skipped is None and text and not (starts and not tag):
            parts.append(text)
            bold_letters += len(_bare(text)) if bold else 0
    yield from flush()


def _drop_asides(tree: Any) -> None:
    """Takes out what stands beside an article: blocks of nothing but links, and what names itself "
    "comments."""
    texts: dict[Any, int] = {}
    linked: dict[Any, int] = {}
    links: dict[Any, int] = {}
    for element in reversed(list(tree.iter())):
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            continue
        children = [child for child in element if child in texts]
        own = len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)
        texts[element] = own + sum(texts[child] for child in children)
        is_link = element.tag == "a"
        linked[element] = texts[element] if is_link else sum(linked[child] for child in children)
        links[element] = 1 if is_link else sum(links[child] for child in children)
    for element, total in texts.items():
        if element.tag not in _ASIDES or element.getparent() is None:
            continue
        menu = links[element] >= _LINKS and linked[element] >= _LINK_SHARE * total
        named = _ASIDE_NAME.search(f"{element.get('id') or ''} {element.get('class') or ''}")
        if menu or (named and total < _ASIDE_SHARE * texts[tree]):
            element.drop_tree()


def _title(tree: Any) -> str:
    """The headline: the h1 that <title> repeats or shortens, else <title> without the name of the site."""
    written = [" ".join("".join(title.itertext()).split()) for title in tree.iter("title")]
    properties = {
        (meta.get("property") or "").lower(): meta.get("content") or "" for meta in tree.iter("meta")
    }
    full = (written[0] if written and written[0] else properties.get("og:title", "")).strip()
    parts = [part.strip() for part in _SITE.split(full) if part.strip()]
    headlines = [" ".join("".join(h1.itertext()).split()) for h1 in tree.iter("h1")]
    for headline in headlines:
        logo = headline in parts[1:] and len(headline) < len(parts[0])
        if headline and (headline in full or not full) and not logo:
            return headline
    for headline in headlines if parts else ():
        shortened = sum(character in headline for character in parts[0])
        if len(headline) > len(parts[0]) >= _SHORT_TITLE and shortened >= _SHORTENED * len(parts[0]):
            return headline
    return parts[0] if parts else ""


def _date(tree: Any, page: str) -> str | None:
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        found = _DAY.match(meta.get("content") or "") if name in _DATE_NAMES else None
        day = noise.iso_day(*map(int, found.groups())) if found else None
        if day:
            return day
    wechat = _WECHAT_TIME.search(page)
    if wechat:
        from datetime import datetime, timedelta, timezone

        beijing = timezone(timedelta(hours=8))
        return datetime.fromtimestamp(int(wechat[1]), beijing).date().isoformat()
    return None
