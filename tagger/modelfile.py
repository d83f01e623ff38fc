"""A model version as one file, between colleagues: written the same each time, read with distrust.

The file is a zip of a model folder. Nothing is unpacked before its list of contents is found to be
that of a model: plain names, no links, bounded sizes. Nothing is kept before every part has the sum,
size and shape that the manifest gives it.
"""

from __future__ import annotations

import io
import shutil
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path

from tagger.durable import sync_folder, write_whole
from tagger.errors import TaggerError
from tagger.expressions import expression
from tagger.models import checked_name, find, lock
from tagger.workspace import Workspace

LARGEST = 2**30
"""The most that a model file may unpack to, in bytes; the shipped model has a few million."""
_MOST_MEMBERS = 80
_LARGEST_TEXT = 2**20
_MANIFEST = "manifest.json"
_TEXT = expression(r"[A-Za-z0-9_-]{1,60}\.md")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class UnsafeModelFile(TaggerError):
    """A file that is no model file, or one that tries to write where it should not."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path.name} is not imported: {what}; ask for a file of `tagger models export`")


class ModelThere(TaggerError):
    """A model version of that name is there already."""


def export_model(workspace: Workspace, name: str | None, output: Path) -> str:
    """Write a model version (the one in use without a name) to one file; returns the model's name.

    The same model gives the same bytes. Raises UnknownModel, ModelDamaged, Unwritable.
    """
    from tagger.classify.folder import read_manifest
    from tagger.classify.storing import verify

    folder = find(workspace, name)
    verify(folder)
    manifest = read_manifest(folder)
    members = [_MANIFEST, *sorted(manifest["parts"]), *sorted(path.name for path in folder.glob("*.md"))]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            info = zipfile.ZipInfo(member, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, (folder / member).read_bytes())
    write_whole(output, packed.getvalue())
    return str(manifest["name"])


def import_model(workspace: Workspace, path: Path, name: str | None = None) -> str:
    """Take a model file in as a version of its own, not yet in use; returns the version's name.

    Raises UnsafeModelFile, ModelThere, BadModelName, and ForeignModel or ModelDamaged as
    `classify.storing` does; then nothing is kept.
    """
    from tagger.classify.folder import read_manifest
    from tagger.classify.storing import verify

    with lock(workspace):
        workspace.models.mkdir(parents=True, exist_ok=True)
        for stale in workspace.models.glob(".import-*"):  # of an import that was killed
            shutil.rmtree(stale, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix=".import-", dir=workspace.models))
        try:
            folder = scratch / "imported"
            folder.mkdir()
            _unpack(path, folder)
            manifest = read_manifest(folder)
            final = checked_name(name or manifest["name"])
            extra = {p.name for p in folder.iterdir()} - manifest["parts"].keys() - {_MANIFEST}
            foreign = sorted(member for member in extra if not _TEXT.fullmatch(member))
            if foreign:
                raise UnsafeModelFile(path, f"it holds {foreign[0]}, which its manifest does not name")
            named = folder.rename(scratch / final)
            verify(named)
            target = workspace.models / final
            if target.exists():
                raise ModelThere(
                    f"there is a model {final} already; import it under another name: --name NAME"
                )
            named.rename(target)
            sync_folder(workspace.models)
            return final
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _unpack(path: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in _safe_members(archive, path):
                with archive.open(member) as packed, (folder / member.filename).open("xb") as plain:
                    shutil.copyfileobj(
                        packed, plain
                    )  # zipfile gives no more than file_size, and checks the sum
    except OSError as error:
        raise UnsafeModelFile(path, error.strerror or str(error)) from error
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnsafeModelFile(path, f"it is no sound model file ({error})") from error
    except zlib.error as error:
        raise UnsafeModelFile(path, f"it is damaged ({error})") from error


def _safe_members(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    """The members, once all of them are fit to be unpacked."""
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise UnsafeModelFile(path, f"it holds {len(members)} files")
    if sum(member.file_size for member in members) > LARGEST:
        raise UnsafeModelFile(path, f"it unpacks to more than {LARGEST >> 20} MiB")
    seen: set[str] = set()
    for member in members:
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise UnsafeModelFile(path, f"{member.filename!r} is a link or a folder")
        if not _MEMBER.fullmatch(member.filename) or member.filename.lower() in seen:
            raise UnsafeModelFile(path, f"it holds {member.filename!r}")
        if _TEXT.fullmatch(member.filename) and member.file_size > _LARGEST_TEXT:
            raise UnsafeModelFile(path, f"{member.filename} is too large")
        seen.add(member.filename.lower())
    return members


_MEMBER = expression(rf"[a-z][a-z0-9_-]{{0,60}}\.(?:npy|json)|{_TEXT.pattern}")
