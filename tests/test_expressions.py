import re

import pytest

from tagger.expressions import expression


def test_an_expression_does_what_the_compiled_one_does() -> None:
    lazy, compiled = expression("(?P<n>[一二三])个", re.ASCII), re.compile("(?P<n>[一二三])个", re.ASCII)
    assert lazy.sub("x", "三个和一个") == compiled.sub("x", "三个和一个")
    match = lazy.search("在三个", 1)
    assert match is not None
    assert (match["n"], match.span()) == ("三", (1, 3))
    assert (lazy.pattern, lazy.flags, lazy.groups) == (compiled.pattern, compiled.flags, compiled.groups)


def test_it_is_compiled_once_and_only_when_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda w, f=0: compiled.append(w) or compile_(w, f))
    lazy = expression("a+")
    assert compiled == []
    assert lazy.findall("aab") + lazy.findall("ba") == ["aa", "a"]
    assert compiled == ["a+"]


def test_a_wrong_expression_fails_when_used() -> None:
    lazy = expression("(")
    with pytest.raises(re.error):
        lazy.match("")
