"""Statutes as a person types them into a cell, read strictly: whatever is not understood is named.

`《网络安全法》第21条、第59条`, `网络安全法第21条、刑法第253条之一`, `网络安全法(2026-01-01)第23条`.
"""

from __future__ import annotations

import re

from msgspec import Struct

from tagger.card import citation
from tagger.expressions import expression
from tagger.law.catalogue import Catalogue, UnknownLaw
from tagger.law.provisions import Law, has_article

EXAMPLE = "《网络安全法》第21条、第59条 or 网络安全法第21条、刑法第253条之一"


class UnreadStatute(Struct, frozen=True):
    """A part of a cell that is no statute. `law` is the name of a law that the catalogue lacks."""

    wrong: str
    allowed: str = ""
    nearest: str = ""
    law: str | None = None


_EXACT = expression(
    r"(?P<law>[^第、，；()（）\s]{2,60})(?:[(（](?P<edition>\d{4}-\d\d-\d\d)[)）])?"
    r"第(?P<article>\d{1,4}条(?:之[一二三四五六七八九十])?)"
)
_CONNECTIVE = expression(r"[\s、，,;；。.]|以及|之?规定|[和及与的]")


def read_statutes(cell: str, catalogue: Catalogue) -> tuple[tuple[str, ...], tuple[UnreadStatute, ...]]:
    """The articles of a cell in the casebook's spelling, and what could not be read.

    An edition that the cell names outright is kept: `网络安全法(2026-01-01)第23条`.
    """
    found: dict[str, None] = {}
    unread: list[UnreadStatute] = []
    for law, article, edition in _read(cell, catalogue, unread):
        known = catalogue.find_law(law)
        name = known.name if known else law
        if known is None:
            unread.append(_unknown_law(law, catalogue))
        elif (trouble := _no_such_article(known, article, edition)) is not None:
            unread.append(trouble)
            continue
        found[citation(f"{name}({edition})" if edition else name, article)] = None
    return tuple(found), tuple(dict.fromkeys(unread))


def _read(cell: str, catalogue: Catalogue, unread: list[UnreadStatute]) -> list[tuple[str, str, str | None]]:
    entries = [entry for entry in re.split(r"[、，,;；\s]+", cell) if entry]
    exact = [_EXACT.fullmatch(entry) for entry in entries]
    if all(exact):
        return [(m["law"].strip("《》"), m["article"].replace("条", ""), m["edition"]) for m in exact if m]
    return _read_freely(cell, catalogue, unread)


def _read_freely(
    cell: str, catalogue: Catalogue, unread: list[UnreadStatute]
) -> list[tuple[str, str, str | None]]:
    from tagger.law.citations import find_citations

    citations = find_citations(cell, catalogue)
    covered = bytearray(len(cell))
    for one in citations:
        for start, end in one.spans:
            covered[start:end] = b"\1" * (end - start)
    rest = "".join(" " if inside else character for character, inside in zip(cell, covered, strict=True))
    for piece in _CONNECTIVE.sub(" ", rest).split():
        unread.append(UnreadStatute(f"{piece!r} is no statute", EXAMPLE))
    return [(one.name, one.article, None) for one in citations]


def _unknown_law(name: str, catalogue: Catalogue) -> UnreadStatute:
    try:
        catalogue.law(name)
    except UnknownLaw as unknown:
        return UnreadStatute(str(unknown), law=name)
    raise AssertionError(name)


def _no_such_article(law: Law, article: str, edition: str | None) -> UnreadStatute | None:
    """A complaint where no edition (or not the one that was named) has so many articles."""
    editions = [one for one in law.editions if edition in (None, one.in_force)]
    if not editions:
        dates = "、".join(one.in_force for one in law.editions)
        return UnreadStatute(f"{law.name} has no edition of {edition}", dates)
    if any(has_article(one, article) is not False for one in editions):
        return None
    most = max(one.article_count or 0 for one in editions)
    return UnreadStatute(f"{law.name} has no article {article}", f"1 to {most}")
