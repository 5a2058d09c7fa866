"""All commands of the operator, under one name."""

from __future__ import annotations

import click

from city_workers.operator.audit import audit
from city_workers.operator.backup import backup, restore
from city_workers.operator.doctor import doctor
from city_workers.operator.keys import keys
from city_workers.operator.migrate import migrate
from city_workers.operator.people import people
from city_workers.operator.record import record
from city_workers.operator.retention import retention
from city_workers.operator.rules import rules
from city_workers.operator.work import work


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def yiwang() -> None:
    """Runs the city 一网: what an operator looks at, mends, copies and brings back.

    Works on the city that MONGODB_URL and the other settings name (.env.example lists them). Ends with 0 when
    all is well; with 1 when something was found, or was refused, told in a sentence; with 2 when it could not
    be done, because the city cannot be reached or is not set up. What changes something is put on record with
    your account.
    """


for command in (work, people, keys, rules, audit, retention, backup, restore, migrate, doctor, record):
    yiwang.add_command(command)
