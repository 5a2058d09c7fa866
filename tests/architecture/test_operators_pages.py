"""What the pages for operators tell to type is there: every command of `yiwang`, with its options."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from city_workers.operator.commands import yiwang
from tests.conftest import REPOSITORY

PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "backend").glob("*.md"))]
_CODE = re.compile(r"`yiwang ([^`\n]+)`|^\s*yiwang ([^\n#]+)", re.MULTILINE)


def typed(page: Path) -> list[str]:
    return [first or second for first, second in _CODE.findall(page.read_text())]


def faults_of(line: str) -> list[str]:
    """Walk a command line down to its command; name what is not there."""
    words, at = line.split(), click.Context(yiwang)
    command: click.Command = yiwang
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(at, words.pop(0))
        if found is None:
            return [line]
        command = found
    known = {name for option in command.params for name in option.opts} | {"--help"}
    return [word for word in words if word.startswith("--") and word not in known]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_is_there(page: Path) -> None:
    assert [fault for line in typed(page) for fault in faults_of(line)] == []


def test_the_runbook_and_the_code_name_commands_alike() -> None:
    told = {line for page in PAGES for line in typed(page)}
    for name in yiwang.commands:
        assert any(line.split()[0] == name for line in told), f"no page tells of yiwang {name}"
    code = "\n".join(path.read_text() for path in (REPOSITORY / "backend" / "city_core").rglob("*.py"))
    named = re.findall(r"`yiwang ([a-z -]+?)(?: [A-Z{][^`]*)?`", code)
    assert named and [line for line in named if faults_of(line)] == []


def test_wrong_commands_are_seen() -> None:
    assert faults_of("work list --json") == [] and faults_of("backup verify FOLDER") == []
    assert faults_of("work mend") and faults_of("doctor --harder")
