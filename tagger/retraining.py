"""A better model from more cases: trained, compared with the one in use, and put in its place if no worse.

The candidate learns from the shipped casebook and the user's. It is compared twice: the recipe on the
cases of the model in use against the recipe on all cases, over the same folds; and the two models as
they are, on the development notices that the user has not added. A candidate that is worse in any
target beyond noise is kept aside.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tagger import modelcard, models, store
from tagger.casebook import Case, read_cases
from tagger.classify import storing
from tagger.classify.choosing import chosen
from tagger.classify.folder import ForeignModel, ModelDamaged
from tagger.classify.lexicon import overlaid
from tagger.classify.matrices import TrainingSet
from tagger.classify.model import Model
from tagger.classify.out_of_fold import Unseen, score_out_of_fold, with_doubt
from tagger.classify.training import Ground, Priors, Strengths, fit_model, priors_for
from tagger.durable import Busy, Unwritable, locked, sync_folder, sync_tree
from tagger.errors import TaggerError
from tagger.modelcard import Section
from tagger.problems import counted
from tagger.promotion import Notices, Row, compared, development_notices, judged, judged_by, told_in
from tagger.workspace import Workspace

CROSS_VALIDATION = "cross-validation"
DEVELOPMENT = "development notices"
_SCRATCH = ".training-"


class AlreadyTraining(TaggerError):
    """Another training is under way in this workspace."""


class Learnt(Struct, frozen=True):
    """A model of some cases, and how they are judged by models that have not seen them."""

    ground: Ground
    model: Model
    data: TrainingSet
    priors: Priors
    strengths: Mapping[str, Strengths]
    unseen: Unseen


class Comparison(Struct, frozen=True):
    """The candidate beside the model in use. `left_out` are the development notices that the user added."""

    rows: tuple[Row, ...]
    left_out: int
    notes: tuple[str, ...] = ()
    development: Notices = Notices((), {})
    """Those that the user has not added."""

    @property
    def worse(self) -> tuple[Row, ...]:
        """Where the candidate is worse beyond noise."""
        return tuple(row for row in self.rows if row.worse)

    @property
    def no_worse(self) -> bool:
        """Whether the candidate may take the place; not where nothing could be compared."""
        return bool(self.rows) and not self.worse


class Training(Struct, frozen=True):
    """What came of a training: the version's name, whether it is in use now, and why."""

    name: str
    current: str
    in_use: bool
    shipped_cases: int
    own_cases: int
    comparison: Comparison
    measured: tuple[Section, ...] = ()
    """The figures of its model card."""


Tell = Callable[[str], None]
"""Is told what the training does, in a few words."""


def learn(cases: tuple[Case, ...], ground: Ground) -> Learnt:
    """A model of all the cases, with what it does not know of itself."""
    from threadpoolctl import threadpool_limits

    data = ground.training_set(cases)
    priors = priors_for(ground, data)
    rows = np.arange(len(data))
    strengths = chosen(ground, data, rows, priors)
    # Side by side: of very many cases either is for the most part one long search, which keeps one core.
    with threadpool_limits(1), ThreadPoolExecutor(1) as aside:
        fitted = aside.submit(fit_model, ground, data, rows, priors, strengths)
        unseen = score_out_of_fold(ground.reader, data, priors, strengths)
        model = fitted.result()
    return Learnt(ground, with_doubt(model, data, unseen), data, priors, strengths, unseen)


def train(
    workspace: Workspace,
    *,
    prefix: str = "own",
    quick: bool = False,
    force: bool = False,
    promote: bool = True,
    measure: bool = False,
    tell: Tell = lambda _: None,
) -> Training:
    """Train on all cases, compare, keep the version as `PREFIX-xxxxxx`, and use it if it is no worse.

    `quick` compares on the development notices only; `force` uses the version whatever the comparison
    says; without `promote` it is kept aside for a person to decide; `measure` puts its figures beside
    baselines on the model card. Killed at any point it leaves the
    model in use as it was. Raises AlreadyTraining, BadModelName, UnknownModel where the model in use is
    gone, and Unwritable.
    """
    models.checked_name(f"{prefix}-000000")
    with _alone(workspace):
        current = models.current_name(workspace)
        folder, notes = _sound(models.find(workspace, current))
        own = store.user_cases(workspace.cases)
        cases = (*read_cases(), *own)
        tell(f"training on {len(cases):,} cases, {len(own):,} of them yours")
        ground = Ground.shipped()
        words = overlaid(ground.lexicon, workspace.lexicon)
        learnt = learn(cases, replace(ground, lexicon=words, taught=ground.lessons, named=ground.naming))
        tell(f"comparing with {current}")
        comparison = compare(learnt, folder, own, quick=quick, notes=notes)
        if measure:
            tell("measuring it beside baselines")
        measured = modelcard.sections(learnt, comparison.development) if measure else ()
        in_use = promote and (force or comparison.no_worse)
        manifest = _manifest(learnt, own, current, comparison)
        name = _keep(workspace, learnt, prefix, manifest, modelcard.card(learnt, measured))
        if in_use:
            models.use(workspace, name)
        return Training(name, current, in_use, len(cases) - len(own), len(own), comparison, measured)


def compare(
    learnt: Learnt, current: Path, own: tuple[Case, ...], *, quick: bool = False, notes: tuple[str, ...] = ()
) -> Comparison:
    """A candidate beside the model of a folder. `own` are the cases that the user added."""
    rows: tuple[Row, ...] = ()
    if not quick:
        known = set(storing.learnt_from(current))
        mask = np.array([case.id in known for case in learnt.data.cases])
        if lost := len(known) - int(mask.sum()):
            notes += (f"{counted(lost)} of the model in use are gone; its recipe is judged without them",)
        if mask.all():
            notes += ("the model in use knows the same cases, so there is nothing to cross-validate",)
        else:
            rows += _cross_validated(learnt, mask)
    development = development_notices()
    added = told_in(development, own)
    notices = development.without(added)
    if notices.cases:
        old, new = judged_by(storing.load(current), notices), judged_by(learnt.model, notices)
        rows += compared(DEVELOPMENT, [case.event for case in notices.cases], old, new)
    return Comparison(rows, len(added), notes, notices)


def _cross_validated(learnt: Learnt, known: NDArray[np.bool_]) -> tuple[Row, ...]:
    """The recipe on the known cases against the recipe on all of them, each case judged unseen."""
    reader, data = learnt.model.reader, learnt.data
    of_current = score_out_of_fold(reader, data, learnt.priors, learnt.strengths, learnt=known, tellings=0)
    old, new = judged_unseen(learnt, of_current), judged_unseen(learnt, learnt.unseen)
    return compared(CROSS_VALIDATION, [data.cases[row].event for row in learnt.unseen.rows], old, new)


def judged_unseen(learnt: Learnt, unseen: Unseen) -> dict[str, NDArray[np.float64]]:
    """Which of the cases left out are right, as `promotion.judged` has it."""
    cases = tuple(learnt.data.cases[row] for row in unseen.rows)
    labels = {head.target: head.labels for head in learnt.model.heads}
    return judged(Notices(cases, {}), learnt.model.decode(unseen.whole.logits), labels)


def _sound(current: Path) -> tuple[Path, tuple[str, ...]]:
    """The model in use if it can be loaded, else the shipped one, and why."""
    try:
        storing.verify(current)
    except (ModelDamaged, ForeignModel) as error:
        return models.shipped_folder(), (f"compared with the shipped model: {error}",)
    return current, ()


def _manifest(
    learnt: Learnt, own: tuple[Case, ...], current: str, comparison: Comparison
) -> Mapping[str, Any]:
    """What a version says of itself: its cases, its figures, and how it compared."""
    right = judged_unseen(learnt, learnt.unseen)
    events = [learnt.data.cases[row].event for row in learnt.unseen.rows]
    figures = {
        CROSS_VALIDATION: compared(CROSS_VALIDATION, events, right, right),
        DEVELOPMENT: tuple(row for row in comparison.rows if row.measured == DEVELOPMENT),
    }
    told = modelcard.provenance(learnt)
    return {
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        **told,
        "data": {**told["data"], "own": len(own)},
        "figures": {
            measured: {row.target: row.to_record()["candidate"] for row in rows}
            for measured, rows in figures.items()
        },
        "comparison": {
            "with": current,
            "rows": [row.to_record() for row in comparison.rows],
            "left_out": comparison.left_out,
            "notes": list(comparison.notes),
            "worse": [f"{row.heading} ({row.measured})" for row in comparison.worse],
        },
    }


def _keep(workspace: Workspace, learnt: Learnt, prefix: str, manifest: Mapping[str, Any], card: str) -> str:
    """Save the candidate as a version, whole or not at all; the same model is kept once."""
    with models.lock(workspace):
        workspace.models.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=workspace.models))
        try:
            name = storing.save(
                learnt.model,
                scratch,
                prefix=prefix,
                manifest=manifest,
                out_of_fold=learnt.unseen.whole,
                learnt_from=[case.id for case in learnt.data.cases],
                card=card,
            )
            sync_tree(scratch / name)
            there = workspace.models / name
            if there.exists() and not _is_whole(there):
                shutil.rmtree(there)
            if not there.exists():
                (scratch / name).rename(there)
                sync_folder(workspace.models)
            return name
        except OSError as error:
            raise Unwritable(f"the model cannot be kept in {workspace.models}: {error}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    try:
        storing.verify(folder)
    except (ModelDamaged, ForeignModel):
        return False
    return True


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Hold off other trainings, and clear what a killed one left behind."""
    lock = workspace.home / "training.lock"
    try:
        with locked(lock, "the workspace", wait=0.0):
            for stale in workspace.models.glob(f"{_SCRATCH}*"):
                shutil.rmtree(stale, ignore_errors=True)
            yield
    except Busy as busy:
        if busy.lock != lock:
            raise
        raise AlreadyTraining("another training is under way here; try again when it is done") from busy
