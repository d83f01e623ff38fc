"""The shipped law tables hold together: no dangling reference, no overlapping editions, known words only."""

import csv
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tagger.law.catalogue import Catalogue, load_catalogue
from tagger.law.provisions import article_key
from tagger.law.tables import KEYS, SHIPPED_LAW, BrokenLawTable, read_table

REFERENCE = re.compile(r"\d{1,4}(之[一二三四五六七八九])?(\.\d)?")
SANCTIONS = {
    "order-to-correct",
    "warning",
    "public-criticism",
    "confiscation",
    "suspend-business",
    "shutdown-site",
    "revoke-licence",
    "detention",
    "ban",
}
VERIFIED = {"full_text", "flk_list", "derived", "secondary", "unverified"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def described(catalogue: Catalogue) -> set[tuple[str, str]]:
    return {(e.id, a.number) for e in catalogue.editions.values() for a in catalogue.articles(e)}


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("laws.csv", 110),
        ("articles.csv", 839),
        ("penalty_links.csv", 225),
        ("charges.csv", 121),
        ("concordance.csv", 186),
        ("version_traps.csv", 141),
        ("general_provisions.csv", 11),
    ],
)
def test_every_table_is_whole(table: str, rows: int) -> None:
    with (SHIPPED_LAW / table).open(encoding="utf-8", newline="") as lines:
        cells = list(csv.reader(lines))
    assert len(cells) == rows + 1
    assert {len(row) for row in cells} == {len(cells[0])}


@pytest.mark.parametrize("table", ["laws.csv", "articles.csv", "charges.csv"])
def test_a_key_stands_once(table: str) -> None:
    keys = [tuple(row[column] for column in KEYS[table]) for row in read_table(table)]
    assert len(keys) == len(set(keys))


def test_82_laws_in_110_editions(catalogue: Catalogue) -> None:
    assert len(catalogue.laws) == 82
    assert len(catalogue.editions) == 110


def test_editions_of_a_law_neither_overlap_nor_leave_a_gap(catalogue: Catalogue) -> None:
    for law in catalogue.laws:
        assert law.editions[-1].until is None or law.editions[-1].until >= law.editions[-1].in_force
        for older, newer in pairwise(law.editions):
            assert older.until is not None
            assert date.fromisoformat(older.until) + timedelta(days=1) == date.fromisoformat(newer.in_force)


def test_a_name_is_bare_and_belongs_to_one_law(catalogue: Catalogue) -> None:
    assert len({law.name for law in catalogue.laws}) == 82
    for law in catalogue.laws:
        assert not re.search("[《》]|^中华人民共和国", law.name)
        for name in (law.name, law.short_name, *(edition.official_name for edition in law.editions)):
            assert catalogue.aliases[name] is law
            assert catalogue.find_law(f"《{name}》") is law


def test_articles_name_an_edition_and_known_words(catalogue: Catalogue) -> None:
    laws = {edition: catalogue.law_of(edition).id for edition in catalogue.editions.values()}
    for row in read_table("articles.csv"):
        edition = catalogue.editions[row["version_id"]]
        assert laws[edition] == row["law_id"], row
        assert row["verified"] in VERIFIED, row
        assert 0 < len(row["gist"]) <= 40, row


def references(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    found = [
        (article.source, article.edition, reference)
        for edition in catalogue.editions.values()
        for article in catalogue.articles(edition)
        for reference in (article.number, *article.penalty_for)
    ]
    for edition in catalogue.editions.values():
        for link in catalogue.links(edition):
            found += [
                (link.source, edition.id, reference)
                for reference in (link.penalty, *link.duties)
                if reference != "*"
            ]
    return found + [("charges.csv", "CRL-A12", charge.article) for charge in catalogue.charges]


def test_no_reference_dangles(catalogue: Catalogue) -> None:
    known = described(catalogue)
    for source, edition_id, reference in references(catalogue):
        edition = catalogue.editions[edition_id]
        assert REFERENCE.fullmatch(reference), (source, reference)
        assert (edition_id, reference.partition(".")[0]) in known, (source, reference)
        assert edition.article_count is None or article_key(reference)[0] <= edition.article_count, source


def test_penalty_links_hold_to_their_words_and_ranges(catalogue: Catalogue) -> None:
    links = [link for edition in catalogue.editions.values() for link in catalogue.links(edition)]
    assert len(links) == 225
    for link in links:
        assert link.tier in {"", "first", "aggravated", "serious", "very-serious"}, link
        assert set(link.other_sanctions) <= SANCTIONS, link
        assert link.duties, link
        assert link.duties != ("*",) or "兜底" in link.remark, link
        for low, high in filter(None, (link.entity_fine, link.individual_fine)):
            assert low is not None, link
            assert high is None or low <= high, link


@pytest.mark.parametrize(("old", "new"), [("CSL-2017", "CSL-2026"), ("PSPL-2013", "PSPL-2026")])
def test_the_concordance_stays_within_both_editions(catalogue: Catalogue, old: str, new: str) -> None:
    rows = [r for r in read_table("concordance.csv") if (r["old_version"], r["new_version"]) == (old, new)]
    assert rows
    for edition_id, column in ((old, "old_article"), (new, "new_article")):
        count = catalogue.editions[edition_id].article_count
        numbers = {int(row[column]) for row in rows if row[column]}
        assert count is not None and numbers <= set(range(1, count + 1))
        if old.startswith("CSL"):
            assert numbers == set(range(1, count + 1))


def test_traps_agree_with_the_concordance(catalogue: Catalogue) -> None:
    older: dict[tuple[str, str], set[str]] = {}
    for row in read_table("concordance.csv"):
        if row["new_article"]:
            older.setdefault((row["new_version"], row["new_article"]), set()).update(
                {row["old_article"]} - {""}
            )
    for row in read_table("version_traps.csv"):
        said = re.search(r"\((?:旧([\d、]+)条|新增)\)$", row["new_meaning"])
        assert said, row
        assert set(filter(None, (said[1] or "").split("、"))) == older[row["new_version"], row["article"]], (
            row
        )
        assert row["trap_risk"] in {"low", "high"}, row


def test_a_charge_has_one_meaning(catalogue: Catalogue) -> None:
    names = [name for charge in catalogue.charges for name in (charge.name, *charge.aliases)]
    assert len(names) == len(set(names)) == len(catalogue.charge_names)


def test_general_provisions_name_laws_and_editions(catalogue: Catalogue) -> None:
    laws = {law.id for law in catalogue.laws}
    for row in read_table("general_provisions.csv"):
        assert row["law_id"] in laws
        assert row["version_id"] == "" or row["version_id"] in catalogue.editions
        assert row["kind"] in {"sentencing", "procedure"}


# A user's own tables


def write(folder: Path, table: str, *lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / table).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_law_of_ones_own(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "laws.csv",
        "law_id,citation_name,aliases,version_id,effective_from",
        "ZJ,浙江省网络条例,浙网条例|《浙江省网络条例》,ZJ-2027,2027-01-01",
    )
    write(folder, "articles.csv", "version_id,article,role,gist", "ZJ-2027,9,duty,留存日志一年")
    catalogue = Catalogue(folder)
    law = catalogue.law("浙网条例")
    assert len(catalogue.laws) == 83
    assert catalogue.article(law.editions[0], "9").verified == "unverified"
    assert catalogue.law("网络安全法").editions == load_catalogue().law("网络安全法").editions


def test_an_edition_of_ones_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    columns = "law_id,citation_name,aliases,version_id,effective_from,effective_to,article_count"
    folder = write(
        tmp_path, "laws.csv", columns, "DSL,数据安全法,数安法,DSL-2021,2021-09-01,2027-12-31,55",
        "DSL,数据安全法,数安法,DSL-2028,2028-01-01,,60",
    )  # fmt: skip
    law = Catalogue(folder).law("数安法")
    assert [(e.in_force, e.until) for e in law.editions] == [
        ("2021-09-01", "2027-12-31"),
        ("2028-01-01", None),
    ]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("law_id,citation_name", "X,某法"), "line 1: the column version_id is missing"),
        (("law_id,version_id,effective_from", "X,X-1,2027-01-01"), "line 2: a law needs a citation_name"),
        (
            ("law_id,citation_name,version_id,effective_from", "X,某法,X-1,2027"),
            "line 2: dates are YYYY-MM-DD",
        ),
        (("law_id,citation_name,version_id,effective_from", "X,某法,X-1,2027-01-01,1"), "more cells than"),
        (
            ("law_id,citation_name,aliases,version_id,effective_from", "X,某法,网安法,X-1,2027-01-01"),
            "网安法 names both",
        ),
    ],
)
def test_a_broken_table_says_where(tmp_path: Path, lines: tuple[str, ...], says: str) -> None:
    catalogue = Catalogue(write(tmp_path, "laws.csv", *lines))
    with pytest.raises(BrokenLawTable, match=re.escape(says)):
        _ = catalogue.aliases


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("CSL-2017,第九条,duty", "line 2: article '第九条' is no number"),
        ("CSL-2018,9,duty", "line 2: no edition is called 'CSL-2018'"),
        ("CSL-2017,99,duty", "line 2: CSL-2017 has articles 1 to 79"),
    ],
)
def test_an_article_that_no_law_has_is_refused(tmp_path: Path, row: str, says: str) -> None:
    catalogue = Catalogue(write(tmp_path, "articles.csv", "version_id,article,role", row))
    with pytest.raises(BrokenLawTable, match=re.escape(says)):
        catalogue.articles(next(iter(catalogue.editions.values())))


def test_a_table_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "charges.csv").write_bytes("charge,article\n某罪,1\n".encode("gb18030"))
    with pytest.raises(BrokenLawTable, match="charges"):
        _ = Catalogue(tmp_path).charges
