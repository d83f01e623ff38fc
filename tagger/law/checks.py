"""What a lawyer would remark on: citations that do not hold together, sanctions that they do not bear.

Every check is a code and one sentence that states the fact and the row of the law tables it rests on.
A check never changes a citation. The codes and what they mean: docs/checks.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from tagger.card import Check, Facts
from tagger.law import bearing, coherence
from tagger.law.catalogue import Catalogue
from tagger.law.charges import NamedCharge
from tagger.law.editions import Resolution
from tagger.law.fit import in_play
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
    found = [
        *coherence.slips(text, grounds, charges, catalogue),
        *coherence.missing_numbers(grounds),
        *coherence.laws_in_force(grounds, facts),
        *coherence.mixed_editions(grounds, catalogue),
        *bearing.sanctions(text, in_play(grounds, catalogue), imposed, facts, catalogue),
        *bearing.court_fines(text, imposed),
        *coherence.bound(text, grounds, catalogue),
        *coherence.missing_halves(grounds, catalogue, punished=punished),
        *coherence.open_editions(grounds),
        *coherence.changed_meanings(grounds, catalogue, published or facts.decision_date),
        *coherence.unknown_laws(grounds),
    ]
    return tuple(dict.fromkeys(found))[:MOST]
