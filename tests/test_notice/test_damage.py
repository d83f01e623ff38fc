"""Damaged files give text or a ReadError, never anything else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tagger.notice.errors import ReadError
from tagger.notice.read import read_path
from tagger.notice.split import notices

FILES = sorted((Path(__file__).parent.parent / "data" / "files").iterdir())


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + chance.randint(1, 50)]
            case 2:
                changed[at:at] = chance.randbytes(chance.randint(1, 20))
            case 3:
                changed = changed[: at + 1]
    return bytes(changed)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_damage(path: Path, tmp_path: Path) -> None:
    chance = random.Random(path.name)
    for _ in range(10):
        copy = tmp_path / path.name
        copy.write_bytes(damaged(path.read_bytes(), chance))
        try:
            for document in read_path(copy, path.name):
                if document.failure is None:
                    notices(document)
        except ReadError as error:
            assert str(error).startswith(path.name)
