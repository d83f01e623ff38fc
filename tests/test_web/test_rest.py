"""The REST interface and the pages, as a client meets them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagger import shipped, store
from tagger.web.app import create_app
from tagger.web.guard import Policy
from tagger.web.workbench import Workbench
from tagger.workspace import Workspace

NOTICE = (shipped.DATA / "sample-notice.txt").read_text(encoding="utf-8")
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(99)).decode()
ROW = {"facts": NOTICE, "industry": "教育培训", "subject": "政企机构", "nature": "建设运维管理疏失"}


# ---- tagging -------------------------------------------------------------------------------------


def test_tag_gives_the_result_lines(client: Any) -> None:
    (record,) = client.post("/v1/tag", json={"text": NOTICE, "date": "2023-09"}).json()["results"]
    assert record["schema"] == 1
    assert record["date"] == "2023-09"
    assert [e["label"] for e in record["industry"] if e["assigned"]] == ["教育培训"]
    assert not record.keys() & {"text", "evidence", "card"}


def test_tag_options_are_those_of_the_command_line(client: Any) -> None:
    body = {"text": NOTICE, "title": "另一个标题", "explain": True, "with_text": True, "split": False}
    (record,) = client.post("/v1/tag", json=body).json()["results"]
    assert record["title"] == "另一个标题"
    assert record["text"].startswith("另一个标题\n")
    assert record["evidence"]["industry"]
    assert record["precedents"]


def test_tag_reads_a_file(client: Any) -> None:
    content = base64.b64encode(NOTICE.encode("gb18030")).decode()
    (record,) = client.post("/v1/tag", json={"name": "通报.txt", "content": content}).json()["results"]
    assert (record["source"], record["title"]) == ("通报.txt", NOTICE.partition("\n")[0])


def test_answer_tells_the_time_that_it_took(client: Any) -> None:
    answer = client.post("/v1/tag", json={"text": NOTICE})
    assert re.fullmatch(r"total;dur=\d+\.\d", answer.headers["server-timing"])


def test_batch_gives_the_lines_in_order(client: Any) -> None:
    notices = [{"text": NOTICE, "id": "a"}, {"text": " \n"}, {"text": NOTICE + "。"}]
    a, b, c = client.post("/v1/batch", json={"notices": notices}).json()["results"]
    assert [r["source"] for r in (a, b, c)] == ["a", "2", "3"]
    assert b["error"]["kind"] == "empty"
    assert a["group"] == c["group"] is not None


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (None, 422, "body"),
        ({}, 422, "text or content"),
        ({"text": "x", "content": "eA=="}, 422, "text or content"),
        ({"text": 7}, 422, "text"),
        ({"text": "x", "colour": "red"}, 422, "colour"),
        ({"text": "x", "date": "2019-13"}, 422, "YYYY-MM-DD"),
        ({"text": " "}, 422, "no text"),
        ({"text": "\x00"}, 422, "pasted"),
        ({"content": "no base64"}, 422, "content"),
        ({"name": "a.png", "content": PICTURE}, 422, "picture"),
        ({"text": "医" * 100_001}, 413, "tagger batch"),
        ({"text": "x" * 3_000_000}, 413, "tagger batch"),
        ({"text": "x" * 5_000_000}, 413, "tagger batch"),
        ([1], 422, "body"),
    ],
)  # fmt: skip
def test_tag_says_what_is_wrong_with_a_request(client: Any, body: Any, status: int, said: str) -> None:
    given = {} if body is None else {"json": body}
    answer = client.post("/v1/tag", headers={"content-type": "application/json"}, **given)
    assert answer.status_code == status
    assert said in answer.json().get("error", "")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff",
        b"[" * 100_000,
        b'{"text": "\\ud83d"}',
        b'{"text": NaN}',
        b"1" * 5000,
        b'{"text": "x"}' * 2,
    ],
)
def test_body_that_is_no_json_is_refused(client: Any, body: bytes) -> None:
    answer = client.post("/v1/tag", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/none", 404),
        ("GET", "/v1/tag", 405),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/", 404),
    ],
)
def test_what_is_not_there(client: Any, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]


# ---- the queue -----------------------------------------------------------------------------------


def test_card_is_corrected_saved_and_taken_back(client: Any, home: Workspace) -> None:
    cards = client.get("/v1/queue").json()
    assert cards["total"] == cards["open"] == 10
    doubts = [card["doubt"] for card in cards["cards"]]
    assert doubts == sorted(doubts, reverse=True)
    card = cards["cards"][0]["card"]
    opened = client.get(f"/v1/queue/{card}").json()
    assert (opened["version"], opened["state"]) == (0, "open")
    saved = client.put(f"/v1/queue/{card}", json={"version": 0, "fields": {"nature": ["其他"]}}).json()
    assert saved == {"version": 1, "state": "saved"}
    assert client.get("/v1/queue").json()["open"] == 9
    assert [case["nature"] for case in client.get("/v1/cases").json()["cases"]] == [["其他"]]
    late = client.put(f"/v1/queue/{card}", json={"version": 0, "fields": {}})
    assert late.status_code == 409
    assert "another window" in late.json()["error"]
    back = client.delete(f"/v1/queue/{card}", params={"version": 1}).json()
    assert (back["version"], back["state"]) == (0, "open")
    assert back["record"]["nature"] == opened["record"]["nature"]
    assert client.delete(f"/v1/queue/{card}", params={"version": 1}).status_code == 409
    assert store.user_cases(home.cases) == ()


def test_queue_comes_in_pages(client: Any) -> None:
    first = client.get("/v1/queue").json()
    rest = client.get("/v1/queue", params={"start": 7}).json()
    assert rest["cards"] == first["cards"][7:]
    assert client.get("/v1/queue", params={"start": 10_000}).json()["cards"] == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"nature": ["外部侵入"]}, "外部入侵"),
        ({"nature": "外部侵入"}, "外部入侵"),
        ({"statutes": ["网络安全法第999条"]}, "999"),
        ({"id": "x"}, "cannot be corrected"),
        ({"facts": "x"}, "cannot be corrected"),
        ({"nature": 7}, "nature"),
        ({"date": "昨天"}, "no date"),
    ],
)
def test_correction_that_is_wrong_is_refused(client: Any, home: Workspace, fields: Any, said: str) -> None:
    card = client.get("/v1/queue").json()["cards"][0]["card"]
    answer = client.put(f"/v1/queue/{card}", json={"version": 0, "fields": fields})
    assert answer.status_code == 422
    assert said in answer.json()["error"]
    assert not home.cases.exists()


def test_card_that_is_not_there(client: Any) -> None:
    assert client.get("/v1/queue/nope").status_code == 404
    assert client.put("/v1/queue/nope", json={"version": 0, "fields": {}}).status_code == 404
    assert client.delete("/v1/queue/nope", params={"version": 0}).status_code == 404


def test_statutes_by_a_few_keystrokes(client: Any) -> None:
    found = client.get("/v1/statutes", params={"q": "网安 21", "date": "2019-07"}).json()["statutes"]
    assert found[0]["citation"] == "网络安全法第21条"
    assert client.get("/v1/statutes", params={"q": "x" * 61}).status_code == 422


# ---- cases and models ----------------------------------------------------------------------------


def test_cases_are_added_as_the_command_does(client: Any, home: Workspace) -> None:
    answer = client.post("/v1/cases", json={"cases": [ROW | {"id": "a"}, ROW | {"id": "b"}]})
    assert answer.status_code == 201
    assert answer.json()["added"] == ["a"]
    assert "like a" in answer.json()["skipped"][0]
    assert client.delete("/v1/cases/last").json() == {"removed": ["a"]}
    assert client.delete("/v1/cases/last").status_code == 409


def test_cases_with_one_wrong_row_are_not_added(client: Any, home: Workspace) -> None:
    answer = client.post("/v1/cases", json={"cases": [ROW, ROW | {"nature": "外部侵入"}]})
    assert answer.status_code == 422
    assert "外部入侵" in answer.json()["error"]
    assert not home.cases.exists()


def test_result_line_can_be_added_as_it_came(client: Any) -> None:
    (record,) = client.post("/v1/tag", json={"text": NOTICE, "with_text": True}).json()["results"]
    assert len(client.post("/v1/cases", json={"cases": [record]}).json()["added"]) == 1


def test_broken_casebook_is_said_and_not_touched(client: Any, home: Workspace) -> None:
    home.home.mkdir()
    home.cases.write_text("{oops}\n{}\n", encoding="utf-8")
    for answer in (client.get("/v1/queue"), client.post("/v1/cases", json={"cases": [ROW]}), client.get("/")):
        assert answer.status_code == 503
        assert "line 1" in answer.json()["error"]
    assert home.cases.read_text(encoding="utf-8") == "{oops}\n{}\n"


def test_models(client: Any) -> None:
    (model,) = client.get("/v1/models").json()["models"]
    assert (model["name"], model["in_use"], model["answers"]) == ("shipped", True, True)
    assert client.post("/v1/models/none/use", json={}).status_code == 404
    assert client.post("/v1/models/..%2f..%2fetc/use", json={}).status_code == 404
    assert client.post("/v1/models/shipped/use", json={}).status_code == 200


# ---- pages ---------------------------------------------------------------------------------------


def test_page_has_the_labels_with_their_keys(client: Any) -> None:
    page = client.get("/").text
    assert 'value="医疗卫生" data-key="y"' in page
    assert "http://" not in page and "https://" not in page  # nothing from elsewhere


def test_label_of_the_users_is_on_the_page_as_text(client: Any) -> None:
    label = '<b>"农业</b>'
    body = {"cases": [ROW | {"industry": [label]}], "new_labels": ["*"]}
    assert client.post("/v1/cases", json=body).status_code == 201
    page = client.get("/").text
    assert label not in page
    assert "&lt;b&gt;" in page


def test_documentation_names_every_operation_and_field(client: Any) -> None:
    page = client.get("/docs").text
    described = client.get("/openapi.json").json()
    for path, verbs in described["paths"].items():
        for verb in verbs:
            assert f"{verb.upper()} {path}" in page
    assert "with_text" in page and "keep_duplicates" in page
    for path in ("/v1/tag", "/v1/batch", "/v1/cases", "/v1/models"):
        assert "post" in described["paths"][path]


def test_guide_names_every_path(client: Any) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "workbench.md").read_text(encoding="utf-8")
    for path in client.get("/openapi.json").json()["paths"]:
        assert path.replace("{card}", "CARD").replace("{name}", "NAME") in guide


def test_report_runs_its_own_script_only(
    make_bench: Callable[..., Workbench], make_client: Callable[..., Any], results: Path, records: list[Any]
) -> None:
    hostile = records[0] | {"title": "<script>alert(1)</script>"}
    results.write_text(json.dumps(hostile, ensure_ascii=False), encoding="utf-8")
    client = make_client(create_app(make_bench(results), Policy()))
    answer = client.get("/report")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    policy = answer.headers["content-security-policy"]
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy


# ---- whatever is sent ----------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
SOME = st.sampled_from(
    ["", " ", "x", NOTICE, "2020-06", "网络安全法第21条", "<script>", "\x00", "../x", "*", 0, 1, -1, 2**70]
)


def bodies(schema: dict[str, Any], schemas: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Bodies near the schema: its fields, some missing, with values of the right form and of none."""
    if "$ref" in schema:
        return bodies(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return st.one_of(bodies(one, schemas) for one in schema["anyOf"])
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        fields = {name: bodies(one, schemas) for name, one in schema["properties"].items()}
        return st.fixed_dictionaries({}, optional=fields)
    if kind == "array":
        return st.lists(bodies(schema["items"], schemas), max_size=3)
    right = {"string": st.text(max_size=30), "boolean": st.booleans(), "integer": st.integers()}
    return right.get(kind or "", VALUES) | SOME | VALUES


def operations(app: Any) -> list[tuple[str, str, dict[str, Any]]]:
    described = app.openapi()
    return [
        (verb.upper(), path, operation | {"schemas": described["components"]["schemas"]})
        for path, verbs in described["paths"].items()
        for verb, operation in verbs.items()
    ]


@pytest.mark.fuzz
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_operation_answers_whatever_is_sent(client: Any, home: Workspace, data: st.DataObject) -> None:
    for verb, path, operation in operations(client.app):
        if (verb, path) == ("POST", "/v1/models"):
            continue
        url, query = path, {}
        for parameter in operation.get("parameters", []):
            value = data.draw(SOME | st.text(max_size=20).filter(lambda text: text not in (".", "..")))
            if parameter["in"] == "path":
                url = url.replace(f"{{{parameter['name']}}}", quote(str(value) or "x", safe=""))
            else:
                query[parameter["name"]] = str(value)
        given: dict[str, Any] = {"params": query}
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            body = data.draw(bodies(schema, operation["schemas"]) | VALUES)
            given["content"] = json.dumps(body)
        answer = client.request(verb, url, headers={"content-type": "application/json"}, **given)
        assert answer.status_code < 500, (verb, url, given, answer.text)
        assert isinstance(answer.json(), dict)
        if answer.status_code >= 400:
            assert isinstance(answer.json()["error"], str)
