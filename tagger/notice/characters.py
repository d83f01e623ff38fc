"""One spelling for each character, with a map back to where it stood.

Unicode NFKC, so that half- and full-width digits, letters and per-cent signs are one; Chinese
punctuation keeps its full width (，：；！？（） stay, as the casebook and the laws print them), … and ①
stay, as they part sentences and count items. Traditional characters become simplified. Control and
zero-width characters, half surrogates, HTML tags and entities, Markdown's links and escapes go away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from tagger.expressions import expression
from tagger.notice import noise, script
from tagger.notice.words import words


class Mapped(Struct, frozen=True):
    """A text on its way and where each character came from (None: all stand where they stood)."""

    text: str
    offsets: Sequence[int] | None

    def replace(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> Mapped:
        """Every match replaced; what a longer replacement adds points at the match's last character."""
        found = pattern.search(self.text)
        if found is None:
            return self
        text = self.text
        offsets = range(len(text)) if self.offsets is None else self.offsets
        parts: list[str] = []
        kept: list[int] = []
        done = 0
        for match in pattern.finditer(text, found.start()):
            start, end = match.span()
            piece = new(match)
            parts += (text[done:start], piece)
            kept += offsets[done:start]
            kept += _stretched(offsets[start:end], len(piece))
            done = end
        parts.append(text[done:])
        kept += offsets[done:]
        return Mapped("".join(parts), kept)

    def cut(self, spans: Iterable[tuple[int, int]]) -> Mapped:
        """Without these spans, which follow one another."""
        offsets = range(len(self.text)) if self.offsets is None else self.offsets
        parts: list[str] = []
        kept: list[int] = []
        done = 0
        for start, end in spans:
            parts.append(self.text[done:start])
            kept += offsets[done:start]
            done = end
        if not done:
            return self
        parts.append(self.text[done:])
        kept += offsets[done:]
        return Mapped("".join(parts), kept)


def spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where a pattern matches."""
    return (found.span() for found in pattern.finditer(text))


def _stretched(offsets: Sequence[int], length: int) -> Sequence[int]:
    if length <= len(offsets):
        return offsets[:length]
    return [*offsets, *[offsets[-1]] * (length - len(offsets))]


# All but these are looked at one by one. They are NFKC already, or keep their width on purpose.
_USUAL = (
    "\n -~\u00a1-\u00a7\u00a9\u00ab\u00ac\u00ae\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf-\u017e\u0400-\u0482"
    "—–‘’“”•…→■▲◆○◎●★☆①-⑳、。〈-】〔〕ぁ-ゔァ-ヺー㐀-䶿一-鿿가-힣！（），：；？\U0001f300-\U0001faff"
)
_UNUSUAL = expression(rf"[^{_USUAL}][\u0300-\u036f\u3099\u309a\u1160-\u11ff]{{0,30}}")
_ACCENTED = expression(r"[A-Za-z][\u0300-\u036f]{1,30}")

# Full-width forms that fold to one ASCII character each, and what is a space or a line break.
_ONE_TO_ONE = {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "！（），：；？"
}
_ONE_TO_ONE |= dict.fromkeys(b"\t\xa0", " ") | dict.fromkeys([0x3000, *range(0x2000, 0x200B)], " ")
_ONE_TO_ONE |= dict.fromkeys([0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], "\n") | {
    0x20E3: "."
}  # 1️⃣ is an item's number
_ONE_TO_ONE |= dict.fromkeys(
    [0xF06C, 0xF06E, 0xF075, 0xF0A7, 0xF0B7, 0xF0D8, 0xF0E0, 0xF0FC], "•"
)  # Word's bullets

_UNPRINTED = expression(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]+|\r(?=\n)"
)
_TAG = expression(
    r"<!--[^<>]{0,2000}-->|</?(?P<name>a|abbr|article|b|big|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|figure|figcaption"
    r"|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|label|li|link|main|meta|nav|o:p|ol|option|p|pre|s|section"
    r"|select|small|span|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|u|ul|video|wbr)(?:[\s/][^<>]{0,2000})?>",
    re.IGNORECASE,
)
_BREAKING = frozenset(words("tags_breaking"))
_ENTITY = expression(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")

_SPACES = expression(
    r" {2,}|(?<=[\u2e80-\uffef]) (?=[!-~\u00b7-\u02ff\u2010-\u303f\uff00-\uffef])"
    r"|(?<=[!-~\u00b7-\u02ff\u2010-\u303f\uff00-\uffef]) (?=[\u2e80-\uffef])"
)
_LETTER_SPACED = expression(r"(?<![^\s])[\u4e00-\u9fff](?: [\u4e00-\u9fff]){2,}+(?![^\s，。：])")
_WIDE = expression(r"[\u2010-\u2027\u2e80-\uffef]")
_CLOSE = frozenset("，。；：、！？（）《》")  # marks that bring their own space
_ITEM_NUMBER = expression(
    r"(?:^|\n)[^\w\n]{0,3}(?:[\u4e00-\u9fff]{0,4}(?:案例|案件|案|事件) ?|[A-Za-z]{2,4}[. ]{0,2})?\d{1,2}$"
)

_LINK = expression(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,500}\)")
_CODE = expression(r"`{1,3}")
_ESCAPE = expression(r"\\(?=[][!#()*+.>_`{}~-])")


def fold(mapped: Mapped) -> Mapped:
    """One spelling for each character; what is no character of the text goes."""
    text = mapped.text
    if "<" in text:
        mapped = mapped.replace(_TAG, _untag)
    if "&" in text:
        import html

        mapped = mapped.replace(_ENTITY, lambda found: html.unescape(found[0]))
    if _UNUSUAL.search(mapped.text):
        mapped = mapped.cut(spans(_UNPRINTED, mapped.text))
        mapped = Mapped(mapped.text.translate(_ONE_TO_ONE), mapped.offsets)
        mapped = mapped.replace(_ACCENTED, lambda found: unicodedata.normalize("NFKC", found[0]))
        mapped = mapped.replace(_UNUSUAL, lambda found: _fold_character(found[0]))
    if script.is_traditional(mapped.text):
        mapped = _simplify(mapped)
    text = mapped.text
    if "](" in text:
        mapped = mapped.cut(_around_links(text))
    if "`" in text:
        mapped = mapped.cut(spans(_CODE, mapped.text))
    if "\\" in text:
        mapped = mapped.cut(spans(_ESCAPE, mapped.text))
    if "(" in text or "（" in text or "[" in text or "【" in text or "返回搜狐" in text:
        mapped = mapped.cut(spans(noise.INLINE, mapped.text))
    if " " in text:
        mapped = mapped.replace(_SPACES, _narrow)
        mapped = mapped.replace(_LETTER_SPACED, lambda found: found[0].replace(" ", ""))
    return mapped


def _around_links(text: str) -> Iterator[tuple[int, int]]:
    for found in _LINK.finditer(text):
        if found[0][0] == "!":
            yield found.span()
        else:
            yield found.start(), found.start(1)
            yield found.end(1), found.end()


def _untag(found: re.Match[str]) -> str:
    return "\n" if (found["name"] or "").lower() in _BREAKING else ""


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """NFKC of one character and its marks, unless it unfolds into a sentence of its own (ﷺ)."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) <= 4 else character


def _narrow(found: re.Match[str]) -> str:
    """Space between Chinese and other writing is typography, except behind an item's number."""
    text, start, end = found.string, found.start(), found.end()
    if start == 0 or text[start - 1] == "\n" or end == len(text) or text[end] == "\n":
        return found[0]  # an indent is looked at later
    before, after = text[start - 1], text[end]
    if before in "#>":
        return " "  # Markdown's marks
    if before.isdigit() and _ITEM_NUMBER.search(text, max(0, start - 14), start):
        return " "
    wide = bool(_WIDE.match(before)) + bool(_WIDE.match(after))
    if wide == 1 or (wide == 2 and (before in _CLOSE or after in _CLOSE)):
        return ""
    return " "


def _simplify(mapped: Mapped) -> Mapped:
    offsets = range(len(mapped.text)) if mapped.offsets is None else mapped.offsets
    parts: list[str] = []
    kept: list[int] = []
    done = 0
    for piece, length in script.simplify(mapped.text):
        parts.append(piece)
        kept += _stretched(offsets[done : done + length], len(piece))
        done += length
    return Mapped("".join(parts), kept)
