"""Lists the city's models, puts one in use, goes back: `python -m city_workers.detection.models list`."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from city_workers.detection.registry import ModelProblem, Registry
from city_workers.detection.weights_file import MODELS


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked and say what became of it; 1 where it cannot be done."""
    options = _parser().parse_args(arguments)
    registry = Registry(options.folder)
    commands: dict[str, Callable[[Registry, argparse.Namespace], int]] = {
        "list": _list, "use": _use, "roll-back": _roll_back, "verify": _verify,
    }  # fmt: skip
    try:
        return commands[options.command](registry, options)
    except ModelProblem as problem:
        print(f"Refused: {problem}.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    named = os.environ.get("DETECTION_MODELS")
    parser.add_argument("--folder", type=Path, default=Path(named) if named else MODELS)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every model, and which was in use when")
    use = commands.add_parser("use", help="let a model look at the city's photos")
    use.add_argument("version")
    back = commands.add_parser("roll-back", help="go back to the model before")
    commands.add_parser("verify", help="check every file against its hash")
    for command in (use, back):
        command.add_argument("--why", default="by hand")
        command.add_argument("--by", default=None, help="who decided; the account's name where left out")
    return parser


def _list(registry: Registry, _: argparse.Namespace) -> int:
    current = registry.in_use().version
    for version in registry.versions():
        print(f"{'*' if version == current else ' '} {version}")
    for row in registry.history():
        back = ", rolled back" if row["rolled_back"] else ""
        print(
            f"  {row['from']} to {row['to'] or 'now'}: {row['version']}, by {row['by']}: {row['why']}{back}"
        )
    return 0


def _use(registry: Registry, options: argparse.Namespace) -> int:
    registry.use(options.version, by=options.by or getpass.getuser(), why=options.why)
    print(f"In use: {options.version}")
    return 0


def _roll_back(registry: Registry, options: argparse.Namespace) -> int:
    print(f"In use: {registry.roll_back(by=options.by or getpass.getuser(), why=options.why)}")
    return 0


def _verify(registry: Registry, _: argparse.Namespace) -> int:
    wrong = registry.verify()
    for version in registry.versions():
        print(f"{version}: {wrong.get(version, 'as taken in')}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
