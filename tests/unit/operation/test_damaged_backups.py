"""A backup that was damaged on its way: each file that is not as it was written is named."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from bson import encode

from city_core.operation.backup.bson_files import BsonFile, DamagedFile, read_documents, split_documents
from city_core.operation.backup.manifest import MANIFEST, Manifest, NoBackup, read_manifest, write_manifest
from city_core.operation.backup.verify import faults_of

ROWS = [encode({"_id": number, "text": "x" * number}) for number in range(500)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = []
    for name in ("cases", "people"):
        with BsonFile(tmp_path, f"{name}.bson.gz", name) as file:
            file.write(b"".join(ROWS))
            files.append(file.close())
    manifest = Manifest(
        "2026-11-22T00:00:00+00:00", "operator:t", "1", "yiwang", "6.0.27", 1, "m", [], True, 0, files
    )
    write_manifest(tmp_path, manifest)
    return tmp_path


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (flip, "people.bson.gz was changed: its SHA-256 differs."),
        (cut, " were written."),
        (Path.unlink, "people.bson.gz is missing."),
        (lambda path: path.with_name("more.bson.gz").touch(), "more.bson.gz does not belong to this backup."),
    ],
)
def test_what_was_damaged_is_named(folder: Path, harm: Callable[[Path], None], says: str) -> None:
    assert list(faults_of(folder, read_manifest(folder))) == []
    harm(folder / "people.bson.gz")
    (fault,) = faults_of(folder, read_manifest(folder))
    assert says in fault


@pytest.mark.parametrize("harm", [flip, cut, Path.unlink])
def test_a_damaged_manifest_is_no_backup(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder / MANIFEST)
    with pytest.raises(NoBackup):
        read_manifest(folder)


def test_documents_come_out_as_they_went_in_in_bounded_batches(folder: Path) -> None:
    batches = list(read_documents(folder / "cases.bson.gz", most_bytes=5_000, most=50))
    assert [row for batch in batches for row in batch] == ROWS
    assert max(len(batch) for batch in batches) <= 50
    assert max(sum(map(len, batch)) for batch in batches) <= 5_000 + max(map(len, ROWS))
    assert list(split_documents(b"".join(ROWS))) == ROWS


@pytest.mark.parametrize("data", [ROWS[3][:-2], b"\xff\xff\xff\x7f" + b"x" * 20, b"\x02\0\0\0"])
def test_what_is_no_document_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rows.bson.gz"
    path.write_bytes(gzip.compress(data))
    with pytest.raises(DamagedFile):
        list(read_documents(path, most_bytes=1_000, most=10))


def test_only_its_owner_can_read_a_copy(folder: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_file_that_broke_off_is_taken_away(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), BsonFile(tmp_path, "cases.bson.gz", "cases") as file:
        file.write(ROWS[1])
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
