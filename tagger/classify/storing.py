"""A model to and from its folder: which part holds what, and what must agree with what."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tagger.classify import bounds
from tagger.classify.calibration import Calibrator
from tagger.classify.doubt import Doubt
from tagger.classify.features import Reader
from tagger.classify.folder import ModelDamaged, Parts, dump, read_folder, write_folder
from tagger.classify.heads import HEADS
from tagger.classify.lexicon import Entry, Lexicon, overlaid
from tagger.classify.model import Head, Model
from tagger.classify.naming import Naming
from tagger.classify.precedents import PastCase, PastCases

_MOST_RUNS = 100_000
"""Characters and pairs of characters: some ten thousand stand in the names of the tables."""


class OutOfFold(Struct, frozen=True):
    """What the model's recipe says of its own training cases when each was left out.

    `logits[target]` is cases by labels, before temperature and joint decision, in the order of
    `cases` (their ids); calibration starts from these.
    """

    cases: tuple[str, ...]
    logits: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


def save(
    model: Model,
    folder: Path,
    *,
    prefix: str = "default",
    manifest: Mapping[str, Any],
    out_of_fold: OutOfFold,
    learnt_from: Sequence[str] = (),
    card: str = "",
) -> str:
    """Writes the model to `folder / NAME` and gives NAME: the prefix and six digits of the content's hash.

    `learnt_from` has the ids of its cases where they are not all scored out of fold.
    """
    arrays: dict[str, NDArray[Any]] = {
        "weights": model.weights.astype("<f4"),
        "bias": model.bias.astype("<f8"),
        "idf": model.idf.astype("<f8"),
    }
    arrays |= {f"oof-{target}": logits.astype("<f4") for target, logits in out_of_fold.logits.items()}
    documents = {
        "lexicon": _lexicon_record(model.reader.lexicon),
        "features": list(model.features),
        "terms": list(model.terms),
        "heads": [
            {
                "target": head.target,
                "link": head.link,
                "labels": list(head.labels),
                "temperature": round(head.temperature, 4),
                "threshold": round(head.threshold, 4),
            }
            for head in model.heads
        ],
        "together": [
            [target, label, other, other_label, weight]
            for (target, other), rows in sorted(model.together.items())
            for (label, other_label), weight in sorted(rows.items())
        ],
        "cases": list(out_of_fold.cases),
        "doubt": _doubt_record(model.doubt),
    }
    if learnt_from:
        documents["learnt-from"] = list(learnt_from)
    if model.past is not None:
        documents["precedents"] = _past_record(model.past)
        arrays |= {
            "precedent-starts": model.past.starts.astype("<i4"),
            "precedent-columns": model.past.columns.astype("<i4"),
            "precedent-values": model.past.values.astype("<f4"),
        }
    if model.reader.naming is not None:
        named = model.reader.naming
        documents["naming"] = {"runs": named.runs, "labels": named.labels}
        arrays |= {"naming-weights": named.weights.astype("<f2"), "naming-bias": named.bias.astype("<f2")}
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(name.encode() + array.tobytes())
    for name, document in sorted(documents.items()):
        digest.update(name.encode() + dump(document))
    name = f"{prefix}-{digest.hexdigest()[:6]}"
    texts = {"card.md": card} if card else {}
    write_folder(folder / name, {"name": name, **manifest}, arrays, documents, texts)
    return name


def load(folder: Path, lexicon: Path | None = None) -> Model:
    """The model of a folder, every part checked; `lexicon` is a user's folder of words laid over its own.

    Raises ForeignModel, ModelDamaged, BrokenLexicon.
    """
    parts = read_folder(folder, unread=("oof-", "cases", "learnt-from"))
    try:
        model = _assembled(parts, lexicon)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        raise ModelDamaged(folder, f"its parts do not fit together ({error!r})") from error
    return model


def verify(folder: Path) -> str:
    """Reads and checks everything, and gives the model's name. Raises as `load` does."""
    return load(folder).name


def out_of_fold(folder: Path) -> OutOfFold:
    """The out-of-fold logits that were stored at training."""
    parts = read_folder(folder)
    found = {
        n.removeprefix("oof-"): np.asarray(a, float) for n, a in parts.arrays.items() if n.startswith("oof-")
    }
    return OutOfFold(tuple(parts.documents["cases"]), found)


def learnt_from(folder: Path) -> tuple[str, ...]:
    """The ids of the cases that a model was trained on."""
    documents = read_folder(folder).documents
    return tuple(documents.get("learnt-from", documents["cases"]))


def _assembled(parts: Parts, overlay: Path | None) -> Model:
    documents, arrays = parts.documents, parts.arrays
    words = _lexicon(documents["lexicon"])
    if overlay is not None:
        words = overlaid(words, overlay)
    heads, start = [], 0
    for row in documents["heads"]:
        labels = bounds.labels(row["target"], row["labels"])
        heads.append(
            Head(
                row["target"], row["link"], labels, start, start + len(labels),
                bounds.number(row["temperature"], 1e-3, 1e3), bounds.number(row["threshold"], 0.0, 1.0),
            )
        )  # fmt: skip
        start += len(labels)
    if [(h.target, h.link) for h in heads] != [(s.target, s.link) for s in HEADS]:
        raise ValueError("the targets are not this version's")
    bounds.triples({head.target: head.labels for head in heads})
    features, terms = bounds.names(documents["features"]), tuple(map(str, documents["terms"]))
    weights, bias, idf = arrays["weights"], arrays["bias"], arrays["idf"]
    if (
        weights.shape != (len(features) + len(terms), start)
        or bias.shape != (start,)
        or idf.shape != (len(terms),)
    ):
        raise ValueError("the weights have another shape than features and labels")
    together: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    for target, label, other, other_label, weight in documents["together"]:
        together.setdefault((target, other), {})[label, other_label] = bounds.number(weight)
    return Model(
        name=parts.manifest["name"],
        reader=Reader(words, _naming(parts) if "naming" in documents else None),
        heads=tuple(heads),
        features=features,
        terms=terms,
        idf=idf,
        weights=weights,
        bias=bias,
        together=together,
        manifest=parts.manifest,
        doubt=_doubt(documents.get("doubt", {})),
        past=_past(parts, len(terms)) if "precedents" in documents else None,
    )


def _lexicon_record(lexicon: Lexicon) -> dict[str, Any]:
    """Twenty thousand terms share some thousand lists of meanings: `of` has each term's number among them."""
    kinds = {entries: number for number, entries in enumerate(dict.fromkeys(lexicon.values()))}
    return {
        "kinds": [[[entry.meaning, entry.strength] for entry in entries] for entries in kinds],
        "of": [kinds[entries] for entries in lexicon.values()],
        "terms": "\n".join(lexicon),
    }


def _lexicon(record: Mapping[str, Any]) -> Lexicon:
    if "kinds" not in record:  # as a model kept it before its terms shared their meanings
        return {
            term: tuple(Entry(str(meaning), bounds.number(strength)) for meaning, strength in entries)
            for term, entries in record.items()
        }
    kinds = [
        tuple(Entry(str(meaning), bounds.number(strength)) for meaning, strength in entries)
        for entries in record["kinds"]
    ]
    terms = record["terms"].split("\n") if record["of"] else []
    return dict(zip(terms, [kinds[number] for number in record["of"]], strict=True))


def _naming(parts: Parts) -> Naming:
    record = parts.documents["naming"]
    weights, bias = parts.arrays["naming-weights"], parts.arrays["naming-bias"]
    if len(set(record["runs"])) != len(record["runs"]) or len(record["runs"]) > _MOST_RUNS:
        raise ValueError("the characters of names are too many, or stand twice")
    naming = Naming(bounds.names(record["runs"]), bounds.labels("industry", record["labels"]), weights, bias)
    shape = len(naming.runs), len(naming.labels)
    if weights.shape != shape or bias.shape != shape[1:] or weights.dtype.kind + bias.dtype.kind != "ff":
        raise ValueError("the weights of names have another shape than their characters and industries")
    return naming


def _doubt_record(doubt: Doubt) -> dict[str, Any]:
    return {
        "calibrators": {
            target: [
                one.link,
                *(round(n, 6) for n in (one.slope, one.intercept, one.accepted, one.lapse)),
            ]
            for target, one in doubt.calibrators.items()
        },
        "scores": {
            target: [round(float(score), 6) for score in scores] for target, scores in doubt.scores.items()
        },
    }


def _doubt(record: Mapping[str, Any]) -> Doubt:
    calibrators = {
        target: Calibrator(
            link,
            bounds.number(slope, 1e-3, 1e3),
            bounds.number(intercept),
            *(bounds.number(share, 0.0, 1.0) for share in (accepted, *lapse)),  # formerly no lapse
        )
        for target, (link, slope, intercept, accepted, *lapse) in record.get("calibrators", {}).items()
    }
    if any(
        one.link not in ("softmax", "sigmoid") or 1 in (one.accepted, one.lapse)
        for one in calibrators.values()
    ):
        raise ValueError("a calibrator would change the order of labels")
    return Doubt(
        calibrators,
        {target: np.sort(_shares(scores)) for target, scores in record.get("scores", {}).items()},
    )


def _shares(scores: Sequence[object]) -> NDArray[np.float64]:
    return np.array([bounds.number(score, 0.0, 1.0) for score in scores])


def _past_record(past: PastCases) -> dict[str, Any]:
    return {
        "cases": [
            [
                *map(bounds.shown, (case.id, case.title)),
                list(map(bounds.shown, case.statutes)),
                bounds.shown(case.outcome),
                list(map(bounds.shown, case.phrases)),
            ]
            for case in past.cases
        ],
        "names": list(past.names),
        "rarity": [round(float(weight), 6) for weight in past.rarity],
    }


def _past(parts: Parts, terms: int) -> PastCases:
    record, arrays = parts.documents["precedents"], parts.arrays
    starts, columns, values = (arrays[f"precedent-{name}"] for name in ("starts", "columns", "values"))
    names, rarity = bounds.names(record["names"]), np.array([bounds.number(one) for one in record["rarity"]])
    cases = tuple(
        PastCase(
            bounds.name(id_),
            bounds.name(title),
            bounds.names(statutes),
            bounds.name(outcome),
            bounds.names(phrases),
        )
        for id_, title, statutes, outcome, phrases in record["cases"]
    )
    kinds = "".join(array.dtype.kind for array in (starts, columns, values) if array.ndim == 1)
    rows_fit = len(starts) == len(cases) + 1 and starts[0] == 0 and starts[-1] == len(columns) == len(values)
    columns_fit = not len(columns) or (columns.min() >= 0 and columns.max() < len(names) + terms)
    if not (
        kinds == "iif"
        and rows_fit
        and columns_fit
        and (np.diff(starts) >= 0).all()
        and rarity.shape == (len(names),)
    ):
        raise ValueError("the precedents' vectors do not fit its cases and terms")
    return PastCases(cases, names, rarity, starts, columns, values)
