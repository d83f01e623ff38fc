from __future__ import annotations

from tagger.problems import BadCases, Problem, counted, listed


def test_a_problem_says_what_where_and_what_to_do() -> None:
    problem = Problem(
        "new.xlsx", 7, "违法/犯罪性质", "'外部侵入' is no label", "机构犯罪、外部入侵", "外部入侵"
    )
    assert str(problem) == (
        "new.xlsx, row 7, 违法/犯罪性质: '外部侵入' is no label; did you mean 外部入侵? "
        "(allowed: 机构犯罪、外部入侵)"
    )
    assert str(Problem("new.xlsx", None, None, "holds no case")) == "new.xlsx: holds no case"


def test_the_same_problem_in_many_rows_is_one_line() -> None:
    problems = [Problem("a.csv", row, "案情", "is empty") for row in (9, 2, 3, 4, 2)]
    problems.insert(1, Problem("a.csv", 5, "日期", "'x' is no date"))
    assert listed(problems) == [
        "a.csv, rows 2-4, 9, 案情: is empty",
        "a.csv, row 5, 日期: 'x' is no date",
    ]
    assert "rows 2-4, 9" in str(BadCases(problems))
    assert str(BadCases(problems, "do this")).endswith("is no date\ndo this")


def test_counted() -> None:
    assert [counted(0), counted(1), counted(2, "row")] == ["0 cases", "1 case", "2 rows"]
