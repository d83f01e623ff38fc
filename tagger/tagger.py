"""The Tagger: a notice becomes a case card. The one place where the parts meet.

notice -> citations, sanctions, facts (law/) -> labels and likely articles (classify/)
       -> editions, counterparts, checks (law/), doubt (classify/) -> CaseCard
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tagger import models
from tagger.card import CaseCard, Check, Facts, RankedLabel, RankedStatute, Review, Sanction
from tagger.classify.articles import learnt_edition
from tagger.classify.doubt import DEFAULT_COVERAGE, Answer, review
from tagger.classify.features import Input, Reading
from tagger.classify.genre import Genre, genre
from tagger.classify.keywords import keywords
from tagger.classify.model import Decision, Floats, Model, RankedArticle
from tagger.classify.storing import load as load_model
from tagger.collector import resting
from tagger.law.catalogue import Catalogue, load_catalogue
from tagger.law.checks import check
from tagger.law.editions import Dates
from tagger.law.facts import facts_of
from tagger.law.predicted import predicted_statutes
from tagger.law.sanctions import SanctionClause, clauses_of, imposed
from tagger.law.statutes import StatuteReading, statutes_of
from tagger.notice import Document, Notice
from tagger.taxonomy import Target
from tagger.workspace import workspace

MOST_CANDIDATES = 10
"""How many statutes that are not assigned follow those that are (the contract)."""


class _Draft(Struct, frozen=True):
    """What the law rooms read from one notice."""

    notice: Notice
    facts: Facts
    clauses: tuple[SanctionClause, ...]
    sanctions: tuple[Sanction, ...]
    law: StatuteReading


class Tagger:
    """Tags notices with one model, one set of lexicons and one law catalogue."""

    def __init__(self, model: Model, catalogue: Catalogue, *, coverage: float = DEFAULT_COVERAGE) -> None:
        self.model = model
        self.catalogue = catalogue
        self.coverage = coverage

    @classmethod
    def load(cls, model: str | None = None, *, coverage: float = DEFAULT_COVERAGE) -> Tagger:
        """A Tagger with the model in use, or with another by its name ("shipped" for the shipped one).

        `coverage` (0.5 to 0.99) is how often the candidates kept must hold the right label. Raises
        models.UnknownModel, and ModelDamaged or ForeignModel of classify.folder.
        """
        home = workspace()
        with resting():
            return cls(
                load_model(models.find(home, model), _folder(home.lexicon)),
                load_catalogue(_folder(home.law)),
                coverage=coverage,
            )

    def tag(self, text: str, *, title: str = "", date: str | None = None, explain: bool = False) -> CaseCard:
        """The card of one case. `date` is when it was published (YYYY-MM-DD, YYYY-MM or YYYY)."""
        return self.tag_document(Document("text", text, title, date), split=False, explain=explain)[0]

    def tag_document(
        self, document: Document, *, split: bool = True, date: str | None = None, explain: bool = False
    ) -> list[CaseCard]:
        """The cards of a document: one a case, in order. `date` overrides the document's own."""
        from tagger.notice.split import notices

        if date is not None:
            document = replace(document, date=date)
        return self.tag_notices(notices(document, split=split), explain=explain)

    def tag_notices(self, notices: Sequence[Notice], *, explain: bool = False) -> list[CaseCard]:
        """The cards of cleaned notices, in their order; many at once are scored in one product."""
        drafts = self._read(notices)
        inputs = [Input(d.notice, d.law.citations, d.clauses, next(iter(_dates(d)), None)) for d in drafts]
        readings = self.model.read(inputs)
        probabilities = self.model.probabilities(readings)
        decisions = self.model.decide(probabilities)
        cards = self._cards(drafts, readings, decisions)
        if not explain:
            return cards
        return self._explained(cards, inputs, readings, decisions, probabilities)

    # Notices go from room to room together: a processor that is busy with one room has its code and its
    # tables at hand, and a chunk takes a quarter less than notice by notice (benchmarks/README.md).

    def _read(self, notices: Sequence[Notice]) -> list[_Draft]:
        texts = [notice.text for notice in notices]
        quoted = [notice.quoted for notice in notices]
        published = [notice.date for notice in notices]
        clauses = clauses_of(texts, quoted)
        facts = facts_of(texts, published, clauses)
        dates = [
            Dates(told.act_date, told.decision_date, date)
            for told, date in zip(facts, published, strict=True)
        ]
        law = statutes_of(texts, self.catalogue, quoted=quoted, dates=dates)
        sanctions = [imposed(some, notice.body_start) for some, notice in zip(clauses, notices, strict=True)]
        return list(map(_Draft, notices, facts, clauses, sanctions, law))

    def _cards(
        self, drafts: Sequence[_Draft], readings: Sequence[Reading], decisions: Sequence[Decision]
    ) -> list[CaseCard]:
        """The cards with what is doubtful about them; of a text that is no notice nothing is assigned."""
        checks = list(map(self._checks, drafts))
        kinds = [
            genre(reading, draft.clauses, draft.law.citations, draft.law.charges, draft.facts.authority)
            for draft, reading in zip(drafts, readings, strict=True)
        ]
        doubts = [
            review(
                Answer(decision.labels, draft.sanctions, found),
                kind,
                reading.known,
                self.model.doubt,
                self.coverage,
                draft.notice.doubtful,
            )
            for draft, reading, decision, kind, found in zip(
                drafts, readings, decisions, kinds, checks, strict=True
            )
        ]
        statutes = [
            self._statutes(draft, decision.articles)
            for draft, decision in zip(drafts, decisions, strict=True)
        ]
        words = [
            keywords(draft.notice.text, reading.telling, draft.notice.body_start)
            for draft, reading in zip(drafts, readings, strict=True)
        ]
        labels = [decision.labels for decision in decisions]
        return list(map(self._card, drafts, kinds, labels, statutes, words, checks, doubts))

    def _card(
        self,
        draft: _Draft,
        kind: Genre,
        labels: Mapping[Target, tuple[RankedLabel, ...]],
        statutes: tuple[RankedStatute, ...],
        words: tuple[str, ...],
        checks: tuple[Check, ...],
        doubts: Review,
    ) -> CaseCard:
        notice = draft.notice
        if not kind.notice:
            labels = {target: _unassigned(ranking) for target, ranking in labels.items()}
            statutes = _unassigned(statutes)
        return CaseCard(
            source=notice.source,
            text=notice.text,
            title=notice.title,
            case=notice.case,
            cases_in_source=notice.cases_in_source,
            date=notice.date,
            notice=kind.notice,
            statutes=statutes,
            keywords=words,
            sanctions=draft.sanctions,
            facts=draft.facts,
            checks=checks,
            review=doubts,
            model=self.model.name,
            offsets=notice.offsets,
            industry=labels["industry"],
            subject=labels["subject"],
            nature=labels["nature"],
            impact=labels["impact"],
            liability=labels["liability"],
        )

    def _checks(self, draft: _Draft) -> tuple[Check, ...]:
        return check(
            draft.notice.text,
            draft.law.resolutions,
            draft.clauses,
            draft.facts,
            self.catalogue,
            charges=draft.law.charges,
            published=draft.notice.date,
        )

    def _explained(
        self,
        cards: Sequence[CaseCard],
        inputs: Sequence[Input],
        readings: Sequence[Reading],
        decisions: Sequence[Decision],
        probabilities: Mapping[str, Floats],
    ) -> list[CaseCard]:
        """The cards with the grounds of their labels and the cases that they resemble."""
        from tagger.classify.evidence import explain
        from tagger.classify.precedents import precedents

        past = self.model.past
        texts = self.model.text(readings)
        grounds = explain(self.model, inputs, readings, texts, decisions, probabilities)
        return [
            replace(
                card,
                evidence=ground if card.notice else {},
                precedents=precedents(past, reading, text) if past else (),
            )
            for card, reading, text, ground in zip(cards, readings, texts, grounds, strict=True)
        ]

    def _statutes(self, draft: _Draft, articles: Sequence[RankedArticle]) -> tuple[RankedStatute, ...]:
        """What is cited or implied first, then what the model thinks likely; at most ten not assigned."""
        said = draft.law.statutes
        cited = any(s.assigned and s.basis == "cited" for s in said)
        known = {(s.law, s.article) for s in said}
        kept = [s for s in said if s.assigned or s.basis == "cited"]
        candidates = [s for s in said if not (s.assigned or s.basis == "cited")]
        likely = predicted_statutes(articles, self.catalogue, learnt_edition, _dates(draft), assign=not cited)
        for statute in likely:
            if (statute.law, statute.article) in known:
                continue
            if statute.assigned:
                kept.append(statute)
            elif len(candidates) < MOST_CANDIDATES:
                candidates.append(statute)
            else:
                break
        kept.sort(key=lambda s: not s.assigned)
        return (*kept, *sorted(candidates, key=lambda s: -s.probability)[:MOST_CANDIDATES])


_Ranked = TypeVar("_Ranked", RankedLabel, RankedStatute)


def _unassigned(ranking: tuple[_Ranked, ...]) -> tuple[_Ranked, ...]:
    return tuple(replace(one, assigned=False) for one in ranking)


def _dates(draft: _Draft) -> list[str]:
    """The dates whose law may apply, in this order: of the act, the decision, the publication."""
    return [d for d in (draft.facts.act_date, draft.facts.decision_date, draft.notice.date) if d]


def _folder(path: Path) -> Path | None:
    return path if path.is_dir() else None
