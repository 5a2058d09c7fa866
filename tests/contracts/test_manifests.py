"""The manifests: Apollo's form, ids that are the hashes of the texts, and one text one id."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from city_api import export
from city_api.documents.manifests import read_manifests
from city_api.documents.naming import named_document
from city_api.schema import city_schema

FOLDER = Path(__file__).parents[2] / "mobile_contracts"
OPERATIONS = sorted((FOLDER / "operations").glob("*/*.graphql"))
APPS = sorted({file.parent.name for file in OPERATIONS})


def _rows(name: str) -> list[dict[str, Any]]:
    manifest = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert (manifest["format"], manifest["version"]) == ("apollo-persisted-query-manifest", 1)
    rows: list[dict[str, Any]] = manifest["operations"]
    return rows


def test_the_manifest_has_every_operation_under_the_hash_of_its_text() -> None:
    texts = {file.relative_to(FOLDER).as_posix(): file.read_text(encoding="utf-8") for file in OPERATIONS}
    listed = {row["file"]: row for row in _rows("manifest.json")}
    assert {file: row["body"] for file, row in listed.items()} == texts
    for file, row in listed.items():
        assert row["id"] == hashlib.sha256(texts[file].encode()).hexdigest()
        assert (row["app"], row["name"]) == (Path(file).parent.name, Path(file).stem)
        assert row["type"] in ("query", "mutation", "subscription") and row["type"] in row["body"]


@pytest.mark.parametrize("app", APPS)
def test_an_app_has_a_manifest_of_its_own_with_unique_names(app: str) -> None:
    own = _rows(f"operations/{app}/manifest.json")
    names = [row["name"] for row in own]
    assert sorted(names) == sorted(file.stem for file in OPERATIONS if file.parent.name == app)
    assert len(set(names)) == len(names) == len({row["id"] for row in own})
    assert all(set(row) == {"id", "name", "type", "body"} for row in own)


@pytest.mark.parametrize("file", sorted((FOLDER / "manifests").glob("*.json")), ids=lambda file: file.stem)
def test_everything_that_a_supported_version_asks_for_is_still_there(file: Path) -> None:
    trusted = read_manifests(FOLDER, city_schema(introspection=False).reader)
    rows = _rows(f"manifests/{file.name}")
    assert rows and {row["id"] for row in rows} <= set(trusted)


def test_a_release_keeps_the_manifest_under_its_version(tmp_path: Path) -> None:
    operation = tmp_path / "operations" / "citizen" / "Me.graphql"
    operation.parent.mkdir(parents=True)
    operation.write_text("query Me {\n  me {\n    id\n  }\n}\n")
    (tmp_path / "CHANGELOG.md").write_text("# Changes\n\n## Unreleased\n\n## 1.2.0\n\n## 1.1.0\n")
    assert export.main(["--release", str(tmp_path)]) == 0
    kept = tmp_path / "manifests" / "1.2.0.json"
    assert kept.read_text() == (tmp_path / "manifest.json").read_text()
    assert [row["name"] for row in json.loads(kept.read_text())["operations"]] == ["Me"]


@pytest.mark.parametrize(
    ("given", "name"),
    [({}, None), ({"documentId": None}, None), ({"documentId": "sha256:AB"}, "ab"), ({"doc_id": "ab"}, "ab"),
     ({"id": "ab"}, "ab"), ({"extensions": {}}, None), ({"extensions": None}, None),
     ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "ab"}}}, "ab"),
     ({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "ab"}}}, "no hash"),
     ({"extensions": {"persistedQuery": 1}}, "no hash"), ({"documentId": ["ab"]}, "no hash")],
)  # fmt: skip
def test_a_document_is_named_in_each_clients_way(given: dict[str, Any], name: str | None) -> None:
    assert named_document(given) == name
