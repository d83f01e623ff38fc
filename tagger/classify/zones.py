"""The zones where a word can stand, as the bits of a number: `title|act.intrude` is a feature.

A feature of words is a number: that of its meaning times WIDTH, and the bit of its zone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

DOERS = (
    "organisation",
    "business",
    "officer",
    "owner",
    "insider",
    "servant",
    "worker",
    "contractor",
    "former",
    "hacker",
    "gang",
    "person",
    "passive",
    "unsaid",
)
"""Who does what a word for an act names; `passive`: it is done to somebody."""
ZONES = (
    "any",
    "first",
    "np",
    "listed",
    "modifier",
    "buyer",
    "victim",
    "title",
    "lead",
    "punished",
    "named",
    "not",
    "org",
    "both",
    "officer",
    "person",
    "none",
    *(f"{doer}-does" for doer in DOERS),
)
GATES = ("org", "both", "officer", "person", "none")
ERAS = {"数据安全法": "2021-09-01", "个人信息保护法": "2021-11-01", "网络安全法2026": "2026-01-01"}
"""From when the laws are in force that the casebook's time did not know."""

WIDTH = len(ZONES) + len(ERAS)
Masks = NDArray[np.int64]


def bit(zone: str) -> int:
    """The bit of a zone."""
    return 1 << ZONES.index(zone)


GATE_BITS = np.array([bit(gate) for gate in GATES], np.int64)
DOER_BITS = np.array([bit(f"{doer}-does") for doer in DOERS], np.int64)
ACTOR_BITS = int(DOER_BITS.sum())
ERA_BITS = {era: 1 << len(ZONES) + k for k, era in enumerate(ERAS)}


MET = bit("buyer") | bit("victim")


def feature_name(meanings: tuple[str, ...], number: int) -> str:
    """The name of a feature of words."""
    meaning, zone = meanings[number // WIDTH], number % WIDTH
    if meaning.endswith(DOER):
        return f"{meaning}|{DOERS[zone - ZONES.index(f'{DOERS[0]}-does')]}"
    if zone >= len(ZONES):
        return f"since-{tuple(ERAS)[zone - len(ZONES)]}|{meaning}"
    return f"{ZONES[zone]}|{meaning}"


DOER = "-doer"
"""What ends the names of made-up meanings: `org-doer|gang` counts the acts of a gang."""
DOER_MEANINGS = tuple(f"{gate}{kind}{DOER}" for kind in ("", "-title") for gate in GATES)


_NUMBER = {zone: k for k, zone in enumerate((*ZONES, *(f"since-{era}" for era in ERAS)))}


def feature_number(meanings: Mapping[str, int], name: str) -> int | None:
    """The number of a feature of words by its name; None: it is a feature of facts."""
    zone, _, meaning = name.partition("|")
    if zone in DOER_MEANINGS and meaning in DOERS:
        return meanings[zone] * WIDTH + _NUMBER[f"{meaning}-does"]
    if zone in _NUMBER and meaning in meanings:
        return meanings[meaning] * WIDTH + _NUMBER[zone]
    return None
