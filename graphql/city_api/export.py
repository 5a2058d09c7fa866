"""Writes or checks what the phones rely on: `python -m city_api.export [--check] mobile_contracts`.

Ends with 0; with 1 when `--check` finds a file that is not as the code has it. `--release` writes, makes
the present schema the one that later changes must not break, and keeps the present manifest in `manifests/`.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from city_api.contract.manifest import manifest_pages
from city_api.contract.problems_page import problems_list, problems_page
from city_api.contract.push_pages import push_pages
from city_api.contract.workflow_page import workflow_page
from city_api.documents.manifests import OLDER, PRESENT
from city_api.schema import city_schema

SCHEMA, RELEASED = "schema.graphql", "schema.released.graphql"
_VERSION = re.compile(r"^## (\d+\.\d+\.\d+)", re.MULTILINE)


def pages(folder: Path) -> dict[str, str]:
    """Make every generated file of the contract, by its path in the folder."""
    return {
        SCHEMA: city_schema(introspection=False).as_str() + "\n",
        "problems.md": problems_page(),
        "workflow.md": workflow_page(),
        "problems.json": problems_list(),
        **manifest_pages(folder),
        **push_pages(),
    }


def outdated(folder: Path) -> list[str]:
    """Name the files that are not as the code has them."""
    return [name for name, text in pages(folder).items() if _text_of(folder / name) != text]


def write(folder: Path, *, release: bool = False) -> None:
    """Bring the folder up to date."""
    for name, text in pages(folder).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    if release:
        _release(folder)


def _release(folder: Path) -> None:
    """Keep what apps are built with from now on: the schema, and the manifest under the newest version."""
    (folder / RELEASED).write_text(_text_of(folder / SCHEMA) or "", encoding="utf-8")
    versions = _VERSION.findall(_text_of(folder / "CHANGELOG.md") or "")
    if versions:
        (folder / OLDER).mkdir(exist_ok=True)
        kept = folder / OLDER / f"{versions[0]}.json"
        kept.write_text(_text_of(folder / PRESENT) or "", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="city_api.export", description="Writes the contract of the phones.")
    parser.add_argument("folder", type=Path, help="the mobile_contracts folder")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--check", action="store_true", help="write nothing, name what is out of date")
    group.add_argument("--release", action="store_true", help="make this schema the released one")
    asked = parser.parse_args(arguments)
    if not asked.check:
        write(asked.folder, release=asked.release)
        return 0
    stale = outdated(asked.folder)
    for name in stale:
        print(f"{name} is out of date: run python -m city_api.export {asked.folder}", file=sys.stderr)
    return 1 if stale else 0


def _text_of(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


if __name__ == "__main__":
    sys.exit(main())
