"""What a lawyer would remark on: citations that do not hold together, sanctions that they do not bear.

Every check is a code and one sentence that states the fact and the row of the law tables it rests on.
A check never changes a citation. The codes and what they mean: docs/checks.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tagger.card import Check, Facts
from tagger.law import bearing, coherence
from tagger.law.catalogue import Catalogue
from tagger.law.charges import NamedCharge
from tagger.law.editions import Resolution
from tagger.law.fit import Play, in_play
from tagger.law.sanctions import SanctionClause

MOST = 30
"""More checks than this say only that the text is no single case."""


def check(
    text: str,
    resolutions: Sequence[Resolution],
    clauses: Sequence[SanctionClause],
    facts: Facts,
    catalogue: Catalogue,
    *,
    charges: Sequence[NamedCharge] = (),
    published: str | None = None,
) -> tuple[Check, ...]:
    """The checks of one notice, the most serious first, each once.

    `resolutions` are its citations with their editions, `clauses` its sanction clauses, `charges` the
    crimes that it names, `published` the date of publication (YYYY, YYYY-MM or YYYY-MM-DD).
    """
    grounds = [one for one in resolutions if one.citation.ground][:MOST]
    if not grounds:
        return ()
    imposed = [clause for clause in clauses if not clause.negated and not clause.step]
    punished = any(
        clause.sanction.kind in bearing.ADMINISTRATIVE
        or clause.sanction.kind == "order-to-correct"
        or clause.vague
        for clause in imposed
    )
    cited = _as_cited(grounds, catalogue, punished=punished)
    found = [
        *coherence.slips(text, grounds, charges, catalogue),
        *cited.missing_numbers,
        *coherence.laws_in_force(grounds, facts),
        *cited.mixed_editions,
        *bearing.sanctions(text, cited.play, imposed, facts, catalogue),
        *bearing.court_fines(text, imposed),
        *coherence.bound(text, grounds, catalogue),
        *cited.missing_halves,
        *cited.open_editions,
        *coherence.changed_meanings(grounds, catalogue, published or facts.decision_date),
        *cited.unknown_laws,
    ]
    return tuple(dict.fromkeys(found))[:MOST] if found else ()


class _AsCited(Struct, frozen=True):
    """What the citations alone put in play and in doubt, whatever the text says beside them."""

    play: Play
    missing_numbers: tuple[Check, ...]
    mixed_editions: tuple[Check, ...]
    missing_halves: tuple[Check, ...]
    open_editions: tuple[Check, ...]
    unknown_laws: tuple[Check, ...]


_REMEMBERED = 4096
_known: dict[tuple[object, ...], _AsCited] = {}
"""What was found for citations that were met before: most notices cite one of a few pairs of articles."""


def _as_cited(grounds: Sequence[Resolution], catalogue: Catalogue, *, punished: bool) -> _AsCited:
    key = (catalogue, punished, *map(_told, grounds))
    found = _known.get(key)
    if found is None:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        found = _known[key] = _AsCited(
            in_play(grounds, catalogue),
            tuple(coherence.missing_numbers(grounds)),
            tuple(coherence.mixed_editions(grounds, catalogue)),
            tuple(coherence.missing_halves(grounds, catalogue, punished=punished)),
            tuple(coherence.open_editions(grounds)),
            tuple(coherence.unknown_laws(grounds)),
        )
    return found


def _told(one: Resolution) -> tuple[object, ...]:
    """All that these checks ask of a citation: its law, article and pinpoints, and what edition is meant."""
    citation = one.citation
    law = citation.law.id if citation.law is not None else None
    edition = one.edition.id if one.edition is not None else None
    candidates = tuple([candidate.id for candidate in one.candidates])
    return citation.name, law, citation.article, citation.pinpoints, edition, candidates, one.reason
