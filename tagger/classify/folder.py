"""A model on disk: arrays and JSON beside a manifest that has the sum, size and shape of each. No code.

    manifest.json       schema, kind, name, what it was trained on, figures, and the parts
    *.npy               numpy arrays (never pickled objects), opened by memory map
    *.json              everything else

Nothing in a folder is trusted before it is checked, so loading a model from a stranger cannot run
anything, and a damaged one is refused in one line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tagger.classify.bounds import MOST
from tagger.errors import TaggerError
from tagger.expressions import expression

SCHEMA = 1
KIND = "notice-tagger model"
MANIFEST = "manifest.json"

_PART_NAME = expression(r"[a-z][a-z0-9_-]{0,60}\.(?:npy|json)")
_DTYPES = frozenset({"<f2", "<f4", "<f8", "<i4", "<i8"})
_MOST_PARTS = 64
_LARGEST_PART = 2**30  # bytes; the shipped model's largest part has about two million
_LARGEST_JSON = 2**25  # the shipped model's largest has less than one million
_LARGEST_MANIFEST = 2**20
_MODEL_NAME = expression(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class ModelDamaged(TaggerError):
    """A model folder whose content is not what its manifest says."""

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(f"the model {folder.name} is damaged: {what}; train or import it again")


class ForeignModel(TaggerError):
    """A folder that is no model of this tagger, or one of a schema that this version cannot read."""

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(
            f"{folder} is no model that this tagger can use: {what}; train one with `tagger train`"
        )


class Parts(Struct, frozen=True):
    """The checked content of a model folder."""

    manifest: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    documents: Mapping[str, Any]


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest alone, its form checked. Raises ForeignModel or ModelDamaged."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _LARGEST_MANIFEST:
            raise ForeignModel(folder, "its manifest is too large")
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ForeignModel(folder, f"{MANIFEST} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise ModelDamaged(folder, f"{MANIFEST} is not JSON") from error
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise ForeignModel(folder, f"its manifest is not that of a {KIND}")
    if manifest.get("schema") != SCHEMA:
        raise ForeignModel(folder, f"it has schema {manifest.get('schema')!r}, this version reads {SCHEMA}")
    parts = manifest.get("parts")
    if not isinstance(manifest.get("name"), str) or not isinstance(parts, dict) or len(parts) > _MOST_PARTS:
        raise ModelDamaged(folder, f"{MANIFEST} lacks the name or the list of parts")
    if not _MODEL_NAME.fullmatch(manifest["name"]):
        raise ModelDamaged(folder, f"{MANIFEST} has a name that no model can have")
    for name, row in parts.items():
        if not _PART_NAME.fullmatch(name) or not isinstance(row, dict):
            raise ModelDamaged(folder, f"{MANIFEST} names a part {name!r}")
    return manifest


def read_folder(folder: Path, *, unread: tuple[str, ...] = ()) -> Parts:
    """Every part, each checked by sum, size, type and shape. Raises ForeignModel or ModelDamaged.

    Of the parts whose names begin as one of `unread` only sum and size are checked.
    """
    manifest = read_manifest(folder)
    arrays: dict[str, NDArray[Any]] = {}
    documents: dict[str, Any] = {}
    for name, row in manifest["parts"].items():
        path = folder / name
        _check_sum(folder, path, row)
        stem, _, ending = name.partition(".")
        if unread and name.startswith(unread):
            continue
        if ending == "npy":
            arrays[stem] = _array(folder, path, row)
        else:
            try:
                documents[stem] = msgspec.json.decode(path.read_bytes())
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise ModelDamaged(folder, f"{name} is not JSON") from error
    return Parts(manifest, arrays, documents)


def learnt_parts(folder: Path, learnt_from: str) -> Parts | None:
    """The parts of a folder that keeps what was learnt; None where it was learnt from something else (another
    sum), or cannot be read.
    """
    try:
        parts = read_folder(folder)
    except (ForeignModel, ModelDamaged):
        return None
    return parts if parts.manifest.get("learnt_from") == learnt_from else None


def _check_sum(folder: Path, path: Path, row: Mapping[str, Any]) -> None:
    try:
        if path.is_symlink() or not path.is_file():
            raise ModelDamaged(folder, f"{path.name} is missing")
        size = path.stat().st_size
        largest = _LARGEST_PART if path.suffix == ".npy" else _LARGEST_JSON
        if size != row.get("bytes") or size > largest:
            raise ModelDamaged(folder, f"{path.name} has {size} bytes, not {row.get('bytes')}")
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelDamaged(folder, f"{path.name} cannot be read ({error.strerror})") from error
    if found != row.get("sha256"):
        raise ModelDamaged(folder, f"{path.name} has another SHA-256 than the manifest says")


def _array(folder: Path, path: Path, row: Mapping[str, Any]) -> NDArray[Any]:
    if row.get("dtype") not in _DTYPES:
        raise ModelDamaged(folder, f"{path.name} has the type {row.get('dtype')!r}")
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # numpy raises whatever a forged header makes it trip over
        raise ModelDamaged(folder, f"{path.name} is not a numpy array") from error
    if array.dtype.str != row["dtype"] or list(array.shape) != row.get("shape"):
        raise ModelDamaged(folder, f"{path.name} is {array.dtype.str}{array.shape}, not as the manifest says")
    if (
        array.dtype.kind == "f"
        and array.size
        and not -MOST <= float(array.min()) <= float(array.max()) <= MOST
    ):
        raise ModelDamaged(folder, f"{path.name} holds a number that is not finite, or beyond {MOST:g}")
    return array


def write_folder(
    folder: Path,
    manifest: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    documents: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
) -> None:
    """Writes a model folder, complete or not at all; the same content gives the same bytes.

    `texts` are files for people (the model card): not parts, never read back.
    """
    import shutil
    import tempfile

    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        rows: dict[str, dict[str, Any]] = {}
        for name, array in sorted(arrays.items()):
            np.save(fresh / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
            rows[f"{name}.npy"] = {"dtype": array.dtype.str, "shape": list(array.shape)}
        for name, document in sorted(documents.items()):
            (fresh / f"{name}.json").write_bytes(dump(document))
            rows[f"{name}.json"] = {}
        for name, row in rows.items():
            content = (fresh / name).read_bytes()
            row |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        head = {"schema": SCHEMA, "kind": KIND, **manifest, "parts": rows}
        (fresh / MANIFEST).write_bytes(dump(head, indent=1))
        for name, text in (texts or {}).items():
            (fresh / name).write_text(text, encoding="utf-8")
        fresh.chmod(0o755)
        _swap(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _swap(fresh: Path, folder: Path) -> None:
    """Puts the fresh folder where the old one is; a crash leaves one of the two whole."""
    import shutil
    import tempfile

    if not folder.exists():
        fresh.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.replace(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def dump(document: object, indent: int | None = None) -> bytes:
    """JSON as bytes, the same for the same content."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=indent, allow_nan=False)
    return (text + "\n").encode()
