"""What an operator can set about the audit log."""

from __future__ import annotations

import base64

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings


class AuditSettings(BaseSettings):
    """The keys of the audit log, which no database holds."""

    audit_key: SecretStr | None = Field(
        None,
        description="32 random bytes, base64: seals the audit log; unset: a derived one.",
    )
    audit_key_before: SecretStr | None = Field(None, description="The one before: its rows stay good.")

    @field_validator("audit_key", "audit_key_before")
    @classmethod
    def _must_be_random(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                key = base64.b64decode(value.get_secret_value(), validate=True)
            except ValueError as error:
                raise ValueError("keys of the audit log must be base64") from error
            if len(key) < 32 or len(set(key)) < 16:
                raise ValueError("keys of the audit log must be at least 32 random bytes in base64")
        return value
