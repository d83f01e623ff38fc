"""The report's sentences: headline figures and one paragraph an industry, in Chinese."""

from __future__ import annotations

from tagger import wording
from tagger.report.figures import Figures, IndustryProfile, Pattern


def headline(figures: Figures) -> tuple[tuple[str, str], ...]:
    """The figures at the head of the report: a name and a value each."""
    events = len(figures.events)
    share = (lambda n: f"{n}（{n / events:.1%}）") if events else str
    shown = [
        ("案例", str(figures.cases)),
        ("事件（同一事件只计一次）", str(events)),
        ("被警告", share(figures.warned)),
        ("被罚款", share(figures.fined)),
        ("有人被拘留、逮捕或判刑", share(figures.detained)),
        ("罚款合计", wording.amount(figures.total_fines) if figures.total_fines else "0元"),
        ("需人工复核", share(figures.to_review)),
    ]
    if figures.failed:
        shown.append(("读取失败的文件", str(figures.failed)))
    if figures.not_notices:
        shown.append(("不是执法案例的文本", str(figures.not_notices)))
    return tuple(shown)


def counted_by_first(figures: Figures) -> str:
    """What to know where the paragraphs and the industries' distribution differ; empty where they cannot."""
    several = sum(len(event.labels["industry"]) > 1 for event in figures.events)
    if not several:
        return ""
    return f"有{several}起事件涉及不止一个行业：本节和“行业与性质”按首个行业各计一次，“所属行业”按标签计。"


def paragraph(profile: IndustryProfile, events: int) -> str:
    """What one industry's events look like, in a few sentences."""
    sentences = [f"{profile.industry}共{profile.count}起，占{profile.count / events:.1%}。"]
    if profile.patterns:
        sentences.append(
            "最常见的情形：" + "；".join(_pattern(pattern) for pattern in profile.patterns) + "。"
        )
    middle = profile.median_fine
    if middle is not None:
        lowest, highest = profile.fines[0], profile.fines[-1]
        spread = f"，从{wording.amount(lowest)}到{wording.amount(highest)}" if lowest != highest else ""
        sentences.append(f"对单位的罚款{len(profile.fines)}笔，中位数{wording.amount(middle)}{spread}。")
    return "".join(sentences)


def _pattern(pattern: Pattern) -> str:
    statute = f"，多涉{pattern.citation}" if pattern.citation else ""
    examples = "、".join(f"“{title}”" for title in pattern.examples)
    return f"{pattern.subject}—{pattern.nature}{statute}（{pattern.count}起，如{examples}）"
