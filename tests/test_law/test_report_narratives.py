"""The 2020 report: what its narratives cite, what its cards list, and why the two differ where they do.

`CITED` counts the narratives with an article in them, as a search for 第…条 counts them, too.
"""

import pytest

from tagger.card import citation
from tagger.casebook import Case, read_cases
from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations

CATALOGUE = load_catalogue()
CASES = {case.id: case for case in read_cases()}

CSL, MPS33 = "网络安全法第{}条", "计算机信息网络国际联网安全保护管理办法第{}条"

DIFFERENT = {
    # case: (only in the narrative, only on the card)
    # The card adds the duty of the penalty that the narrative cites alone.
    "2020-003": (set(), {CSL.format(21)}),
    "2020-079": (set(), {CSL.format(41)}),
    # The narrative says 11, 12 and 23; the card has 21 for 11 and 12, an analyst's slip.
    "2020-009": ({MPS33.format(11), MPS33.format(12)}, {MPS33.format(21)}),
    # The card leaves out the penalty that the narrative cites.
    "2020-013": ({CSL.format(59)}, set()),
    "2020-061": ({CSL.format(59)}, set()),
    "2020-087": ({CSL.format(61)}, set()),
    # An article of procedure is cited, but is no statute that was broken.
    "2020-041": ({"公安机关办理行政案件程序规定第138条"}, set()),
    # The card adds the ban on unlawful content, which the narrative does not cite.
    "2020-072": (set(), {CSL.format(12)}),
}
CITED = 63


def narrative(case: Case) -> set[str]:
    return {citation(c.name, c.article) for c in find_citations(case.text, CATALOGUE) if c.ground}


CITING = [case for case in CASES.values() if narrative(case)]


def test_how_many_cases_cite() -> None:
    assert len(CITING) == CITED


@pytest.mark.parametrize("case", CITING, ids=[case.id for case in CITING])
def test_narrative_and_card(case: Case) -> None:
    cited, card = narrative(case), set(case.statutes)
    assert (cited - card, card - cited) == DIFFERENT.get(case.id, (set(), set()))


PINPOINTS = {
    "2020-010": {MPS33.format(21): ("21(1)", "21(2)")},
    "2020-011": {CSL.format(59): ("59.1",)},
    "2020-028": {CSL.format(24): ("24.1",)},
    "2020-031": {CSL.format(59): ("59.1",)},
    "2020-041": {
        CSL.format(21): ("21(2)",),
        CSL.format(59): ("59.1",),
        "公安机关办理行政案件程序规定第138条": ("138.1",),
    },
    "2020-045": {CSL.format(21): ("21(2)",)},
    "2020-058": {CSL.format(21): ("21(3)",), CSL.format(59): ("59.1",)},
    "2020-062": {MPS33.format(5): ("5(5)",)},
    "2020-074": {CSL.format(59): ("59.1",)},
    "2020-095": {CSL.format(21): ("21(2)",)},
}


@pytest.mark.parametrize("case", CITING, ids=[case.id for case in CITING])
def test_paragraphs_and_items(case: Case) -> None:
    found = {
        citation(c.name, c.article): c.pinpoints for c in find_citations(case.text, CATALOGUE) if c.pinpoints
    }
    assert found == PINPOINTS.get(case.id, {})


# The corrections of data/corrections.csv stand between what is printed and what the card says.
CORRECTED = {"刑法第253条": "刑法第253条之一", "刑法第175条": "刑法第175条之一"}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_printed_field_reads_as_the_card(case: Case) -> None:
    printed = [citation(c.name, c.article) for c in find_citations(case.printed["statutes"], CATALOGUE)]
    assert [CORRECTED.get(one, one) for one in printed] == list(case.statutes)


def test_the_legal_links_of_the_report_are_statute_text() -> None:
    # 法律链接 quotes the law; two of them apply it to the case (适用……第二百五十三条之一).
    applied = {
        case.id for case in CASES.values() if any(c.ground for c in find_citations(case.law_text, CATALOGUE))
    }
    assert applied == {"2020-020", "2020-023"}
