"""Runs a script of this folder in Node with the installed clients."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


async def run_script(
    name: str, given: Mapping[str, Any], *, seconds: float = 60.0, niceness: int = 0
) -> dict[str, Any]:
    """Run `tests/clients/<name>.mjs` with its input in `GIVEN`; gives the JSON that it printed last.

    A `niceness` above 0 lets other tests go first: a browser that draws takes all the processors there are.
    """
    node = shutil.which("node")
    assert node and (FOLDER / "node_modules").exists(), "the real clients need Node 20 and `make test` once"
    process = await asyncio.create_subprocess_exec(
        node, f"{name}.mjs", cwd=FOLDER, env={**os.environ, "GIVEN": json.dumps(dict(given))},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, preexec_fn=lambda: os.nice(niceness),
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        out, err = await process.communicate()
        raise AssertionError(f"{name} took more than {seconds} s: {out.decode()} {err.decode()}") from None
    assert process.returncode == 0, f"{name} failed: {out.decode()} {err.decode()}"
    said: dict[str, Any] = json.loads(out.decode().strip().splitlines()[-1])
    return said
