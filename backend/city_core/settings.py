"""What an operator can set, all of it through the environment; `.env.example` lists every name."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The switches of one running city, read once at start-up and handed on, never read at import time."""

    # A wrong value may be a secret: no message repeats it. A setting left empty is not set.
    model_config = SettingsConfigDict(
        env_file=None, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    mongodb_url: str = Field("mongodb://127.0.0.1:27017/?replicaSet=rs0", description="The truth.")
    mongodb_database: str = Field("yiwang", description="Name of the database.")
    redis_url: str = Field("redis://127.0.0.1:6379/0", description="Wakes and channels; may be lost.")
    token_private_key: SecretStr = Field(
        ..., description="Ed25519 seed of 32 bytes, base64: signs access tokens."
    )
    access_token_minutes: int = Field(720, ge=5, le=1440, description="How long a sign-in lasts, minutes.")
    public_url: str = Field("http://127.0.0.1:8080", description="Address that phones reach the API at.")
    environment: Literal["development", "production"] = Field(
        "production", description="development opens GraphiQL and the schema, and prints one-time codes."
    )
    push_gateway: Literal["log", "fcm"] = Field("log", description="How hints reach phones.")
    fcm_service_account: Path | None = Field(None, description="File of the FCM service account.")
    fcm_endpoint: str | None = Field(None, description="Another FCM address, for trying out and tests.")
    detection_weights: Path | None = Field(None, description="Another YOLO model; unset: the shipped one.")
    detection_patience_seconds: float = Field(
        0.6, ge=0, le=60, description="How long a report waits for advice before it goes on, seconds."
    )
    work_lease_seconds: int = Field(30, ge=1, le=600, description="How long claimed work stays claimed.")
    work_sweep_seconds: float = Field(2.0, gt=0, le=60, description="Pause between two sweeps, seconds.")
    held_command_minutes: float = Field(
        10, gt=0, le=1440, description="How long a queued command waits for an earlier one, minutes."
    )
    upload_limit_bytes: int = Field(25_000_000, ge=1_000, description="Largest photo, bytes.")
    auto_file: bool = Field(True, description="Clear reports are filed by rule, without a seat.")
    auto_dispatch: bool = Field(True, description="Filed cases are dispatched by rule, without a dispatcher.")
    auto_close: bool = Field(False, description="Cases that passed their check are closed by rule.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level logged.")

    @field_validator("token_private_key")
    @classmethod
    def _must_be_an_ed25519_seed(cls, value: SecretStr) -> SecretStr:
        try:
            seed = base64.b64decode(value.get_secret_value(), validate=True)
        except ValueError as error:
            raise ValueError("TOKEN_PRIVATE_KEY must be base64") from error
        if len(seed) != 32 or len(set(seed)) < 8:
            raise ValueError("TOKEN_PRIVATE_KEY must be 32 random bytes in base64")
        return value


class WrongSetting(Exception):
    """A setting that the city cannot run with; the message is one sentence for the operator."""


def read_settings() -> Settings:
    """Read the operator's switches from the environment, or say which one is wrong."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise WrongSetting(f"The setting {name} is not right: {first['msg']} (see .env.example).") from None
