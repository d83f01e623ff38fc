"""A notice's statutes in one reading: cited, implied, in their editions, and what is assigned."""

from tagger.card import RankedStatute
from tagger.law.catalogue import load_catalogue
from tagger.law.statutes import read_statutes

CATALOGUE = load_catalogue()


def read(text: str, **dates: str | None) -> tuple[RankedStatute, ...]:
    return read_statutes(text, CATALOGUE, **dates).statutes


def test_a_cited_article() -> None:
    text = "依据《网络安全法》第二十一条第（二）项、第五十九条第一款，给予警告"
    first, second = read(text, published="2023-05")
    assert first == RankedStatute(
        "网络安全法", "21", "2017-06-01", "cited", 1.0, True, ("21(2)",), ((2, 19),)
    )  # fmt: skip
    assert (second.citation, second.pinpoints) == ("网络安全法第59条", ("59.1",))
    assert text[slice(*first.spans[0])] == "《网络安全法》第二十一条第（二）项"


def test_sentencing_and_procedure_are_cited_but_not_assigned() -> None:
    text = (
        "依照《中华人民共和国刑法》第二百五十三条之一第一款、第六十七条第三款、第七十二条，《中华人民共和国刑事诉讼法》"
        "第十五条之规定，判决如下；根据《公安机关办理行政案件程序规定》第一百三十八条、《行政处罚法》第三十三条"
    )
    statutes = read(text, published="2022-05")
    assert [(s.citation, s.assigned) for s in statutes] == [
        ("刑法第253条之一", True),
        ("刑法第67条", False),
        ("刑法第72条", False),
        ("刑事诉讼法第15条", False),
        ("公安机关办理行政案件程序规定第138条", False),
        ("行政处罚法第33条", False),
    ]
    assert {s.basis for s in statutes} == {"cited"}


def test_what_is_assigned_comes_first() -> None:
    text = "以侵犯公民个人信息罪，依照《刑法》第六十四条追缴；违反《征信业管理条例》第十八条第一款"
    assert [(s.citation, s.basis, s.assigned) for s in read(text, published="2022")] == [
        ("征信业管理条例第18条", "cited", True),
        ("刑法第253条之一", "implied", True),
        ("刑法第64条", "cited", False),
    ]


def test_a_charge_has_its_place_and_paragraphs() -> None:
    text = "涉嫌非法侵入计算机信息系统罪、非法控制计算机信息系统罪被逮捕"
    (one,) = read(text, published="2022-05")
    assert (one.citation, one.basis, one.edition) == ("刑法第285条", "implied", "2021-03-01")
    assert one.pinpoints == ("285.1", "285.2")
    assert [text[start:end] for start, end in one.spans] == [
        "非法侵入计算机信息系统罪",
        "非法控制计算机信息系统罪",
    ]


def test_quoted_articles_are_no_statutes_of_the_case() -> None:
    text = "依据《网络安全法》第五十九条警告。网警提醒：《网络安全法》第二十一条。"
    reading = read_statutes(text, CATALOGUE, published="2023")
    assert [s.article for s in reading.statutes if s.basis == "cited"] == ["59"]
    assert [c.article for c in reading.citations] == ["59"]
    assert [r.citation.article for r in reading.resolutions] == ["59", "21"]


def test_a_law_without_an_article_is_not_listed() -> None:
    assert read("依据《网络安全法》有关规定给予处罚", published="2023") == ()


def test_an_open_edition_is_null() -> None:
    (one,) = read("违反《网络安全法》第四十六条")
    assert one.edition is None
