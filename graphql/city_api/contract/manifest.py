"""The list of the phones' operations, each with the hash of its text."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def manifest(folder: Path) -> str:
    """List every operation of every app; a phone build can prove which texts it was made with."""
    files = sorted((folder / "operations").glob("*/*.graphql"))
    operations = [
        {
            "app": file.parent.name,
            "name": file.stem,
            "file": file.relative_to(folder).as_posix(),
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in files
    ]
    return json.dumps({"operations": operations}, indent=2) + "\n"
