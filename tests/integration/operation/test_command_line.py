"""The operator's commands as they are given in a shell: answers, exit codes, and who did it on record."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from threading import Thread

import click
import pytest
from pymongo.errors import ServerSelectionTimeoutError

from city_core.kit.city import City
from city_core.kit.work import WorkItem
from city_core.settings import WrongSetting
from city_workers.operator.commands import yiwang
from city_workers.operator.desk import COULD_NOT, _ended
from tests.conftest import REPOSITORY
from tests.integration.operation.conftest import Operator
from tests.village import found_village


def commands_of(group: click.Group, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        inner = (*before, name)
        found += commands_of(command, inner) if isinstance(command, click.Group) else [inner]
    return found


@pytest.mark.parametrize("command", commands_of(yiwang), ids=" ".join)
async def test_every_command_explains_itself(operator: Operator, command: tuple[str, ...]) -> None:
    shown = await operator(*command, "--help")
    assert shown.code == 0 and "--json" in shown.text and len(shown.text.splitlines()[2].strip()) > 20


async def test_people_are_listed_without_their_phones_and_changed_on_record(
    city: City, operator: Operator
) -> None:
    await found_village(city)
    listed = await operator("people", "list", "--json")
    assert {row["id"] for row in listed.json} >= {"officer-1", "auditor-1"}
    assert "citizen-1" not in listed.text and "1990533" not in listed.text
    moved = await operator(
        "people", "set-post", "officer-1", "--department", "water", "--as", "Wang", "--json"
    )
    assert (moved.code, moved.json["department"]) == (0, "water")
    asked = await operator("people", "disable", "officer-1")
    assert asked.code == 1 and "--yes" in asked.said
    assert (await operator("people", "disable", "officer-1", "--yes")).code == 0
    shown = await operator("people", "show", "officer-1", "--json")
    assert shown.json["disabled"] is True and shown.json["phone"].startswith("*")
    assert [row["id"] for row in (await operator("people", "list", "--disabled", "--json")).json] == [
        "officer-1"
    ]
    for stranger in ("nobody", "citizen-1"):
        refused = await operator("people", "enable", stranger)
        assert refused.code == 1 and "没有这个人员" in refused.said
    record = await operator("record", "--json")
    assert [(row["by"], row["about"]) for row in record.json] == [
        ("operator:ops", {"person": "officer-1", "disabled": True}),
        ("operator:ops/Wang", {"person": "officer-1", "department_id": "water"}),
    ]


async def test_keys_of_machines_are_told_once_and_secrets_never(city: City, operator: Operator) -> None:
    made = await operator("keys", "make", "巡查车", "--kind", "PATROL_CAR", "--json")
    assert made.code == 0 and len(made.json["key"]) > 30
    source = made.json["id"]
    renewed = await operator("keys", "renew", source, "--yes", "--json")
    assert renewed.json["key"] != made.json["key"]
    off = await operator("keys", "turn-off", source, "--json")
    listed = await operator("keys", "list", "--json", SMS_SECRET="hush-hush")
    assert off.json["active"] is False and listed.json["sources"][0]["id"] == source
    assert listed.json["secrets"] == {**listed.json["secrets"], "SMS_SECRET": True, "SIGN_KEY": False}
    assert "hush" not in listed.text and renewed.json["key"] not in listed.text
    assert (await operator("keys", "turn-off", "unheard-of")).code == 1


async def test_rules_are_listed_exported_and_put_back(city: City, operator: Operator, tmp_path: Path) -> None:
    await found_village(city)
    assert (await operator("rules", "list", "--json")).json["catalogue"] == 1
    written = await operator("rules", "export", "catalogue", str(tmp_path / "out"), "--json")
    assert "case_types.csv" in [Path(path).name for path in written.json["files"]]
    assert "E0110" in (tmp_path / "out" / "case_types.csv").read_text()
    back = await operator("rules", "put-in-force", "catalogue", "1", "--yes", "--json")
    assert (back.code, back.json) == (0, {"version": 2, "faults": []})
    versions = await operator("rules", "versions", "catalogue", "--json")
    assert versions.json["in_force"] == 2
    assert versions.json["versions"][0]["published_by"] == "operator:ops"
    assert (await operator("rules", "put-in-force", "catalogue", "9", "--yes")).code == 1


async def test_dead_letters_are_seen_and_tried_anew(city: City, operator: Operator) -> None:
    assert (await operator("work", "list")).code == 0
    dead = {**WorkItem("push", "a", city.clock.now()).row(), "given_up": True, "due_at": None}
    await city.database.photos.insert_one({"_id": "p", "work": [dead, {**dead, "key": "b"}]})
    listed = await operator("work", "list", "--json")
    assert listed.code == 1 and [row["name"] for row in listed.json] == ["photos/p/a", "photos/p/b"]
    shown = await operator("work", "show", "photos/p/a", "--json")
    assert shown.json["standing"] == "given-up"
    forgotten = await operator("work", "forget", "photos/p/a", "photos/p/none", "--yes", "--json")
    assert forgotten.code == 1 and forgotten.json["done"] == ["photos/p/a"] and forgotten.json["refused"]
    again = await operator("work", "retry", "--all", "--json")
    assert (again.code, again.json["done"]) == (0, ["photos/p/b"])
    assert (await operator("work", "list")).text == "No work is stuck.\n"


async def test_migrations_and_the_doctor_end_with_what_they_found(city: City, operator: Operator) -> None:
    assert (await operator("migrate", "--dry-run")).code == 1
    assert (await operator("migrate")).code == 0
    assert (await operator("migrate", "--dry-run")).text == "All migrations are made.\n"
    found = await operator("doctor", "--only", "workers", "--only", "migrations", "--json")
    assert found.code == 1
    assert {row["check"]: row["severity"] for row in found.json} == {
        "mongodb": "fine", "migrations": "fine", "workers": "fault",
    }  # fmt: skip
    told = await operator("doctor", "--only", "workers")
    assert "No jobs worker has ever run" in told.text and "->" in told.text


async def test_a_folder_that_is_no_backup(operator: Operator, tmp_path: Path) -> None:
    told = await operator("backup", "verify", str(tmp_path))
    assert told.code == 2 and "is no backup" in told.said


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ServerSelectionTimeoutError("10.0.0.1 refused, password hunter2"), "MongoDB cannot be reached"),
        (WrongSetting("The setting X is not right."), "The setting X is not right."),
        (FileNotFoundError(2, "No such file", "x"), "A file cannot be read or written"),
    ],
)
def test_what_could_not_be_done_is_one_sentence(
    error: Exception, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails() -> int:
        raise error

    codes: list[int] = []
    thread = Thread(target=lambda: codes.append(_ended(fails())))  # this one has a loop that runs already
    thread.start()
    thread.join()
    said = capsys.readouterr().err
    assert codes == [COULD_NOT] and says in said and "hunter2" not in said and said.count("\n") == 1


async def test_it_starts_as_a_program_and_says_what_is_not_set_up() -> None:
    roots = os.pathsep.join(str(REPOSITORY / root) for root in ("backend", "workers"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "city_workers.operator", "work", "list",
        env={"PATH": os.environ["PATH"], "PYTHONPATH": roots, "TOKEN_PRIVATE_KEY": "short"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 2 and not out
    assert "TOKEN_PRIVATE_KEY" in err.decode() and err.decode().count("\n") == 1
