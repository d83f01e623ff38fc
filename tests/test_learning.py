"""From files to the user's casebook: all or nothing, near-duplicates, events."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tagger import store
from tagger.casebook import read_cases
from tagger.learning import learn, prepare, prepare_labelled
from tagger.problems import BadCases
from tagger.rows import Labelled, read_records
from tagger.workspace import Workspace

SHIPPED = read_cases()
NEW = (
    "2021年3月，某市网安支队检查发现某物业公司未落实用户真实身份信息登记，保安室电脑长期无人管理，依法予以警告并责令改正。",
    "2022年8月，某县一家民宿的前台把住客的身份证照片发到聊天群里售卖，被当地派出所查获，经营者被罚款五千元。",
    "2023年，一家化肥厂的远程控制系统使用出厂密码，被外人登录后停机两小时，市公安局责令该厂一个月内整改。",
)


def row(facts: str, **changes: Any) -> dict[str, Any]:
    return {
        "facts": facts,
        "industry": "生活服务",
        "subject": "政企机构",
        "nature": "建设运维管理疏失",
    } | changes


def file(folder: Path, *rows: dict[str, Any], name: str = "new.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def test_cases_of_several_files_are_one_change(tmp_path: Path, home: Workspace) -> None:
    paths = [file(tmp_path, row(NEW[0])), file(tmp_path, row(NEW[1]), row(NEW[2]), name="more.jsonl")]
    change = learn(prepare(paths, home), home)
    assert [(source.file, source.sha256) for source in change.sources] == [
        (path.name, sha256(path.read_bytes()).hexdigest()) for path in paths
    ]
    assert [case.facts for case in store.user_cases(home.cases)] == list(NEW)


def test_problems_of_all_files_are_told_at_once(tmp_path: Path, home: Workspace) -> None:
    paths = [
        file(tmp_path, row(NEW[0], nature="外部侵入")),
        file(tmp_path, row(NEW[1], industry="农叶"), name="more.jsonl"),
    ]
    assert [problem.file for problem in prepare(paths, home).problems] == ["new.jsonl", "more.jsonl"]


def test_rows_that_hold_no_case_or_were_not_checked_are_counted_over_all_files(home: Workspace) -> None:
    nothing = prepare_labelled([], home)
    assert (nothing.passed_over, nothing.unchecked) == (0, 0)
    files = [Labelled("a.csv", passed_over=1, unchecked=2), Labelled("b.csv", passed_over=3, unchecked=5)]
    prepared = prepare_labelled(files, home)
    assert (prepared.passed_over, prepared.unchecked) == (4, 7)


def test_case_that_replaces_is_not_held_against_what_it_replaces(home: Workspace) -> None:
    first = learn(prepare_labelled([read_records([row(NEW[0], id="w")], "page")], home), home)
    corrected = read_records([row(NEW[0], id="w", nature="其他")], "page")
    assert prepare_labelled([corrected], home).problems
    prepared = prepare_labelled([corrected], home, replacing=first.number)
    assert not prepared.problems and not prepared.duplicates
    learn(prepared, home, replacing=first.number)
    assert [case.nature for case in store.user_cases(home.cases)] == [("其他",)]
    assert store.read_log(home.cases).changes[0].sources[0].file == "page"


def test_preparing_writes_nothing(tmp_path: Path, home: Workspace) -> None:
    prepare([file(tmp_path, row(NEW[0]))], home)
    assert not home.home.exists()


def test_nothing_sound_is_nothing_added(tmp_path: Path, home: Workspace) -> None:
    prepared = prepare([file(tmp_path, row(NEW[0], nature="外部侵入"))], home)
    with pytest.raises(BadCases, match="外部入侵"):
        learn(prepared, home)
    assert not home.home.exists()


def test_near_duplicates_of_the_casebook_and_of_each_other_are_left_out(
    tmp_path: Path, home: Workspace
) -> None:
    learn(prepare([file(tmp_path, row(NEW[0], id="mine"))], home), home)
    repost = "【转载】" + SHIPPED[46].facts.replace("冯某", "冯某某").replace("近29万次", "约二十九万次")
    path = file(
        tmp_path, row(repost), row(NEW[0] + "（来源：平安某市）"), row(NEW[1], id="a"), row(NEW[1], id="b")
    )
    prepared = prepare([path], home)
    assert [entry.case.id for entry in prepared.entries] == ["a"]
    assert [(d.row, d.of.id) for d in prepared.duplicates] == [(1, "2020-047"), (2, "mine"), (4, "a")]
    assert prepared.duplicates[2].similarity == 1
    assert "2020-047" in str(prepared.duplicates[0])


def test_duplicate_is_of_the_case_that_it_is_most_like(home: Workspace) -> None:
    retold = NEW[0].replace("依法予以警告并责令改正", "网警已经责令整改")
    rows = [row(text, id=name) for name, text in (("a", NEW[0]), ("b", retold), ("c", NEW[0]))]
    duplicates = prepare_labelled([read_records(rows, "page")], home).duplicates
    assert [(d.case.id, d.of.id) for d in duplicates] == [("b", "a"), ("c", "a")]


def test_duplicates_that_are_kept_share_the_event(tmp_path: Path, home: Workspace) -> None:
    path = file(tmp_path, row(SHIPPED[29].facts + "。", id="a"), row(NEW[1], id="b"))
    prepared = prepare([path], home, keep_duplicates=True)
    assert not prepared.duplicates
    assert {entry.case.id: entry.case.event for entry in prepared.entries} == {"a": "2020-029", "b": "b"}


def test_near_duplicates_are_left_out_unless_they_are_asked_for(home: Workspace) -> None:
    labelled = read_records([row(NEW[0], id="a"), row(NEW[0], id="b")], "page")
    assert [entry.case.id for entry in prepare_labelled([labelled], home).entries] == ["a"]


@pytest.mark.parametrize(
    ("first", "second", "one_event"),
    [
        ("2021-03-05", "2021-03-28", True),
        ("2021-03", "2021-03-28", True),
        ("2021", "2021-03", True),
        (None, "2021-03", True),
        ("2021-03", "2021-04", False),
        ("2021-03-05", "2021-04-05", False),
    ],
)
def test_same_words_of_another_month_tell_of_another_event(
    home: Workspace, first: str | None, second: str, one_event: bool
) -> None:
    rows = [row(NEW[0], id="a", date=first or ""), row(NEW[0], id="b", date=second)]
    assert bool(prepare_labelled([read_records(rows, "page")], home).duplicates) is one_event


def test_cases_that_share_only_their_wording_of_the_law_are_no_duplicates(
    tmp_path: Path, home: Workspace
) -> None:
    texts = [case.facts for case in SHIPPED if "第59条规定" in case.facts][:5]
    assert len(texts) == 5
    prepared = prepare([file(tmp_path, *(row(text) for text in texts))], home)
    assert {duplicate.row for duplicate in prepared.duplicates} == {1, 2, 3, 4, 5}  # each of its own original
    assert len({duplicate.of.id for duplicate in prepared.duplicates}) == 5


def test_labels_once_added_are_known(tmp_path: Path, home: Workspace) -> None:
    learn(prepare([file(tmp_path, row(NEW[0], industry="农业"))], home, new_labels=["农业"]), home)
    assert not prepare([file(tmp_path, row(NEW[1], industry="农业"))], home).problems
    (problem,) = prepare([file(tmp_path, row(NEW[1], industry="农叶"))], home).problems
    assert problem.nearest == "农业"


def test_id_in_use_is_told_with_its_owner(tmp_path: Path, home: Workspace) -> None:
    learn(prepare([file(tmp_path, row(NEW[0], id="mine"))], home), home)
    paths = [
        file(tmp_path, row(NEW[1], id="2020-001"), row(NEW[1], id="mine"), row(NEW[1], id="a")),
        file(tmp_path, row(NEW[2], id="a"), name="more.jsonl"),
    ]
    assert [problem.wrong for problem in prepare(paths, home).problems] == [
        "the id '2020-001' is in use: a case of the shipped casebook; give the case another",
        "the id 'mine' is in use: a case of your casebook; give the case another",
        "the id 'a' is in use: row 3 of new.jsonl; give the case another",
    ]


def test_id_of_the_users_casebook_is_in_use(tmp_path: Path, home: Workspace) -> None:
    learn(prepare([file(tmp_path, row(NEW[0], id="a"))], home), home)
    (problem,) = prepare([file(tmp_path, row(NEW[1], id="a"))], home).problems
    assert "your casebook" in problem.wrong
    store.undo(home.cases)
    assert not prepare([file(tmp_path, row(NEW[1], id="a"))], home).problems


def test_laws_of_the_users_own_are_known(tmp_path: Path, home: Workspace) -> None:
    statutes = row(NEW[0], statutes="《某省网络安全条例》第3条")
    assert prepare([file(tmp_path, statutes)], home).problems
    home.law.mkdir(parents=True)
    shipped_heading = (
        (Path(store.__file__).parents[1] / "data/law/laws.csv").read_text(encoding="utf-8").split("\n")[0]
    )
    values = dict.fromkeys(shipped_heading.split(","), "") | {
        "law_id": "OWN", "official_name": "某省网络安全条例", "citation_name": "某省网络安全条例",
        "version_id": "OWN-1", "effective_from": "2020-01-01", "article_count": "9", "verified": "unverified",
    }  # fmt: skip
    (home.law / "laws.csv").write_text(f"{shipped_heading}\n{','.join(values.values())}\n", encoding="utf-8")
    assert not prepare([file(tmp_path, statutes)], home).problems
    (problem,) = prepare([file(tmp_path, statutes | {"statutes": "某省网络安全条例第10条"})], home).problems
    assert "has no article 10" in problem.wrong


def test_a_second_correction_of_a_case_says_what_differs(tmp_path: Path, home: Workspace) -> None:
    learn(prepare([file(tmp_path, row(NEW[0]))], home), home)
    again = prepare([file(tmp_path, row(NEW[0], industry="制造业"))], home)
    (duplicate,) = again.duplicates
    assert duplicate.differing == ("所属行业",)
    assert "which has another 所属行业" in str(duplicate) and "--undo" in str(duplicate)
    (same,) = prepare([file(tmp_path, row(NEW[0]))], home).duplicates
    assert same.differing == () and "another" not in str(same)


def test_labels_in_another_order_are_the_same_labels(home: Workspace) -> None:
    rows = [
        row(NEW[0], id=name, nature=nature)
        for name, nature in (("a", "外部入侵、其他"), ("b", "其他、外部入侵"))
    ]
    (duplicate,) = prepare_labelled([read_records(rows, "page")], home).duplicates
    assert duplicate.differing == ()


@pytest.mark.parametrize(
    ("title", "changes", "said"),
    [
        ("", {}, "page, row 1: 100% like a"),
        ("物业公司案", {}, "page, row 1: 100% like a 物业公司案"),
        (
            "物业公司案",
            {"industry": "制造业", "nature": "其他"},
            "page, row 1: 100% like a 物业公司案, which has another 所属行业, 违法/犯罪性质; to take the new labels, "
            "take the earlier ones back first (tagger add --undo, or tagger cases erase)",
        ),
    ],
)
def test_duplicate_is_told_in_one_line(
    home: Workspace, title: str, changes: dict[str, str], said: str
) -> None:
    learn(prepare_labelled([read_records([row(NEW[0], id="a", title=title)], "page")], home), home)
    again = read_records([row(NEW[0], id="b", title=title, **changes)], "page")
    assert [str(duplicate) for duplicate in prepare_labelled([again], home).duplicates] == [said]
