"""The refusal of a step that was decided on what is not so any more."""

from __future__ import annotations

from city_core.kit.problems import CityProblem


class CommandConflict(CityProblem):
    """What a person decided on has changed, since they saw it, in something that matters to their step."""

    def __init__(self, fields: tuple[str, ...], version: int, state: str) -> None:
        self.fields = fields
        self.version = version
        self.state = state
        allowed = f"version {version}, {state}; changed: {', '.join(fields)}"
        super().__init__("COMMAND_CONFLICT", field="baseVersion", allowed=allowed)
