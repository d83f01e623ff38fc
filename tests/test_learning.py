"""From files to the user's casebook: all or nothing, near-duplicates, events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tagger import store
from tagger.casebook import read_cases
from tagger.learning import learn, prepare, prepare_labelled
from tagger.problems import BadCases
from tagger.rows import read_records
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
    assert [source.file for source in change.sources] == ["new.jsonl", "more.jsonl"]
    assert [case.facts for case in store.user_cases(home.cases)] == list(NEW)


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


def test_duplicates_that_are_kept_share_the_event(tmp_path: Path, home: Workspace) -> None:
    path = file(tmp_path, row(SHIPPED[29].facts + "。", id="a"), row(NEW[1], id="b"))
    prepared = prepare([path], home, keep_duplicates=True)
    assert not prepared.duplicates
    assert {entry.case.id: entry.case.event for entry in prepared.entries} == {"a": "2020-029", "b": "b"}


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
