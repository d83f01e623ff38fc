"""Builds data/cases.jsonl from the text of the 2020 report.

    python data/build_cases.py REPORT.txt [-o data/cases.jsonl]

The report is not shipped; what its pages look like is in tests/data/report/. A page holds one case:
a title, 案件回顾 (the narrative), 法律链接 (statute text) and a card of seven fields, in an order that
varies, with lines broken inside words. Nothing is corrected silently: `printed` keeps the fields as
they stand, and what they are corrected to is a row of data/corrections.csv.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tagger import shipped
from tagger.card import citation
from tagger.casebook import Case, dump_cases
from tagger.errors import TaggerError
from tagger.taxonomy import TARGETS, Target, taxonomy

CORRECTIONS = shipped.DATA / "corrections.csv"
LAWS = shipped.DATA / "law" / "laws.csv"
SOURCE = "奇安信行业安全研究中心《网络安全行政执法案例》(2020)"
PUBLISHED = "2020"

FIELDS = {
    "违法/犯罪 主体": "subject",
    "违法/犯罪 性质": "nature",
    "所属行业": "industry",
    "影响范围": "impact",
    "关键词": "keywords",
    "触犯法条": "statutes",
    "机构责任": "liability",
}
"""The card's headings, in the order in which the report prints them."""
HEADINGS = {"案件回顾：": "facts", "法律链接：": "law_text"} | FIELDS

_HEADING = re.compile("|".join(HEADINGS))
_PARAGRAPH = re.compile(rf"\n[ \t]*\n|\n(?={_HEADING.pattern})")


class UnreadableReport(TaggerError):
    """The report, or a row of corrections, is not what this script knows."""


@dataclass(frozen=True, slots=True)
class PrintedCase:
    """One page of the report with its lines joined; `fields` as printed, by field name."""

    title: str
    facts: str
    law_text: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Correction:
    """A row of corrections.csv: in `field` of `case`, `printed` reads `corrected`, for this reason."""

    case: str
    field: str
    printed: str
    corrected: str
    reason: str


# ---- pages -------------------------------------------------------------------------------------


def case_pages(report: str) -> Iterator[str]:
    """The pages that hold a case: three blank lines or more part one page from the next."""
    for page in re.split(r"\n(?:[ \t]*\n){3,}", report):
        if "案件回顾：" in page:
            yield page.strip("\n")


def parse_page(page: str) -> PrintedCase:
    """The parts of one page, wherever on it they stand.

    Most pages begin with the title. On the others it stands right above the card, as the last
    paragraph of the part before (a part may have several, so blank lines alone do not tell).
    """
    parts: dict[str, list[str]] = {}
    current = "title"
    for paragraph in _PARAGRAPH.split(page):
        heading = _HEADING.match(paragraph)
        if heading:
            if HEADINGS[heading.group()] == "subject" and "title" not in parts:
                parts["title"] = [parts[current].pop()]
            current = HEADINGS[heading.group()]
            if current in parts:
                raise UnreadableReport(f"two parts {heading.group()!r} on the page that begins {page[:40]!r}")
            paragraph = paragraph[heading.end() :]
        parts.setdefault(current, []).append(paragraph)
    missing = {"title", *HEADINGS.values()} - parts.keys()
    if missing:
        raise UnreadableReport(f"no {', '.join(sorted(missing))} on the page that begins {page[:40]!r}")
    joined = {name: join_lines("".join(paragraphs)) for name, paragraphs in parts.items()}
    return PrintedCase(
        joined["title"], joined["facts"], joined["law_text"], {name: joined[name] for name in FIELDS.values()}
    )


def join_lines(printed: str) -> str:
    """One line of text. The report breaks lines inside words and sets stray half-width spaces
    beside quotation marks: a space stays only between two Latin words or numbers.

    >>> join_lines("获取公\\n民信息， 出售\\n给客户")
    '获取公民信息，出售给客户'
    """
    return re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", printed.replace("\n", ""))


# ---- fields ------------------------------------------------------------------------------------


def entries(printed: str) -> list[str]:
    """The entries of a field, which the report parts (and often ends) with 、."""
    return [entry for entry in printed.split("、") if entry]


def labels(target: Target, text: str) -> tuple[str, ...]:
    """The labels of a field. Strict: another spelling of a label needs a row in corrections.csv."""
    found = tuple(entries(text))
    unknown = [label for label in found if label not in taxonomy()[target].labels]
    if unknown or not found:
        raise UnreadableReport(f"{target}: {text!r} is no list of labels; correct it in {CORRECTIONS.name}")
    return found


_NUMBER = r"\d{1,3}|[一二三四五六七八九十百零]{1,7}"
_ARTICLE = re.compile(rf"第({_NUMBER})条(?:之([一二三四五\d]))?(?:第(?:{_NUMBER})[款项])?[、，和]?")


def read_statutes(text: str, laws: dict[str, str]) -> tuple[str, ...]:
    """The articles of a 触犯法条 field as `网络安全法第21条`; `laws` maps every name to the one name.

    >>> read_statutes("《网络安全法》第21条、第五十九条", {"网络安全法": "网络安全法"})
    ('网络安全法第21条', '网络安全法第59条')
    """
    found: list[str] = []
    named = re.split(r"《([^》]{2,40})》", text)
    if named[0] or len(named) < 3:
        raise UnreadableReport(f"statutes: {text!r} does not begin with a law")
    for name, articles in zip(named[1::2], named[2::2], strict=True):
        if name not in laws:
            raise UnreadableReport(f"statutes: {LAWS.name} has no law {name!r}")
        position = 0
        while position < len(articles):
            match = _ARTICLE.match(articles, position)
            if match is None:
                raise UnreadableReport(f"statutes: {articles[position:]!r} is no article; correct it")
            number, inserted = match.groups()
            article = str(numeral(number)) + (f"之{inserted}" if inserted else "")
            found.append(citation(laws[name], article))
            position = match.end()
    return tuple(dict.fromkeys(found))


def numeral(printed: str) -> int:
    """The value of an Arabic or Chinese numeral below a thousand.

    >>> numeral("二百五十三"), numeral("十二"), numeral("64")
    (253, 12, 64)
    """
    if printed.isdecimal():
        return int(printed)
    value = digit = 0
    for character in printed:
        if character in "十百":
            value += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(character)
    return value + digit


_DATE = re.compile(r"(?:(?<!\d)(\d{4})年(?:(\d{1,2})月)?|(?<!\d)(\d{1,2})月)(?:(?<=月)(\d{1,2})日)?")


def latest_date(facts: str) -> str | None:
    """The latest date that the narrative states, as precise as it states it.

    Notices tell their story in order, so this is the decision, or the act where no decision is
    dated. A month without a year is of the year named before it.

    >>> latest_date("2019年4月研判出两个团伙。7月15日，专案组抓获107名，停业6个月")
    '2019-07-15'
    """
    dates: list[tuple[int, ...]] = []
    year: int | None = None
    for match in _DATE.finditer(facts):
        printed_year, month, bare_month, day = match.groups()
        year = int(printed_year) if printed_year else year
        if year is None:
            continue
        rest = [int(part) for part in (month or bare_month, day) if part]
        dates.append((year, *rest))
    if not dates:
        return None
    return "-".join(f"{part:02}" for part in max(dates))


# ---- cases -------------------------------------------------------------------------------------


def build(report: str, corrections: Iterable[Correction], laws: dict[str, str]) -> list[Case]:
    """Every case of the report, in its order. Raises UnreadableReport where a correction finds nothing."""
    by_case: dict[str, list[Correction]] = {}
    for correction in corrections:
        by_case.setdefault(correction.case, []).append(correction)
    cases = []
    for number, page in enumerate(case_pages(report), 1):
        case_id = f"2020-{number:03}"
        cases.append(normalise(case_id, parse_page(page), by_case.pop(case_id, []), laws))
    if by_case:
        raise UnreadableReport(f"corrections of cases that the report lacks: {', '.join(by_case)}")
    return cases


def normalise(
    case_id: str, printed: PrintedCase, corrections: Iterable[Correction], laws: dict[str, str]
) -> Case:
    """The casebook's record of one printed case."""
    fields = printed.fields | {"event": case_id}
    for correction in corrections:
        value = fields.get(correction.field, "")
        if correction.printed not in value:
            raise UnreadableReport(
                f"{case_id}: {correction.field} has no {correction.printed!r} to correct but {value!r}"
            )
        fields[correction.field] = value.replace(correction.printed, correction.corrected)
    targets = {target: labels(target, fields[target]) for target in TARGETS}
    return Case(
        id=case_id,
        title=printed.title,
        facts=printed.facts,
        law_text=printed.law_text,
        date=latest_date(printed.facts),
        published=PUBLISHED,
        keywords=tuple(entries(fields["keywords"])),
        statutes=read_statutes(fields["statutes"], laws),
        printed=printed.fields,
        event=fields["event"],
        source=SOURCE,
        **targets,
    )


def read_corrections(path: Path = CORRECTIONS) -> list[Correction]:
    """The rows of corrections.csv."""
    with path.open(encoding="utf-8", newline="") as rows:
        return [Correction(**row) for row in csv.DictReader(rows)]


def read_law_names(path: Path = LAWS) -> dict[str, str]:
    """Every name and alias of a law, mapped to the one name that the casebook uses."""
    names: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            for name in (row["official_name"], row["citation_name"], *row["aliases"].split("|")):
                names[name] = row["citation_name"]
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the casebook from the text of the 2020 report.")
    parser.add_argument("report", type=Path, help="the report as UTF-8 text, one page after the other")
    parser.add_argument("-o", "--output", type=Path, default=shipped.DATA / "cases.jsonl")
    arguments = parser.parse_args()
    try:
        cases = build(arguments.report.read_text(encoding="utf-8"), read_corrections(), read_law_names())
    except (TaggerError, OSError) as error:
        parser.exit(2, f"{error}\n")
    arguments.output.write_text(dump_cases(cases), encoding="utf-8")
    print(f"{len(cases)} cases -> {arguments.output}")


if __name__ == "__main__":
    main()
