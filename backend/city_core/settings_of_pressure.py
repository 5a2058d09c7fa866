"""What an operator can set about how much one process takes on at a time."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class PressureSettings(BaseSettings):
    """Beyond these an API process asks clients to come again, instead of letting a queue grow."""

    most_requests_at_once: int = Field(
        48, ge=1, le=1_000, description="Requests that one API process works on at a time."
    )
    most_requests_waiting: int = Field(
        400, ge=0, le=10_000, description="Requests that may wait for their turn in one process."
    )
    longest_wait_seconds: float = Field(
        3.0, gt=0, le=30, description="How long a request waits for its turn, seconds."
    )
    most_files_at_once: int = Field(
        3,
        ge=1,
        le=100,
        description="Files of registries and sheets that one process makes or takes at a time.",
    )
    import_queue_limit: int = Field(
        20, ge=1, le=10_000, description="Imports waiting from which on further files are asked to wait."
    )
    photo_queue_limit: int = Field(
        2_000,
        ge=1,
        le=1_000_000,
        description="Photos waiting to be developed or looked at from which on those of citizens wait.",
    )
    photo_queue_minutes: float = Field(
        10.0, gt=0, le=60, description="Minutes that photos may wait until those of citizens wait."
    )
    drain_seconds: float = Field(
        12.0, ge=1, le=15, description="How long a stopping process finishes what it has begun, seconds."
    )
