"""Citations written in random forms from random rows of the catalogue read back as they were meant.

Ten thousand examples: `settings.register_profile("many", max_examples=10_000)`, load it, and call the
test function; the suite runs a bounded number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations
from tagger.law.numerals import read_numeral, write_numeral
from tagger.law.provisions import Edition, Law, article_key

CATALOGUE = load_catalogue()
# The machine may be busy: how long an example takes is no defect here.
BOUNDED = settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
FULL_WIDTH = str.maketrans("0123456789()", "０１２３４５６７８９（）")


@dataclass(frozen=True)
class Written:
    """A citation as a drafter writes it and what it means."""

    text: str
    means: list[tuple[str, str, tuple[str, ...]]]


def bare(name: str) -> bool:
    """Whether a name can stand without 《》: it is one word to a reader."""
    return re.fullmatch(r"[\u4e00-\u9fff]{3,30}", name) is not None


@st.composite
def law_in_print(draw: st.DrawFn, law: Law) -> str:
    name = draw(st.sampled_from(law.aliases))
    forms = [f"《{name}》"]
    if bare(name):
        forms += [name, f"“{name}”", f"【{name}】"]
    if not law.kind.startswith("司法解释"):
        forms += [f"《{name}》（以下简称《本省办法》）", f"《{name}》（公布文号：第12号）"]
    return draw(st.sampled_from(forms))


@st.composite
def law_behind_in_print(draw: st.DrawFn, law: Law) -> str:
    """第二十一条（《网络安全法》）, 第五十九条的规定见《网络安全法》: the law that stands behind its list."""
    name = draw(st.sampled_from(law.aliases))
    forms = [f"（《{name}》）", f"（见《{name}》）", f"（均为《{name}》）", f"的规定见《{name}》"]
    return draw(st.sampled_from([*forms, f"（{name}）"] if bare(name) else forms))


@st.composite
def number_in_print(draw: st.DrawFn, number: int) -> str:
    digits = str(number)
    return draw(st.sampled_from([write_numeral(number), digits, digits.translate(FULL_WIDTH)]))


@st.composite
def pinpoints(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """What stands behind an article, and the pinpoints without its number."""
    paragraph = draw(st.none() | st.integers(1, 4))
    items = draw(st.lists(st.integers(1, 12), max_size=3, unique=True))
    text, means = "", []
    if paragraph:
        number = draw(number_in_print(paragraph))
        text += draw(st.sampled_from([f"第{number}款", f"第({number})款", f"第（{number}）款"]))
        means = [f".{paragraph}"]
    if items:
        written = [draw(number_in_print(item)) for item in items]
        base = f".{paragraph}" if paragraph else ""
        text += draw(
            st.sampled_from(
                [
                    "、".join(f"第（{n}）项" for n in written),
                    "、".join(f"第{n}项" for n in written),
                    "第" + "、".join(f"({n})" for n in written) + "项",
                    "".join(f"（{n}）" for n in written) + "项",
                ]
            )
        )
        means = [f"{base}({item})" for item in items]
    return text, tuple(means)


@st.composite
def article_in_print(draw: st.DrawFn, edition: Edition, first: bool) -> tuple[str, str, tuple[str, ...]]:
    """A printed article, its number ("253之一") and its pinpoints."""
    described = [article.number for article in CATALOGUE.articles(edition)]
    numbers = st.integers(1, edition.article_count or 40).map(str)
    number = draw(st.sampled_from(described) | numbers if described else numbers)
    base, inserted = article_key(number)
    ordinal = "第" if first else draw(st.sampled_from(["第", ""]))
    text = f"{ordinal}{draw(number_in_print(base))}条"
    if inserted:
        text += "之" + draw(st.sampled_from([write_numeral(inserted), str(inserted)]))
    behind, pins = draw(pinpoints())
    return text + behind, number, tuple(number + pin for pin in pins)


@st.composite
def run_in_print(draw: st.DrawFn, edition: Edition) -> tuple[str, list[str]]:
    """Several articles with one 条 between them, or a range of them."""
    last = edition.article_count or 40
    if draw(st.booleans()):
        first = draw(st.integers(1, last))
        end = draw(st.integers(first, min(last, first + 8)))
        numbers = [str(number) for number in range(first, end + 1)]
        if first == end:
            return f"第{draw(number_in_print(first))}条", numbers
        to = draw(st.sampled_from(["至", "到", "—", "-", "~"]))
        middle = draw(st.sampled_from([f"条{to}第", f"{to}第", f"{to}", f"条{to}"]))
        return f"第{draw(number_in_print(first))}{middle}{draw(number_in_print(end))}条", numbers
    numbers = draw(st.lists(st.integers(1, last), min_size=2, max_size=4))
    and_ = draw(st.sampled_from(["、", "和", "及", "、第"]))
    written = and_.join(draw(number_in_print(number)) for number in numbers)
    return f"第{written}条", [str(number) for number in numbers]


@st.composite
def inserted_in_print(draw: st.DrawFn) -> tuple[str, list[str]]:
    """第二百八十七条之一、之二."""
    number = draw(number_in_print(draw(st.integers(100, 400))))
    subs = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True))
    base = read_numeral(number.translate(HALF_WIDTH))
    text = f"第{number}条" + "、".join(f"之{write_numeral(sub)}" for sub in subs)
    return text, [f"{base}之{write_numeral(sub)}" for sub in subs]


@st.composite
def chunk_in_print(draw: st.DrawFn, law: Law, edition: Edition, first: bool) -> Written:
    kind = draw(st.sampled_from(["article", "article", "article", "run", "inserted"]))
    if kind == "inserted" and law.name == "刑法":
        text, numbers = draw(inserted_in_print())
    elif kind == "run":
        text, numbers = draw(run_in_print(edition))
    else:
        text, number, pins = draw(article_in_print(edition, first))
        return Written(text, [(law.name, number, pins)])
    return Written(text, [(law.name, number, ()) for number in numbers])


@st.composite
def citation_of_one_law(draw: st.DrawFn) -> Written:
    law = draw(st.sampled_from(CATALOGUE.laws))
    edition = draw(st.sampled_from(law.editions))
    behind = draw(st.integers(0, 4)) == 0
    text = "" if behind else draw(law_in_print(law)) + draw(st.sampled_from(["", "", "的", "中"]))
    means: list[tuple[str, str, tuple[str, ...]]] = []
    for index in range(draw(st.integers(1, 4))):
        if index:
            text += draw(st.sampled_from(["、", "，", "和", "及", "以及", "、", "与"]))
        chunk = draw(chunk_in_print(law, edition, first=index == 0))
        text += chunk.text
        means += chunk.means
    if behind:
        text += draw(law_behind_in_print(law))
    kind = re.search("办法|条例|规定|法$", law.name)
    if kind is not None and law.name.endswith(kind[0]) and draw(st.booleans()):
        chunk = draw(chunk_in_print(law, edition, first=True))
        pronoun = draw(st.sampled_from(["该", "同", "上述", "此"]))
        text += f"规定，依据{pronoun}{kind[0]}{chunk.text}"
        means += chunk.means
    return Written(text, means)


@st.composite
def sentence(draw: st.DrawFn) -> Written:
    cited = draw(st.lists(citation_of_one_law(), min_size=1, max_size=3))
    lead = st.sampled_from(["依据", "根据", "违反了", "该行为触犯", "按照", "其行为违反"])
    end = st.sampled_from(["之规定", "的规定", "等规定", "规定", "的相关规定", "之相关规定"])
    text = "2023年5月，某市公安局检查一家公司，"
    for one in cited:
        text += f"{draw(lead)}{one.text}{draw(end)}，"
    text += "对该公司予以警告，并处罚款5万元。"
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(1, len(text) - 1))
        text = text[:at] + draw(st.sampled_from([" ", "\u3000", "**", "\u200b", "\n"])) + text[at:]
    return Written(text, [meaning for one in cited for meaning in one.means])


def merged(means: list[tuple[str, str, tuple[str, ...]]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for law, number, pins in means:
        known = found.setdefault((law, number), [])
        known += [pin for pin in pins if pin not in known]
    return found


@BOUNDED
@given(sentence())
def test_what_is_written_reads_back(written: Written) -> None:
    check(written)


def check(written: Written) -> None:
    citations = find_citations(written.text, CATALOGUE)
    read: dict[tuple[str, str], list[str]] = {}
    for one in citations:  # a name that one edition alone has parts an article in two
        read.setdefault((one.name, one.article), []).extend(
            pin for pin in one.pinpoints if pin not in read.get((one.name, one.article), [])
        )
        assert one.ground
        for start, end in one.spans:
            assert 0 <= start < end <= len(written.text)
            assert re.search(r"[0-9０-９一二三四五六七八九十百千]", written.text[start:end])
    assert {key: sorted(pins) for key, pins in read.items()} == {
        key: sorted(pins) for key, pins in merged(written.means).items()
    }


@BOUNDED
@given(
    st.text(
        alphabet="《》〈第一二十百两0９条款项之至、，()（）本该法网络安全刑规定依据违反\n *。：“”",
        max_size=120,
    )
)
def test_no_text_breaks_the_reader(text: str) -> None:
    for one in find_citations(text, CATALOGUE):
        assert article_key(one.article)[0] in range(1, 10_000)
        for start, end in one.spans:
            assert 0 <= start < end <= len(text)
