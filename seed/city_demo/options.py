"""What the operator asked for on the command line and in the environment, and whether it can be done here."""

from __future__ import annotations

import argparse
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from city_demo.embedded.problems import CannotStart

NEEDED_PACKAGES = ("uvicorn", "litestar", "strawberry", "beanie", "motor", "saq", "PIL", "ultralytics")


@dataclass(frozen=True)
class Options:
    """What the operator asked for."""

    home: Path
    plays_morning: bool
    ends_after_morning: bool


def read_options(arguments: list[str] | None = None) -> Options:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m city_demo.launch", description="The city on one machine."
    )
    parser.add_argument("--home", type=Path, default=Path(".local"), help="folder for data, secrets and logs")
    parser.add_argument(
        "--no-morning", action="store_true", help="start the city without playing the morning"
    )
    parser.add_argument(
        "--exit-after-morning", action="store_true", help="stop when the morning has been played"
    )
    given = parser.parse_args(arguments)
    return Options(given.home, not given.no_morning, given.exit_after_morning)


def port_from(setting: str, default: str) -> int:
    """Reads a port from the environment."""
    value = os.environ.get(setting) or default
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise CannotStart(f"{setting} must be a port number from 1 to 65535, not {value!r}.")
    return int(value)


def optional_port(setting: str) -> int | None:
    """Reads a port from the environment; None when the operator leaves the choice to the city."""
    return port_from(setting, "") if os.environ.get(setting) else None


def require_packages() -> None:
    """Refuses, naming them, when Python packages of the city are not installed."""
    missing = [name for name in NEEDED_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        raise CannotStart(
            f"Python packages are missing ({names}): run pip install -e '.[api,worker,embedded]' first."
        )
