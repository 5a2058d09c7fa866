"""Marks of inputs: they tell a repeated command from one whose id was used for something else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson


def input_hash(action: str, given: Mapping[str, Any]) -> str:
    """Make a short mark of a command's input, to tell a repetition from a reuse."""
    text = orjson.dumps([action, dict(given)], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(text).hexdigest()[:32]
