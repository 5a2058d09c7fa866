"""Starts the whole city on one machine: `python -m city_demo.launch`."""

from __future__ import annotations

import sys

NEEDED_PYTHON = (3, 11)
CANNOT_START = 2


def main() -> int:
    """Runs the city until Ctrl-C; 2 with one sentence when it cannot start here, 1 when a step failed."""
    if sys.version_info[:2] < NEEDED_PYTHON:
        needed, found = ".".join(map(str, NEEDED_PYTHON)), sys.version.split()[0]
        print(f"The city needs Python {needed} or newer, and this is Python {found}.", file=sys.stderr)
        return CANNOT_START
    # Imported late: an older Python could not even read these files.
    from city_demo.embedded.problems import CannotStart
    from city_demo.one_machine import StepFailed, run_city
    from city_demo.options import read_options

    try:
        return run_city(read_options())
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return CANNOT_START
    except StepFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
