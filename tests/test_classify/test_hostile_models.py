"""Models whose sums are right and whose content is not: refused by name, or without harm to any card."""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from tagger import models, render, shipped
from tagger.classify import bounds
from tagger.classify.folder import ForeignModel, ModelDamaged
from tagger.classify.storing import load
from tagger.cli import tagger as tagger_command
from tagger.law.catalogue import load_catalogue
from tagger.tagger import Tagger
from tagger.taxonomy import TARGETS

NOTICE = (shipped.DATA / "sample-notice.txt").read_text(encoding="utf-8")
ESCAPES = ("\x1b[2J", "\x9b2J", "\n", "\u202e", "\ud800")
HIDDEN = "\x1b\x9b2J\u202e"
Forge = Callable[[str, Callable[[Any], Any]], Path]


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    """The shipped model with one part changed, and its sums made right."""

    linked = tmp_path.stat().st_dev == models.shipped_folder().stat().st_dev

    def forge(part: str, change: Callable[[Any], Any]) -> Path:
        folder = tmp_path / "forged"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(models.shipped_folder(), folder, copy_function=os.link if linked else shutil.copy)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        path = folder / part
        if part == "manifest.json":
            manifest = change(manifest)
        elif path.suffix == ".npy":
            array = change(np.load(path))
            path.unlink()  # the shipped one keeps its content
            np.save(path, array)
            manifest["parts"][part] |= {"dtype": array.dtype.str, "shape": list(array.shape)}
        else:
            document = change(json.loads(path.read_text(encoding="utf-8")))
            path.unlink()
            path.write_text(json.dumps(document), encoding="utf-8")
        if part != "manifest.json":
            content = path.read_bytes()
            manifest["parts"][part] |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        (folder / "manifest.json").unlink()
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return folder

    return forge


def refused(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((ModelDamaged, ForeignModel)) as error:
            load(folder)
    told = str(error.value)
    assert "forged" in told and told.isprintable() and len(told) < 500
    return told


def put(document: Any, value: object, *path: Any) -> Any:
    at = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return document


@pytest.mark.parametrize("value", [math.nan, math.inf, -2e6], ids=str)
@pytest.mark.parametrize("part", ["weights.npy", "bias.npy", "idf.npy", "precedent-values.npy"])
def test_a_number_that_is_none_or_absurd(forge: Forge, part: str, value: float) -> None:
    def change(array: Any) -> Any:
        array.flat[0] = value
        return array

    assert part in refused(forge(part, change))


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("heads.json", (0, "temperature")),
        ("heads.json", (5, "threshold")),
        ("doubt.json", ("calibrators", "industry", 1)),
        ("doubt.json", ("calibrators", "impact", 2)),
        ("doubt.json", ("calibrators", "subject", 3)),
        ("doubt.json", ("calibrators", "subject", 4)),
        ("doubt.json", ("scores", "nature", 0)),
        ("together.json", (0, 4)),
        ("lexicon.json", ("kinds", 0, 0, 1)),
        ("precedents.json", ("rarity", 0)),
    ],
    ids=str,
)
@pytest.mark.parametrize("value", [1e300, "nan", None, True], ids=str)
def test_a_number_of_a_document_that_is_none(
    forge: Forge, part: str, path: tuple[Any, ...], value: object
) -> None:
    refused(forge(part, lambda document: put(document, value, *path)))


@pytest.mark.parametrize("value", [0, -1.0, 1e-300])
def test_a_temperature_or_slope_that_turns_or_flattens_the_order(forge: Forge, value: float) -> None:
    refused(forge("heads.json", lambda heads: put(heads, value, 0, "temperature")))
    refused(forge("doubt.json", lambda doubt: put(doubt, value, "calibrators", "industry", 1)))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("precedent-starts.npy", lambda array: -array),
        ("precedent-starts.npy", lambda array: array[::-1].copy()),
        ("precedent-starts.npy", lambda array: array.astype("<f8")),
        ("precedent-columns.npy", lambda array: array - 10**6),
        ("precedent-columns.npy", lambda array: array + 10**6),
        ("precedent-columns.npy", lambda array: array.astype("<f8")),
        ("precedent-columns.npy", lambda array: array[:, None]),
        ("precedent-values.npy", lambda array: array.astype("<i4")),
        ("weights.npy", lambda array: array[:0]),
        ("weights.npy", lambda array: array.astype("<c16")),
        ("bias.npy", lambda array: array.astype(bool)),
        ("idf.npy", lambda array: np.zeros((0, 10))),
        ("lexicon.json", lambda document: put(document, [10**9] * len(document["of"]), "of")),
        ("lexicon.json", lambda document: put(document, "", "terms")),
        ("precedents.json", lambda document: put(document, [], "cases")),
        ("heads.json", lambda heads: heads[::-1]),
        ("heads.json", lambda heads: heads * 1000),
        ("features.json", lambda names: names * 2),
    ],
)
def test_parts_that_do_not_fit_together(forge: Forge, part: str, change: Callable[[Any], Any]) -> None:
    refused(forge(part, change))


@pytest.mark.parametrize("written", ESCAPES, ids=ascii)
@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("heads.json", (0, "labels", 0)),
        ("heads.json", (5, "labels", 0)),
        ("precedents.json", ("cases", 0, 0)),
        ("precedents.json", ("cases", 0, 1)),
        ("precedents.json", ("cases", 0, 3)),
        ("precedents.json", ("names", 0)),
        ("features.json", (0,)),
        ("manifest.json", ("name",)),
    ],
    ids=str,
)
def test_a_name_that_would_move_the_cursor(
    forge: Forge, part: str, path: tuple[Any, ...], written: str
) -> None:
    refused(forge(part, lambda document: put(document, f"甲 {written}乙", *path)))


@pytest.mark.parametrize(
    "labels", [[], ["甲", "甲"], ["", "甲"], ["甲" * 1000], [1], "甲", {"甲": 1}, None], ids=str
)
@pytest.mark.parametrize("head", [0, 5])
def test_labels_that_are_none(forge: Forge, head: int, labels: object) -> None:
    refused(forge("heads.json", lambda heads: put(heads, labels, head, "labels")))


def test_more_labels_than_can_be_decided_together(forge: Forge) -> None:
    """A model of a few bytes may not ask for a table of gigabytes."""
    many = [f"甲 {number}" for number in range(20_000)]
    for head in (0, 1, 5):
        assert refused(forge("heads.json", lambda heads, head=head: put(heads, many, head, "labels")))
    with pytest.raises(ValueError):
        bounds.triples(dict.fromkeys(("subject", "nature", "liability"), many[:60]))


def test_sizes_beyond_what_is_read(forge: Forge) -> None:
    assert "manifest is too large" in refused(
        forge("manifest.json", lambda manifest: manifest | {"x": "x" * 2**20})
    )
    assert "terms.json" in refused(forge("terms.json", lambda terms: [*terms, "x" * 2**25]))


def test_an_array_that_says_to_be_larger_than_the_memory(forge: Forge) -> None:
    folder = forge("bias.npy", lambda array: array)
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"
    header += b" " * (117 - len(header)) + b"\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(800)
    (folder / "bias.npy").write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256(content).hexdigest()
    manifest["parts"]["bias.npy"] |= {"bytes": len(content), "sha256": digest, "shape": [10**12]}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "bias.npy" in refused(folder)


def test_the_largest_numbers_that_pass_give_sound_cards(forge: Forge) -> None:
    def large(array: Any) -> Any:
        return np.where(array > 0, bounds.MOST, -bounds.MOST).astype(array.dtype)

    tagger = Tagger(load(forge("weights.npy", large)), load_catalogue())
    card = tagger.tag(NOTICE, explain=True)
    assert json.dumps(card.to_record(with_text=True), allow_nan=False)
    for target in TARGETS:
        assert all(0 <= one.probability <= 1 for one in card.ranking(target))


def test_markup_in_a_label_is_shown_as_it_is(forge: Forge) -> None:
    """The page, the report and the terminal show text: nothing of it is read as a tag."""
    label = "<script>alert(1)</script>[red]"

    def change(heads: Any) -> Any:
        place = heads[0]["labels"].index("医疗卫生")
        return put(heads, label, 0, "labels", place)

    model = load(forge("heads.json", change))
    place = model.heads[0].start + model.heads[0].labels.index(label)
    weighty = np.array(model.bias)
    weighty[place] = 100.0
    card = Tagger(replace(model, bias=weighty), load_catalogue()).tag(NOTICE)
    assert card.assigned("industry") == (label,)
    assert label in render.plain(card)


def test_a_manifest_is_shown_without_what_moves_the_cursor(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = forge(
        "manifest.json", lambda manifest: put(manifest, HIDDEN, "data", "sha256") | {"note": HIDDEN}
    )
    monkeypatch.setenv("TAGGER_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "models").mkdir(parents=True)
    folder.rename(tmp_path / "home" / "models" / "forged")
    for arguments in (["models", "list"], ["models", "show", "forged"]):
        told = CliRunner().invoke(tagger_command, arguments)
        assert told.exit_code == 0, told.output
        assert "u202e" in told.output
        assert told.output.replace("\n", "").replace("\t", "").isprintable()


def test_a_model_of_before_there_were_lapses_is_no_other(forge: Forge) -> None:
    def without(doubt: Any) -> Any:
        doubt["calibrators"] = {target: record[:4] for target, record in doubt["calibrators"].items()}
        return doubt

    calibrators = load(forge("doubt.json", without)).doubt.calibrators
    assert {one.lapse for one in calibrators.values()} == {0.0}


@pytest.mark.parametrize("numbers", [[1.0, 0.0], [1.0, 0.0, 0.1, 0.0, 0.0]], ids=len)
def test_a_calibrator_of_too_few_or_many_numbers(forge: Forge, numbers: list[float]) -> None:
    refused(forge("doubt.json", lambda doubt: put(doubt, ["softmax", *numbers], "calibrators", "industry")))


def test_a_model_of_before_names_were_told_reads_by_its_words(forge: Forge) -> None:
    def without(manifest: dict[str, Any]) -> dict[str, Any]:
        parts = {name: row for name, row in manifest["parts"].items() if not name.startswith("naming")}
        return manifest | {"parts": parts}

    assert load(forge("manifest.json", without)).reader.naming is None


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("naming-weights.npy", lambda array: array[:-1]),
        ("naming-weights.npy", lambda array: array.astype("<i4")),
        ("naming-bias.npy", lambda array: array[:, None]),
        ("naming.json", lambda document: document | {"labels": document["labels"][:-1]}),
        ("naming.json", lambda document: document | {"labels": ["x"] * len(document["labels"])}),
        ("naming.json", lambda document: document | {"runs": [HIDDEN, *document["runs"][1:]]}),
        ("naming.json", lambda document: {"runs": document["runs"]}),
        ("naming.json", lambda document: document | {"runs": [document["runs"][1], *document["runs"][1:]]}),
    ],
)
def test_a_naming_that_does_not_fit(forge: Forge, part: str, change: Callable[[Any], Any]) -> None:
    refused(forge(part, change))
