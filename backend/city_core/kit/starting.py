"""Why a process of the city cannot start, in one sentence for the operator."""

from __future__ import annotations

from city_core.kit.mongo import is_unreachable
from city_core.settings import WrongSetting


def why_not_started(error: BaseException) -> str | None:
    """Say what the operator has to change; None for a failure that is nobody's setting."""
    if isinstance(error, WrongSetting):
        return str(error)
    if is_unreachable(error):
        return "MongoDB cannot be reached at MONGODB_URL; start it, or set the URL of the city's own."
    return None
