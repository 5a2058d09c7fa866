"""`python -m tests.attack`: attacks the API as everybody and prints what it found; exits 1 on a finding.

The city is a village with a far street, on embedded servers, served as in production, as in production but
with any document let in, and as in development.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from city_demo.embedded import EmbeddedMongod, EmbeddedRedis
from tests.attack.drawing import Examples
from tests.attack.findings import Report
from tests.attack.generated import attack_with_documents
from tests.attack.hostile import attack_with_variables
from tests.attack.reused import ALL, attack_as_the_suite_does, attack_by_the_matrix
from tests.attack.rounds import attack_with_checks
from tests.attack.town import ACTORS, open_town

PARTS = ("cop", "owasp", "sockets", "suite", "matrix", "schema", "variables")


async def attack(parts: tuple[str, ...], examples: int, chosen_seed: int) -> Report:
    """Make the chosen parts of the attack, one after the other."""
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with EmbeddedMongod(data / "mongod") as mongod, EmbeddedRedis(data / "redis") as redis:
            async with open_town(mongod, redis) as town:
                for part in [one for one in ("cop", "owasp", "sockets") if one in parts]:
                    with _told(part):
                        await attack_with_checks(town, report, ACTORS, part)
                drawing = Examples(examples, chosen_seed)
                if "schema" in parts:
                    with _told("schema"):
                        await attack_with_documents(town, report, ACTORS, drawing)
                if "variables" in parts:
                    with _told("variables"):
                        await attack_with_variables(town, report, ACTORS, drawing)
            if "suite" in parts:
                with _told("suite"):
                    await attack_as_the_suite_does(mongod, redis, report)
            if "matrix" in parts:
                with _told("matrix"):
                    await attack_by_the_matrix(mongod, redis, report)
    return report


@contextmanager
def _told(part: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"{part} ...", file=sys.stderr, flush=True)
    yield
    print(f"{part}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def main() -> None:
    """Attack, and say what was found."""
    parser = argparse.ArgumentParser(prog="tests.attack")
    parser.add_argument("--examples", type=int, default=3, help="documents and variables for each operation")
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--only", choices=PARTS, action="append", help="make this part; can be repeated")
    given = parser.parse_args()
    report = asyncio.run(attack(tuple(given.only or PARTS), given.examples, given.seed))
    print(report.table((*ACTORS, ALL)))
    for line in (*report.figures, *(f"FOUND {finding}" for finding in report.findings)):
        print(line)
    print(f"{len(report.findings)} findings" if report.findings else "Clean.")
    sys.exit(1 if report.findings else 0)


if __name__ == "__main__":
    main()
