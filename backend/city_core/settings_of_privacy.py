"""What an operator can set about what people are told of their data."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class PrivacySettings(BaseSettings):
    """The city's own privacy notice, in the place of the one that comes along."""

    privacy_notices: Path | None = Field(
        None, description="File of the city's own privacy notice, as privacy/notices.toml; unset: that one."
    )
