"""What apps generate from the contract: TypeScript is compiled, Kotlin and Swift builds are checked."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLScalarType, build_schema, is_specified_scalar_type

from tests.clients.node import FOLDER as CLIENTS

FOLDER = Path(__file__).parents[2] / "mobile_contracts"
CODEGEN = FOLDER / "codegen"
ANDROID = (CODEGEN / "apollo-android.gradle.kts").read_text(encoding="utf-8")
APPS = sorted(folder.name for folder in (FOLDER / "operations").iterdir())
PHONES = ("citizen", "inspector", "officer")
_STRICT = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
]
# An app that uses the types rightly, and once wrongly: the compiler must see it.
_USE = """
import type { SubmitReportMutation, SubmitReportMutationVariables } from "./citizen";
const asked: SubmitReportMutationVariables = {
  input: { clientId: "x", point: { lng: 118, lat: 36.8, datum: "WGS84" } },
};
// @ts-expect-error  a report without a client id cannot be repeated
const refused: SubmitReportMutationVariables = { input: { point: { lng: 118, lat: 36.8, datum: "WGS84" } } };
export function told(answer: SubmitReportMutation): string {
  const result = answer.submitReport;
  if (result.__typename === "Problem") return result.code;
  return result.__typename === "Case" ? result.id : String([asked, refused]);
}
"""


def _scalars() -> set[str]:
    schema = build_schema((FOLDER / "schema.graphql").read_text(encoding="utf-8"))
    found = [type_ for type_ in schema.type_map.values() if isinstance(type_, GraphQLScalarType)]
    return {type_.name for type_ in found if not is_specified_scalar_type(type_)}


def _run(*command: str, **environment: str) -> str:
    ended = subprocess.run(
        command, cwd=CLIENTS, env={**os.environ, **environment},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_types_are_generated_for_every_app_and_hold_in_the_compiler(tmp_path: Path) -> None:
    config = str(CODEGEN / "codegen.yml")
    places = {"MOBILE_CONTRACTS": str(FOLDER), "TYPES": str(tmp_path)}
    _run("node_modules/.bin/graphql-codegen", "--config", config, **places)
    (tmp_path / "use.ts").write_text(_USE)
    files = sorted(tmp_path.glob("*.ts"))
    assert {file.stem for file in files} == {"schema", "use", *APPS}
    assert all(file.stat().st_size > 500 for file in files)
    _run("node_modules/.bin/tsc", *_STRICT, *map(str, files))


@pytest.mark.parametrize("mapping", [
    r"^    (\w+): string$",
    r'mapScalarToKotlinString\("(\w+)"\)',
])  # fmt: skip
def test_every_scalar_of_the_schema_is_mapped(mapping: str) -> None:
    text = ANDROID if "Kotlin" in mapping else (CODEGEN / "codegen.yml").read_text(encoding="utf-8")
    mapped = re.findall(mapping, text, re.MULTILINE)
    assert set(mapped) == _scalars()
    assert len(mapped) == len(_scalars()) * (len(PHONES) if "Kotlin" in mapping else 1)


@pytest.mark.parametrize("app", PHONES)
def test_the_kotlin_build_of_an_app_names_what_is_there(app: str) -> None:
    [service] = re.findall(rf'service\("{app}"\) \{{(.*?)\n    \}}', ANDROID, re.DOTALL)
    for path in re.findall(r'contract\.resolve\("([^"]+)"\)', service):
        assert (FOLDER / path).exists(), path
    assert f'srcDir(contract.resolve("operations/{app}"))' in service
    assert 'operationManifestFormat.set("persistedQueryManifest")' in service
    assert ANDROID.count("{") == ANDROID.count("}")


@pytest.mark.parametrize("app", PHONES)
def test_the_swift_build_of_an_app_names_what_is_there(app: str) -> None:
    config: dict[str, Any] = json.loads((CODEGEN / f"apollo-ios-{app}.json").read_text(encoding="utf-8"))
    assert set(config) == {"schemaNamespace", "input", "output", "operationManifest"}
    assert set(config["output"]) == {"testMocks", "schemaTypes", "operations"}
    [schema] = config["input"]["schemaSearchPaths"]
    assert (CODEGEN / schema).resolve() == FOLDER / "schema.graphql"
    [pattern] = config["input"]["operationSearchPaths"]
    found = {file.resolve() for file in CODEGEN.glob(pattern)}
    assert found == set((FOLDER / "operations" / app).glob("*.graphql")) != set()
    assert config["operationManifest"]["version"] == "persistedQueries"
    assert config["schemaNamespace"].isalnum()
