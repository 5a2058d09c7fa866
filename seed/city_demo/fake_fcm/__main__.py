"""Runs the fake push service on loopback: `python -m city_demo.fake_fcm --port 8099`."""

from __future__ import annotations

import argparse
import sys

from city_demo.embedded.problems import CannotStart
from city_demo.fake_fcm.server import listen, make_server


def main() -> int:
    """Serves until it is told to stop; 2 when the port belongs to another program."""
    parser = argparse.ArgumentParser(prog="python -m city_demo.fake_fcm", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    try:
        opened = listen(parser.parse_args().port)
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 2
    make_server().run(sockets=[opened])
    return 0


if __name__ == "__main__":
    sys.exit(main())
