"""The rules of the house: who imports whom, style, types, and the trap in graphql/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "check",
    [
        ["lint-imports"],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "--strict", "backend/city_core"],
    ],
    ids=" ".join,
)
def test_check_passes(check: list[str]) -> None:
    result = subprocess.run(
        [BIN / check[0], *check[1:]], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_graphql_is_graphql_core_and_our_folder_no_package() -> None:
    import graphql

    assert "site-packages" in (graphql.__file__ or "")
    assert not (REPOSITORY / "graphql" / "__init__.py").exists()
    assert not (REPOSITORY / "tests" / "graphql").exists()


def test_contracts_hold_data_only() -> None:
    assert list((REPOSITORY / "mobile_contracts").rglob("*.py")) == []


def test_files_stay_short() -> None:
    roots = ("backend", "graphql", "workers", "seed")
    long = {
        str(path.relative_to(REPOSITORY)): count
        for root in roots
        for path in (REPOSITORY / root).rglob("*.py")
        if (count := len(path.read_text().splitlines())) > 250
    }
    assert long == {}
