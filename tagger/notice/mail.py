"""Mails: the subject as title, the text, and each attachment that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tagger.expressions import expression
from tagger.notice import Document, noise
from tagger.notice.archive import Member
from tagger.notice.decode import decode
from tagger.notice.errors import EmptyInput
from tagger.notice.web import read_html

if TYPE_CHECKING:
    from email.message import EmailMessage

_FORWARDED = expression(r"(?:(?:re|fw|fwd|转发|回复|答复)\s?[:：]\s*){1,9}", re.IGNORECASE)

_ENCODED_WORDS = expression(r"(?:=\?[\w.*:-]{1,60}\?[bBqQ]\?[^?\s]{0,4000}\?=\s{0,9})++")


def read_mail(data: bytes, source: str, max_size: int) -> Iterator[Document | Member]:
    """The mail's own text, if any, then its attachments as they are. Raises EmptyInput for a mail "
    "without either."""
    from email import message_from_bytes
    from email.message import EmailMessage
    from email.policy import default

    message = message_from_bytes(data, _class=EmailMessage, policy=default)
    title = _FORWARDED.sub("", _header(message, "subject", source), count=1).strip()
    attachments = [part for part in message.walk() if part.get_filename() and not part.is_multipart()]
    document = _body(message, source, max_size)
    if document is not None:
        date = noise.published(document.text) or _sent(message)
        yield replace(document, title=document.title or title, date=document.date or date)
    elif not attachments:
        raise EmptyInput(source, "there is no text in the mail")
    for part in attachments:
        payload = part.get_payload(decode=True)
        yield Member(part.get_filename() or "", payload if isinstance(payload, bytes) else b"")


def _body(message: EmailMessage, source: str, max_size: int) -> Document | None:
    part = message.get_body(preferencelist=("plain", "html"))
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        return None
    charset = part.get_content_charset()
    if part.get_content_type() == "text/html":
        return replace(next(read_html(payload, source, max_size, charset)), title="")
    decoded = decode(payload, source, charset)
    return Document(source, decoded.text, doubtful=decoded.doubtful)


def _header(message: EmailMessage, name: str, source: str) -> str:
    """A header's text; many mailers write it in UTF-8 or GB18030 without saying so."""
    from email.errors import HeaderParseError
    from email.header import decode_header

    text = str(next((value for key, value in message.raw_items() if key.lower() == name), ""))
    if any("\ud800" <= c <= "\udfff" for c in text):
        text = decode(text.encode("utf-8", "surrogateescape"), source).text

    def words(found: re.Match[str]) -> str:
        try:
            parts = decode_header(found[0].strip())
        except HeaderParseError:
            return found[0]  # a damaged subject is no reason to lose the mail
        return "".join(v if isinstance(v, str) else decode(v, source, charset).text for v, charset in parts)

    return " ".join(_ENCODED_WORDS.sub(words, text).split())


def _sent(message: EmailMessage) -> str | None:
    from email.utils import parsedate

    raw = next((str(value) for key, value in message.raw_items() if key.lower() == "date"), "")
    sent = parsedate(raw)
    return noise.iso_day(*sent[:3]) if sent else None
