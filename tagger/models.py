"""The user's model versions: which there are, which is in use, and the way back to the one before.

A version is a folder of the workspace's `models/` and never changes once it is there. Which one is
in use stands in a file of its own that is replaced at once, so that a crash at any point leaves a
whole model in use; without it the shipped model is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from msgspec import Struct

from tagger import shipped
from tagger.durable import locked, replace_file
from tagger.errors import TaggerError
from tagger.expressions import expression
from tagger.workspace import Workspace

SHIPPED = "shipped"
"""The name by which the shipped model is always to be had."""
POINTER = "current.json"
_SCHEMA = 1
_REMEMBERED = 50
_NAME = expression(r"[a-z0-9][a-z0-9._-]{0,60}")


class UnknownModel(TaggerError):
    """A name that no model version has."""


class BadModelName(TaggerError):
    """A name that a model version cannot have."""


class NothingBefore(TaggerError):
    """There is no earlier model to go back to."""


class ModelInUse(TaggerError):
    """The model in use cannot be removed."""


class Version(Struct, frozen=True):
    """A model version. `manifest` is None where the folder is damaged, which `damage` then describes."""

    name: str
    folder: Path
    in_use: bool
    manifest: Mapping[str, Any] | None
    damage: str = ""


def checked_name(name: str) -> str:
    """The name, if a model version can have it. Raises BadModelName."""
    if not _NAME.fullmatch(name) or name in (SHIPPED, POINTER):
        raise BadModelName(
            f"{name!r} cannot name a model; use up to 61 of a-z, 0-9, '.', '_' and '-', and not {SHIPPED!r}"
        )
    return name


def versions(workspace: Workspace) -> tuple[Version, ...]:
    """The shipped model and the user's, by name."""
    from tagger.classify.folder import read_manifest

    current = current_name(workspace)
    found = []
    for name in (SHIPPED, *_names(workspace)):
        folder = _folder(workspace, name)
        try:
            found.append(Version(name, folder, name == current, read_manifest(folder)))
        except TaggerError as error:
            found.append(Version(name, folder, name == current, None, str(error)))
    return tuple(found)


def find(workspace: Workspace, name: str | None = None) -> Path:
    """The folder of a model version, of the one in use without a name. Raises UnknownModel."""
    wanted = current_name(workspace) if name is None else name
    if wanted != SHIPPED and wanted not in _names(workspace):
        there = ", ".join((SHIPPED, *_names(workspace)))
        if name is None:
            raise UnknownModel(
                f"the model in use, {wanted}, is gone; choose one: tagger models use {SHIPPED}"
            )
        raise UnknownModel(f"there is no model {name!r}; there are: {there}")
    return _folder(workspace, wanted)


def current_name(workspace: Workspace) -> str:
    """The name of the model in use."""
    return _used(workspace)[-1]


def use(workspace: Workspace, name: str) -> None:
    """Put a model version in use, once every part of it is found whole.

    Raises UnknownModel, and ForeignModel or ModelDamaged as `classify.storing` does.
    """
    from tagger.classify.storing import verify

    with lock(workspace):
        verify(find(workspace, name))
        used = _used(workspace)
        if used[-1] != name:
            _point(workspace, [*used, name])


def rollback(workspace: Workspace) -> str:
    """Put the model in use that was in use before; returns its name. Raises NothingBefore."""
    from tagger.classify.storing import verify

    with lock(workspace):
        used = _used(workspace)[:-1]
        there = {SHIPPED, *_names(workspace)}
        while used and used[-1] not in there:  # removed since
            used.pop()
        if not used:
            raise NothingBefore("no model was in use before this one; see `tagger models list`")
        verify(find(workspace, used[-1]))
        _point(workspace, used)
        return used[-1]


def remove(workspace: Workspace, name: str) -> None:
    """Remove a model version for good. Raises UnknownModel, and ModelInUse for the one in use."""
    import shutil

    with lock(workspace):
        folder = find(workspace, name)
        if name == SHIPPED:
            raise ModelInUse("the shipped model belongs to the package and stays")
        if name == current_name(workspace):
            raise ModelInUse(f"{name} is in use; put another in use first: tagger models use NAME")
        gone = folder.with_name(f".{name}.removed")  # vanishes at once, even if clearing it is cut short
        shutil.rmtree(gone, ignore_errors=True)
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def lock(workspace: Workspace) -> AbstractContextManager[None]:
    """Holds the models against other processes."""
    return locked(workspace.home / "models.lock", "the models folder")


def _names(workspace: Workspace) -> list[str]:
    try:
        folders = [path for path in workspace.models.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []
    return sorted(path.name for path in folders if _NAME.fullmatch(path.name))


def _folder(workspace: Workspace, name: str) -> Path:
    return shipped_folder() if name == SHIPPED else workspace.models / name


def shipped_folder() -> Path:
    """Where the shipped model lies."""
    inside = sorted(path.parent for path in shipped.MODELS.glob("*/manifest.json"))
    return inside[0] if inside else shipped.MODELS


def _used(workspace: Workspace) -> list[str]:
    """The names of the models that were in use, the one in use last."""
    try:
        record = json.loads((workspace.models / POINTER).read_text(encoding="utf-8"))
        used = record["used"]
        if record["schema"] == _SCHEMA and used and all(isinstance(name, str) for name in used):
            return list(used)
    except FileNotFoundError:
        return [SHIPPED]
    except OSError as error:
        raise UnknownModel(
            f"{workspace.models / POINTER} cannot be read ({error.strerror}), so no model is in use; "
            "mend its permissions, or name a model: --model NAME"
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise UnknownModel(
        f"{workspace.models / POINTER} is damaged, so no model is in use; remove it to use the shipped one"
    )


def _point(workspace: Workspace, used: list[str]) -> None:
    workspace.models.mkdir(parents=True, exist_ok=True)
    record = {"schema": _SCHEMA, "used": used[-_REMEMBERED:]}
    replace_file(workspace.models / POINTER, json.dumps(record).encode() + b"\n")
