"""Which strings are counted as text features: chosen at training, counted as substrings ever after.

jieba proposes words, the texts propose short runs of characters; from then on a term is a string and
its count is the number of places where it stands in the text, overlaps included. So training and
tagging count the same things, and tagging segments nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,8}|[a-z][a-z0-9+.#]{1,15}")
# Style, not substance: masks of names, numbers, dates and the numbering of citations.
_STYLE = re.compile(r"[某年月日第条款项\d〇零一二三四五六七八九十百千万两]")


@cache
def _tokenizer() -> Any:
    """jieba's tokenizer with a cache folder of its own.

    jieba unmarshals its cache from a fixed name in the common temporary folder, where anybody can
    put a file; a fresh folder is empty, so the dictionary is built from jieba's own file.
    """
    import logging
    import tempfile

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as private:
        tokenizer.tmp_dir = private
        tokenizer.initialize()
    return tokenizer


def segment(text: str) -> list[str]:
    """The text's words, by jieba."""
    words: list[str] = _tokenizer().lcut(text)
    return words


_MOST_ASKED = 5_000
"""How many texts are asked for terms: of more, so many evenly spaced ones."""
_MOST_TERMS = 20_000


def candidate_terms(texts: Sequence[str], *, least: int = 2, runs: tuple[int, ...] = (2,)) -> list[str]:
    """The words and runs of Chinese characters that at least `least` texts hold, sorted.

    Of very many, those that most texts hold; of very many texts, a sample is asked.
    """
    frequency: Counter[str] = Counter()
    asked = texts[:: -(-len(texts) // _MOST_ASKED)] if texts else ()
    for text in asked:
        proposed = {word for word in segment(text) if _WORD.fullmatch(word)}
        for run in _HAN.findall(text):
            for size in runs:
                proposed.update(run[i : i + size] for i in range(len(run) - size + 1))
        frequency.update(proposed)
    held = [(-count, term) for term, count in frequency.items() if count >= least and not _STYLE.search(term)]
    return sorted(term for _, term in sorted(held)[:_MOST_TERMS])
