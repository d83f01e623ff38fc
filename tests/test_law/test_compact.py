"""The compact form drops everything that is a space to Python, though the expression spells these out."""

from __future__ import annotations

from tagger.law.compact import compact


def test_every_space_is_passed_over() -> None:
    spaces = [chr(code) for code in range(0x110000) if chr(code).isspace()]
    assert len(spaces) > 20
    assert [space for space in spaces if compact(f"第{space}条").text != "第条"] == []
