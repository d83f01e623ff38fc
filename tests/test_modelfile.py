"""A model as one file: the same each time, and nothing taken in from a file that is not what it says."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger import modelfile, models
from tagger.classify.folder import ForeignModel, ModelDamaged, read_folder
from tagger.durable import Unwritable
from tagger.errors import TaggerError
from tagger.modelfile import ModelThere, UnsafeModelFile, export_model, import_model
from tagger.workspace import Workspace

Members = dict[str, bytes]


@pytest.fixture
def home(tmp_path: Path, make_model: Callable[..., Path]) -> Workspace:
    home = Workspace(tmp_path / "home")
    make_model(home.models / "a", "a")
    return home


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def pack(path: Path, contents: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def test_export_and_import(home: Workspace, tmp_path: Path) -> None:
    assert export_model(home, "a", tmp_path / "a.zip") == "a"
    colleague = Workspace(tmp_path / "colleague")
    (colleague.models / ".import-killed").mkdir(parents=True)
    assert import_model(colleague, tmp_path / "a.zip") == "a"
    theirs, ours = read_folder(colleague.models / "a"), read_folder(home.models / "a")
    assert theirs.manifest == ours.manifest and theirs.documents == ours.documents
    assert np.array_equal(theirs.arrays["weights"], ours.arrays["weights"])
    assert (colleague.models / "a" / "card.md").read_text(encoding="utf-8") == "# a\n"
    assert models.current_name(colleague) == models.SHIPPED
    assert [path.name for path in colleague.models.iterdir()] == ["a"]


def test_the_same_model_is_the_same_file(home: Workspace, tmp_path: Path) -> None:
    export_model(home, "a", tmp_path / "1.zip")
    export_model(home, "a", tmp_path / "2.zip")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_damaged_model_is_not_exported(home: Workspace, tmp_path: Path) -> None:
    (home.models / "a" / "terms.json").write_bytes(b"[]\n")
    with pytest.raises(ModelDamaged):
        export_model(home, "a", tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_output_that_cannot_be_written(home: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Unwritable):
        export_model(home, "a", tmp_path / "no" / "a.zip")


def test_name_that_is_there_is_refused_and_another_taken(home: Workspace, tmp_path: Path) -> None:
    export_model(home, "a", tmp_path / "a.zip")
    with pytest.raises(ModelThere, match="--name"):
        import_model(home, tmp_path / "a.zip")
    assert import_model(home, tmp_path / "a.zip", "theirs") == "theirs"
    models.use(home, "theirs")
    assert models.find(home) == home.models / "theirs"


@pytest.mark.parametrize("name", ["../x", "shipped", "", "A b", "current.json", "x" * 99])
def test_name_that_no_model_can_have(home: Workspace, tmp_path: Path, name: str) -> None:
    export_model(home, "a", tmp_path / "a.zip")
    contents = members(tmp_path / "a.zip")
    manifest = json.loads(contents["manifest.json"]) | {"name": name}
    pack(tmp_path / "b.zip", contents | {"manifest.json": json.dumps(manifest).encode()})
    with pytest.raises((models.BadModelName, ModelDamaged), match="name"):
        import_model(home, tmp_path / "b.zip")


def _without(name: str) -> Callable[[Members], Members]:
    return lambda contents: {key: value for key, value in contents.items() if key != name}


def _with(name: str, content: bytes = b"x") -> Callable[[Members], Members]:
    return lambda contents: {**contents, name: content}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_with("../evil.json"), UnsafeModelFile),
        (_with("/etc/evil.json"), UnsafeModelFile),
        (_with("sub/evil.json"), UnsafeModelFile),
        (_with("sub\\evil.json"), UnsafeModelFile),
        (_with("C:evil.json"), UnsafeModelFile),
        (_with("evil.py"), UnsafeModelFile),
        (_with("weights.pkl"), UnsafeModelFile),
        (_with("unnamed.json", b"{}"), UnsafeModelFile),
        (_with("Terms.json"), UnsafeModelFile),
        (_with("big.md", b" " * (2**20 + 1)), UnsafeModelFile),
        (lambda contents: contents | {f"n{i}.json": b"{}" for i in range(90)}, UnsafeModelFile),
        (_without("manifest.json"), ForeignModel),
        (_without("weights.npy"), ModelDamaged),
        (_with("terms.json", b'["other"]\n'), ModelDamaged),
        (_with("manifest.json", b"{}"), ForeignModel),
        (_with("manifest.json", b"["), ModelDamaged),
        (lambda contents: {}, ForeignModel),
    ],
)
def test_file_that_is_not_what_it_says(
    home: Workspace, tmp_path: Path, change: Callable[[Members], Members], error: type[TaggerError]
) -> None:
    export_model(home, "a", tmp_path / "a.zip")
    pack(tmp_path / "b.zip", change(members(tmp_path / "a.zip")))
    with pytest.raises(error):
        import_model(home, tmp_path / "b.zip", "b")
    assert sorted(path.name for path in home.models.iterdir()) == ["a"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "b.zip", "home"]


def test_link_is_refused(home: Workspace, tmp_path: Path) -> None:
    export_model(home, "a", tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        link = zipfile.ZipInfo("link.json")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnsafeModelFile, match="link"):
        import_model(home, tmp_path / "a.zip", "b")


def test_file_that_unpacks_to_too_much(
    home: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_model(home, "a", tmp_path / "a.zip")
    monkeypatch.setattr(modelfile, "LARGEST", 100)
    with pytest.raises(UnsafeModelFile, match="unpacks to more"):
        import_model(home, tmp_path / "a.zip", "b")


def test_size_that_lies_is_found(home: Workspace, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 1_000_000)
    lying = packed.getvalue().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    (tmp_path / "a.zip").write_bytes(lying)
    with pytest.raises(UnsafeModelFile):
        import_model(home, tmp_path / "a.zip", "b")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
def test_file_that_is_no_archive(home: Workspace, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UnsafeModelFile, match=r"a\.zip"):
        import_model(home, tmp_path / "a.zip")


def test_missing_file(home: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UnsafeModelFile, match="No such file"):
        import_model(home, tmp_path / "no.zip")


@given(st.data())
def test_damaged_file_is_refused_and_nothing_kept(
    tmp_path_factory: pytest.TempPathFactory, make_model: Callable[..., Path], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("import")
    home = Workspace(folder / "home")
    make_model(home.models / "a", "a")
    export_model(home, "a", folder / "a.zip")
    content = bytearray((folder / "a.zip").read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    (folder / "a.zip").write_bytes(content)
    try:
        import_model(home, folder / "a.zip", "b")
    except TaggerError:
        assert [path.name for path in home.models.iterdir()] == ["a"]
    else:  # the byte did not matter: a date, say
        assert read_folder(home.models / "b").documents["terms"] == ["医院"]
