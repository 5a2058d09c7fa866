"""The limits that an operator can set."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class LimitSettings(BaseSettings):
    """How much may be asked, and how long it may take."""

    operation_seconds: float = Field(
        5.0, gt=0, le=60, description="How long one GraphQL operation may take, its reads included, seconds."
    )
    file_seconds: float = Field(
        30.0,
        gt=0,
        le=600,
        description="How long an answer with a file, or to one that was sent, may take to begin, seconds.",
    )
    rate_scale: float = Field(
        1.0, gt=0, le=1_000_000, description="Widens all limits of rate, or narrows them below 1."
    )
    cost_scale: float = Field(
        1.0,
        ge=0.5,
        le=1_000,
        description="Widens what one GraphQL operation may cost, for consoles of one's own.",
    )
    citizen_reports_an_hour: int = Field(20, ge=1, description="Most reports of one citizen in an hour.")
    citizen_reports_a_day: int = Field(
        50, ge=1, le=1_000, description="Most reports of one citizen in a day."
    )
