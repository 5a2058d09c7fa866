"""Starts the operator's command line: `yiwang`, or `python -m city_workers.operator`."""

from __future__ import annotations

from city_workers.operator.commands import yiwang

if __name__ == "__main__":
    yiwang(prog_name="yiwang")
