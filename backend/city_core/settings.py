"""What an operator can set, all of it through the environment; `.env.example` lists every name."""

from __future__ import annotations

import base64
import ipaddress
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from city_core.secret_checks import weak_secrets
from city_core.settings_of_audit import AuditSettings
from city_core.settings_of_limits import LimitSettings
from city_core.settings_of_pressure import PressureSettings
from city_core.settings_of_privacy import PrivacySettings
from city_core.settings_of_watching import WatchingSettings


class Settings(AuditSettings, PrivacySettings, PressureSettings, LimitSettings, WatchingSettings):
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
    access_token_minutes: int = Field(15, ge=1, le=15, description="How long an access token lasts, minutes.")
    refresh_token_days: int = Field(30, ge=1, le=180, description="How long a phone may be silent, days.")
    one_time_codes_per_hour: int = Field(5_000, ge=1, description="Most one-time codes sent in an hour.")
    claims_per_hour: int = Field(2_000, ge=1, description="Most new anonymous reporters in an hour.")
    trusted_proxies: str = Field(
        "", description="Addresses or networks, comma between, whose X-Forwarded-For is believed."
    )
    import_limit_bytes: int = Field(
        256 * 2**20, ge=1_000, le=2**30, description="Largest file of places that is taken in, bytes."
    )
    public_url: str = Field("http://127.0.0.1:8080", description="Address that phones reach the API at.")
    sign_key: SecretStr | None = Field(
        None,
        description="32 random bytes, base64: signs codes of QR signs; unset: a derived one.",
    )
    sign_key_before: SecretStr | None = Field(None, description="The one before: its signs stay good.")
    sign_app_link: str = Field(
        "yiwang://report?sign={code}",
        description="Opens the app at a report from the sign {code}.",
    )
    sign_wechat_page: str = Field(
        "pages/report/report", description="Page of the mini-program that a sign opens, with sign=CODE."
    )
    sign_font: Path | None = Field(
        None, description="TrueType font with Chinese letters for sheets of signs; unset: that of the reader."
    )
    environment: Literal["development", "production"] = Field(
        "production", description="development opens GraphiQL, the schema and any document, and prints codes."
    )
    mobile_contracts: Path | None = Field(
        None, description="Folder of another published contract; unset: the one beside the code."
    )
    push_gateway: Literal["log", "fcm", "providers"] = Field(
        "log",
        description="log: only noted; fcm: FCM and what else is set up; providers: all set up.",
    )
    fcm_service_account: Path | None = Field(None, description="File of the FCM service account.")
    fcm_endpoint: str | None = Field(None, description="Another FCM address, for trying out and tests.")
    huawei_app_id: str | None = Field(None, description="OAuth 2.0 client id of the app at Huawei Push Kit.")
    huawei_app_secret: SecretStr | None = Field(None, description="Its secret.")
    huawei_endpoint: str = Field("https://push-api.cloud.huawei.com", description="Address of Push Kit.")
    huawei_token_endpoint: str = Field(
        "https://oauth-login.cloud.huawei.com", description="Address of Huawei's OAuth 2.0."
    )
    web_push_private_key: SecretStr | None = Field(
        None, description="P-256 key of 32 bytes, base64url: signs pushes to browsers (VAPID)."
    )
    web_push_contact: str = Field("", description="mailto: or https: that push services can reach us at.")
    web_push_hosts: str = Field(
        "fcm.googleapis.com,updates.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com",
        description="Push services of browsers that hints may go to; *.name for all below a name.",
    )
    wechat_app_id: str | None = Field(None, description="AppID of the WeChat mini-program.")
    wechat_app_secret: SecretStr | None = Field(None, description="Its AppSecret.")
    wechat_template_id: str | None = Field(None, description="Template of its subscribe messages.")
    wechat_template_field: str = Field("thing1", description="Keyword of the template, of the kind thing.")
    wechat_page: str = Field("pages/inbox/inbox", description="Page of the mini-program that a hint opens.")
    wechat_endpoint: str = Field("https://api.weixin.qq.com", description="Address of WeChat's API.")
    sms_gateway: Literal["log", "http"] = Field("log", description="How text messages reach phones.")
    sms_endpoint: str | None = Field(None, description="Address of the city's text-message platform.")
    sms_secret: SecretStr | None = Field(None, description="Signs what the platform is told (HMAC-SHA256).")
    detection_weights: Path | None = Field(None, description="Another YOLO model; unset: the shipped one.")
    detection_engine: Literal["auto", "torch", "onnx"] = Field(
        "auto", description="auto: a graphics card if there is one, else ONNX if exported, else torch."
    )
    detection_threads: int = Field(1, ge=1, le=64, description="Processor threads that the model takes.")
    detection_queue_limit: int = Field(
        500, ge=1, description="Photos waiting for detection from which on machines are asked to wait."
    )
    detection_models: Path | None = Field(
        None, description="Folder of the city's own models; unset: those that ship."
    )
    detection_patience_seconds: float = Field(
        0.6, ge=0, le=60, description="How long a report waits for advice before it goes on, seconds."
    )
    work_lease_seconds: int = Field(30, ge=1, le=600, description="How long claimed work stays claimed.")
    work_sweep_seconds: float = Field(2.0, gt=0, le=60, description="Pause between two sweeps, seconds.")
    held_command_minutes: float = Field(
        10, gt=0, le=1440, description="How long a queued command waits for an earlier one, minutes."
    )
    upload_limit_bytes: int = Field(25_000_000, ge=1_000, description="Largest photo, bytes.")
    most_sockets: int = Field(
        5000, ge=1, le=100_000, description="Most open WebSocket connections of one API process."
    )
    upload_memory_bytes: int = Field(
        200_000_000, ge=1_000, description="Bytes of photos on their way that one process holds at most."
    )
    most_open_uploads: int = Field(
        100, ge=1, description="Most uploads that one person may have begun and not finished."
    )
    most_photos_a_day: int = Field(2_000, ge=1, description="Most photos that one person may send in a day.")
    upload_days: int = Field(7, ge=2, le=60, description="How long an upload can go on, days.")
    orphan_days: int = Field(
        7, ge=7, le=365, description="How long a photo waits for its report before it is forgotten, days."
    )
    eye_frame_days: int = Field(
        8, ge=8, le=90, description="How long a frame of a machine that shows nothing is kept, days."
    )
    eye_find_days: int = Field(
        30, ge=8, le=365, description="How long a frame that shows something is kept, days."
    )
    original_days: int = Field(
        365, ge=30, le=3_650, description="How long originals of photos outlive their cases, days."
    )
    media_store: Literal["gridfs", "s3"] = Field("gridfs", description="Where new photos are kept.")
    media_s3_bucket: str | None = Field(None, description="Bucket of an S3-compatible store.")
    media_s3_endpoint: str | None = Field(
        None, description="Its address, https; http only in development. Unset: Amazon's."
    )
    media_s3_region: str = Field("us-east-1", description="Its region.")
    media_s3_access_key_id: SecretStr | None = Field(None, description="Its key id.")
    media_s3_secret_access_key: SecretStr | None = Field(None, description="Its secret key.")
    auto_file: bool = Field(True, description="Clear reports are filed by rule, without a seat.")
    auto_dispatch: bool = Field(True, description="Filed cases are dispatched by rule, without a dispatcher.")
    auto_close: bool = Field(False, description="Cases that passed their check are closed by rule.")
    fault_points: str = Field(
        "", description="For tests only, refused in production: where a process dies, as push.sent=kill."
    )
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

    @field_validator("sign_key", "sign_key_before")
    @classmethod
    def _must_be_random_bytes(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                key = base64.b64decode(value.get_secret_value(), validate=True)
            except ValueError as error:
                raise ValueError("keys of signs must be base64") from error
            if len(key) < 32 or len(set(key)) < 16:
                raise ValueError("keys of signs must be at least 32 random bytes in base64")
        return value

    @field_validator("sign_font")
    @classmethod
    def _must_be_a_file(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("SIGN_FONT must be a file")
        return value

    @field_validator("sign_app_link")
    @classmethod
    def _must_lead_to_a_sign(cls, value: str) -> str:
        if value.count("{code}") != 1 or not re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"']+", value):
            raise ValueError("SIGN_APP_LINK must be an address with {code} in it once")
        if value.startswith(("javascript:", "data:", "vbscript:")):
            raise ValueError("SIGN_APP_LINK must lead to an app")
        return value

    @field_validator("web_push_private_key")
    @classmethod
    def _must_be_a_p256_key(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value is not None else ""
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{43}=?", text):
            raise ValueError("WEB_PUSH_PRIVATE_KEY must be 32 random bytes in base64url")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _must_be_networks(cls, value: str) -> str:
        for network in filter(None, (part.strip() for part in value.split(","))):
            ipaddress.ip_network(network, strict=False)
        return value

    @model_validator(mode="after")
    def _must_reach_its_store(self) -> Settings:
        needed = (self.media_s3_bucket, self.media_s3_access_key_id, self.media_s3_secret_access_key)
        if self.media_store == "s3" and not all(needed):
            raise ValueError("MEDIA_STORE=s3 needs MEDIA_S3_BUCKET, its key id and its secret key")
        endpoint = self.media_s3_endpoint or "https://"
        if not endpoint.startswith("https://") and self.environment == "production":
            raise ValueError("MEDIA_S3_ENDPOINT must be https in production")
        return self

    @model_validator(mode="after")
    def _must_keep_secrets_in_production(self) -> Settings:
        if self.environment == "production":
            for name, fault in weak_secrets(self):
                raise ValueError(f"{name} {fault}; draw another one at random")
        return self


class WrongSetting(Exception):
    """A setting that the city cannot run with; the message is one sentence for the operator."""


def read_settings() -> Settings:
    """Read the operator's switches from the environment, or say which one is wrong."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        reason = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            raise WrongSetting(f"The settings are not right: {reason} (see .env.example).") from None
        name = str(first["loc"][0]).upper()
        raise WrongSetting(f"The setting {name} is not right: {reason} (see .env.example).") from None
