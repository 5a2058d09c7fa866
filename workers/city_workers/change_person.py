"""Changes a member of staff: `python -m city_workers.change_person PERSON --role OFFICER --department D01`.

For the operator. It counts from the person's next request; `--disable` signs them out everywhere. Ends with
0; with 1 and the reason when it was refused; with 2 when the city cannot be reached or is not set up.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from city_core.bootstrap import open_city
from city_core.kit.mongo import PyMongoError
from city_core.kit.problems import CityProblem
from city_core.kit.starting import why_not_started
from city_core.people.change_person import PersonChange, change_person, person_asking
from city_core.people.roles import Role
from city_core.settings import Settings, WrongSetting, read_settings


async def run(settings: Settings, person_id: str, change: PersonChange, by_id: str | None = None) -> int:
    """Change the person in the city that the settings name; answers the exit code.

    `by_id` names the security administrator for whom it is done, who is held to their post.
    """
    async with open_city(settings, app_name="change-person") as city:
        try:
            by = await person_asking(city, by_id) if by_id is not None else None
            person = await change_person(city, person_id, change, by=by)
        except CityProblem as problem:
            print(f"{problem.kind.zh} {problem.kind.en} ({problem})", file=sys.stderr)
            return 1
    standing = "disabled" if person["disabled"] else "enabled"
    streets = ",".join(person["street_codes"]) or "none"
    print(
        f"{person_id}: {person['role']}, department {person['department_id']}, streets {streets}, {standing}"
    )
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Do it from the command line."""
    asked = _parser().parse_args(arguments)
    change = PersonChange(
        role=Role(asked.role) if asked.role else None,
        department_id=asked.department,
        street_codes=_listed(asked.streets),
        grid_ids=_listed(asked.grids),
        disabled=asked.disabled,
    )
    try:
        return asyncio.run(run(read_settings(), asked.person, change, asked.by))
    except (WrongSetting, PyMongoError) as error:
        print(why_not_started(error) or f"MongoDB did not answer: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="city_workers.change_person", description="Changes a member of staff."
    )
    parser.add_argument("person", help="the id of the person")
    parser.add_argument("--by", help="the id of the security administrator who asks for it")
    parser.add_argument("--role", choices=sorted(set(Role) - {Role.CITIZEN, Role.SYSTEM}))
    parser.add_argument("--department", help="the id of a department")
    parser.add_argument("--streets", help="codes of streets, comma between; empty for none")
    parser.add_argument("--grids", help="ids of responsibility grids, comma between; empty for none")
    standing = parser.add_mutually_exclusive_group()
    standing.add_argument("--disable", dest="disabled", action="store_true", default=None)
    standing.add_argument("--enable", dest="disabled", action="store_false", default=None)
    return parser


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


if __name__ == "__main__":
    sys.exit(main())
