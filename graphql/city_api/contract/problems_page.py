"""The page of problem codes, and the same for builds of apps, made from the core's list."""

from __future__ import annotations

import json
from dataclasses import asdict

from city_core.kit.problems import PROBLEM_KINDS, ProblemKind

_HEAD = """# Problems 拒绝代码

Generated from the code; do not edit. A command answers with `Problem`, a query with an error whose
`extensions` carry the same, and HTTP with the status below. `retryable` means: the very same request, with
the same client id, can succeed later.

| code | HTTP | retryable | 中文 | English |
|---|---|---|---|---|
"""


def problems_page() -> str:
    """Write down every code that a phone may be told."""
    return _HEAD + "\n".join(_row(kind) for kind in PROBLEM_KINDS.values()) + "\n"


def problems_list() -> str:
    """Write down the same for a build: each code with `http_status`, `retryable`, `zh` and `en`."""
    problems = [asdict(kind) for kind in PROBLEM_KINDS.values()]
    return json.dumps({"problems": problems}, indent=2, ensure_ascii=False) + "\n"


def _row(kind: ProblemKind) -> str:
    retryable = "yes" if kind.retryable else "no"
    return f"| `{kind.code}` | {kind.http_status} | {retryable} | {kind.zh} | {kind.en} |"
