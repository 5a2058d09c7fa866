"""How fast the command line copies a city, looks the copy through and brings it back.

`python -m tests.bench.backup [--megabytes 400]`, half rows and half photos, prints the commands' own figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from city_core.bootstrap import open_city
from city_core.kit.ids import new_id
from city_core.kit.waking import QuietWaker
from city_core.media.files import ORIGINALS, write_file
from city_demo.embedded import EmbeddedMongod
from tests.bench.figures import Figures, keep, machine
from tests.conftest import TOKEN_KEY, settings_for
from tests.village import found_village

DATABASE, OTHER = "bench_backup", "bench_backup_restored"
_PHOTO_BYTES = 1_500_000
_ROW_BYTES = 4_000
_ROWS_AT_ONCE = 1_000
_TEXT = "张店区人民公园南门东侧人行道上有暴露垃圾，请派人清理。"


async def fill(mongod: EmbeddedMongod, megabytes: float) -> None:
    """Lay down so many bytes: rows as long as cases with their histories, and photos that nothing shrinks."""
    half = megabytes * 1e6 / 2
    settings = settings_for(mongod, mongodb_database=DATABASE)
    async with open_city(settings, app_name="bench", waker=QuietWaker(), builds_indexes=True) as city:
        await found_village(city)
        for start in range(0, int(half / _ROW_BYTES), _ROWS_AT_ONCE):
            rows = [
                {"_id": f"{start + n:09d}", "marks": os.urandom(400).hex(), "history": [{"note": _TEXT}] * 40}
                for n in range(_ROWS_AT_ONCE)
            ]
            await city.database.long_rows.insert_many(rows)
        for _ in range(int(half / _PHOTO_BYTES)):
            await write_file(city, ORIGINALS, new_id(), os.urandom(_PHOTO_BYTES))


def yiwang(mongod: EmbeddedMongod, database: str, *arguments: str) -> Figures:
    """Run the command line, and give what it answered."""
    environment = {
        **os.environ, "MONGODB_URL": mongod.url, "MONGODB_DATABASE": database, "TOKEN_PRIVATE_KEY": TOKEN_KEY,
        "REDIS_URL": "redis://127.0.0.1:1/0", "ENVIRONMENT": "development",
    }  # fmt: skip
    command = [sys.executable, "-m", "city_workers.operator", *arguments, "--json", "--yes"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if not done.stdout.startswith("{"):
        raise RuntimeError(done.stderr)
    answer, _ = json.JSONDecoder().raw_decode(done.stdout)
    names = ("documents", "bytes", "written_bytes", "files", "seconds", "mb_a_second")
    return {name: answer[name] for name in names}


def measure(megabytes: float) -> Figures:
    """Copy, look through and bring back a city of this size on a server of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="yiwang-backup-", ignore_cleanup_errors=True) as folder,
        EmbeddedMongod(Path(folder) / "mongod") as mongod,
    ):
        asyncio.run(fill(mongod, megabytes))
        copy = str(Path(folder) / "copy")
        return {
            "machine": machine(),
            "make": yiwang(mongod, DATABASE, "backup", "make", copy),
            "verify": yiwang(mongod, DATABASE, "backup", "verify", copy),
            "restore": yiwang(mongod, OTHER, "restore", copy),
        }


def main() -> int:
    """Measure, print and keep the figures."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--megabytes", type=float, default=400.0)
    figures = measure(asked.parse_args().megabytes)
    print(json.dumps(figures, indent=2))
    keep("backup", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
