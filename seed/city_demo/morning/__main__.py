"""Plays the morning on a city that is up: `python -m city_demo.morning API_URL FCM_URL [--home FOLDER]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from city_demo.morning import play

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m city_demo.morning")
    parser.add_argument("api_url")
    parser.add_argument("fcm_url")
    parser.add_argument("--home", type=Path, default=Path(".local"), help="where the city's logs are")
    given = parser.parse_args()
    sys.exit(0 if asyncio.run(play(given.api_url, given.fcm_url)) else 1)
