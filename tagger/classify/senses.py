"""The lexicon as arrays: what each term means, and what is to be asked where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tagger.classify.compounds import STEMS, Compounds
from tagger.classify.lexicon import MASK, Entry, Lexicon
from tagger.classify.naming import Naming, UnknownBodies
from tagger.classify.sheet import Numbers
from tagger.classify.zones import DOER_MEANINGS

GROUPS = {
    f"act.{a}": f"group.{g}"
    for g, acts in {
        "attack": "intrude malware ddos crack exploit-flaw plugin supply-tool ransomware "
        "scrape hijack phish tamper delete illegal-test",
        "trade": "sell-data buy-data exchange-data",
        "posting": "illegal-post rumour porn ai-fake",
    }.items()
    for a in acts.split()
}
FULL_STRENGTH = 3.0
OF_AN_ERA = ("duty.", "act.leak")
"""What is another law's matter once that law is in force."""

# What is asked of a sense.
(
    ACT, COURT, HIRED, DENIABLE, INDUSTRY, OF_PERSON, OF_SOMEBODY, OF_BODY, AGED, GROUP, DOER, TITLE_DOER,
) = (
    1 << k for k in range(12)
)  # fmt: skip


def questions(meaning: str) -> int:
    """What is to be asked of a meaning, as bits."""
    family = meaning.split(".", 1)[0]
    return (
        ACT * meaning.startswith("act.")
        | COURT * (meaning.startswith("industry.body") and meaning.endswith("公检法"))
        | HIRED * (meaning in ("role.gang", "role.hacker"))
        | DENIABLE * (family in ("act", "role", "harm", "outcome"))
        | INDUSTRY * (family in ("industry", "form"))
        | OF_PERSON * meaning.startswith(("role.", "industry.job."))
        | OF_SOMEBODY * (family in ("role", "industry", "form"))
        | OF_BODY * meaning.startswith(("industry.body.", "industry.product."))
        | AGED * meaning.startswith(OF_AN_ERA)
    )


def _says_something(meaning: str) -> bool:
    return meaning != MASK and meaning.partition(".")[0] not in STEMS


class Senses:
    """Terms share their lists of meanings: list k has the senses first[k]..first[k + 1].

    Behind the lexicon's lists come those of compound names and of names that are told by their characters.
    Behind the meanings of a list that names acts come senses that are made of them: the groups of its acts,
    and two that count who does them.
    """

    def __init__(self, lexicon: Lexicon, naming: Naming | None = None) -> None:
        lists = {id(entries): entries for entries in lexicon.values()}
        number = {key: k for k, key in enumerate(lists)}
        self.list_of: Numbers = np.array([number[id(entries)] for entries in lexicon.values()], np.int32)
        self.compounds = Compounds(tuple(lists.values()))
        known = (*lists.values(), *self.compounds.lists)
        self.unknown = UnknownBodies(naming, known) if naming else None
        self.entries: tuple[tuple[Entry, ...], ...] = (*known, *(naming.lists if naming else ()))
        self.pairs = tuple(
            tuple((e.meaning, e.strength / FULL_STRENGTH) for e in entries if _says_something(e.meaning))
            for entries in self.entries
        )
        said = {meaning for pairs in self.pairs for meaning, _ in pairs}
        self.words: tuple[str, ...] = tuple(sorted(said | set(GROUPS.values())))
        """The meanings of words, then those that count doers."""
        self.names: tuple[str, ...] = (*self.words, *DOER_MEANINGS)
        self._flatten()
        self._families()

    def _flatten(self) -> None:
        index = {meaning: k for k, meaning in enumerate(self.words)}
        asked = {meaning: questions(meaning) for meaning in self.words}
        doer = len(self.words)
        first, meanings, strengths, flags = [0], [], [], []
        for pairs in self.pairs:
            rows = [(index[m], s, asked[m]) for m, s in pairs]
            groups: dict[str, float] = defaultdict(float)
            for meaning, strength in pairs:
                if meaning in GROUPS:
                    groups[GROUPS[meaning]] = max(groups[GROUPS[meaning]], strength)
            rows += [(index[group], strength, GROUP) for group, strength in groups.items()]
            if any(flag & ACT for _, _, flag in rows):
                rows += [(doer, 1.0, DOER), (doer + len(DOER_MEANINGS) // 2, 1.0, TITLE_DOER)]
            for meaning_number, strength, flag in rows:
                meanings.append(meaning_number)
                strengths.append(strength)
                flags.append(flag)
            first.append(len(meanings))
        self.first: NDArray[np.intp] = np.array(first, np.intp)
        self.meanings: NDArray[np.intp] = np.array(meanings, np.intp)
        self.strengths = np.array(strengths, float)
        self.flags: Numbers = np.array(flags, np.int32)
        self.asked: Numbers = self._of_lists(np.bitwise_or)

    def _of_lists(self, both: np.ufunc) -> Numbers:
        """What is asked of any sense of each list."""
        found = np.zeros(len(self.pairs), np.int32)
        some = np.flatnonzero(np.diff(self.first))
        if len(some):
            found[some] = both.reduceat(self.flags, self.first[some])
        return found

    def _families(self) -> None:
        """Of each list the families of its meanings as bits, and those that it hides inside its terms."""
        bits: dict[str, int] = defaultdict(lambda: 1 << len(bits))
        of = [sum({bits[e.meaning.split(".", 1)[0]] for e in entries}) for entries in self.entries]
        self.families: NDArray[np.int64] = np.array(of, np.int64)
        masks = [any(e.meaning == MASK for e in entries) for entries in self.entries]
        self.hides: NDArray[np.int64] = np.where(masks, -1, self.families)
        self.family_bits: Sequence[int] = tuple(bits.values())
