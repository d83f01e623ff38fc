"""Mails as mailers write them, with and without a word on their encoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tagger.notice import Document
from tagger.notice.archive import Member
from tagger.notice.errors import EmptyInput
from tagger.notice.mail import read_mail
from tagger.notice.read import read_path

TEXT = "2023年5月，某市公安局依据《网络安全法》第二十一条对某公司罚款一万元。"
TITLE = "某公司被罚"


def mail(head: bytes, body: bytes) -> list[Document | Member]:
    return list(read_mail(head + b"\r\n\r\n" + body, "a.eml", 10**6))


BODIES = {
    "declared": (b"Content-Type: text/plain; charset=gb2312", TEXT.encode("gb18030")),
    "undeclared": (b"Content-Type: text/plain", TEXT.encode("gb18030")),
    "falsely declared": (b"Content-Type: text/plain; charset=utf-8", TEXT.encode("gb18030")),
    "unknown": (b"Content-Type: text/plain; charset=x-nothing", TEXT.encode()),
    "no type at all": (b"X-A: b", TEXT.encode()),
}


@pytest.mark.parametrize(("head", "body"), BODIES.values(), ids=BODIES)
def test_bodies(head: bytes, body: bytes) -> None:
    (document,) = mail(head, body)
    assert isinstance(document, Document)
    assert document.text == TEXT


SUBJECTS = {
    "encoded": "=?gb2312?B?xLO5q8u+sbu3ow==?=",
    "encoded in pieces": "=?utf-8?B?5p+Q5YWs5Y+4?= =?utf-8?B?6KKr572a?=",
    "forwarded": "Fw: 转发：=?gb2312?B?xLO5q8u+sbu3ow==?=",
    "bare UTF-8": TITLE,
}


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_subjects(subject: str) -> None:
    (document,) = mail(f"Subject: {subject}".encode(), TEXT.encode())
    assert isinstance(document, Document)
    assert document.title == TITLE


def test_a_damaged_subject_does_not_lose_the_mail() -> None:
    (document,) = mail(b"Subject: =?gb2312?B?xLO5q8u+s?=", TEXT.encode())
    assert isinstance(document, Document)
    assert document.text == TEXT


def test_a_bare_gb18030_subject() -> None:
    (document,) = mail(b"Subject: " + TITLE.encode("gb18030"), TEXT.encode())
    assert isinstance(document, Document)
    assert document.title == TITLE


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Tue, 28 Sep 2021 09:00:00 +0800", "2021-09-28"),
        ("yesterday", None),
        ("Tue, 99 Sep 2021 09:00:00", None),
    ],
)
def test_the_day_of_sending(date: str, day: str | None) -> None:
    (document,) = mail(f"Date: {date}".encode(), TEXT.encode())
    assert isinstance(document, Document)
    assert document.date == day


def test_a_mail_without_text() -> None:
    with pytest.raises(EmptyInput):
        mail(b"Subject: a", b" ")


def test_a_mail_that_only_carries_a_file(tmp_path: Path) -> None:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"'
    part = 'Content-Disposition: attachment; filename="a.txt"\r\n\r\n' + TEXT
    path = tmp_path / "a.eml"
    path.write_bytes(head + b"\r\n\r\n--b\r\n" + part.encode() + b"\r\n--b--\r\n")
    (document,) = read_path(path, "a.eml")
    assert (document.source, document.text.strip()) == ("a.eml/a.txt", TEXT)
