"""How long citations take: a notice without one, a notice with some, and a megabyte of anything.

    python benchmarks/citations.py

Prints microseconds a notice and seconds a megabyte (of UTF-8), the best of several runs.
"""

from __future__ import annotations

import random
import timeit
from collections.abc import Callable

from tagger.law.catalogue import load_catalogue
from tagger.law.citations import find_citations
from tagger.law.statutes import read_statutes

PLAIN = (
    "2023年2月，某市公安局网安支队检查发现，辖区一家电商平台的服务器可以被未授权访问，用户隐私数据有泄露风险，"
    "企业没有制定数据安全管理制度，等级保护也未落实到位，公安机关依法对该企业警告，并处罚款五万元，责令限期改正。"
)
CITING = PLAIN.replace("依法", "根据《数据安全法》第二十七条、第四十五条第一款之规定，")
PATTERNS = {
    "a plain text": PLAIN,
    "a text that cites": CITING,
    "one list": "第二十一条、",
    "pinpoints": "第二十一条第一款第（二）项、",
    "ranges": "《网络安全法》第一条至第二十条。",
    "laws and articles": "《网络安全法》第二十一条，",
    "unknown laws": "依据某某某某办法第一条，",
    "corrupted laws": "违反络安全法第二十一条，",
    "pronouns": "该法第二十一条，",
    "brackets": "《",
    "numerals": "一",
    "spaces": "第 \n二\n十一 条",
    "lessons": "网警提醒：第二十一条规定，",
}


def best(call: Callable[[], object], times: int) -> float:
    """Seconds a call, the best of three."""
    return min(timeit.repeat(call, number=times, repeat=3)) / times


def main() -> None:
    """Prints the table."""
    catalogue = load_catalogue()
    for name, text in (("without a citation", PLAIN), ("with two", CITING)):
        cited = best(lambda text=text: find_citations(text, catalogue), 300)  # type: ignore[misc]
        read = best(lambda text=text: read_statutes(text, catalogue, published="2023"), 300)  # type: ignore[misc]
        print(f"a notice {name:20} citations {cited * 1e6:6.0f} µs   all of the law {read * 1e6:6.0f} µs")
    mixed = "".join(random.Random(1).choices("第一条二十《》网络安全法款项、（）之至规定本该 \n", k=350_000))
    for name, pattern in [*PATTERNS.items(), ("at random", mixed)]:
        size = 1_000_000 // len(pattern.encode())
        text = mixed if pattern is mixed else "依据《网络安全法》" + pattern * size
        print(f"1 MB of {name:20} {best(lambda text=text: find_citations(text, catalogue), 1):6.2f} s")  # type: ignore[misc]


if __name__ == "__main__":
    main()
