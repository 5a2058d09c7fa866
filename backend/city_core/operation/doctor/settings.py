"""Looks at the settings: keys that are unset or derived, services that nobody is reached by."""

from __future__ import annotations

from city_core.operation.doctor.finding import Finding, Patient, Severity, fine

# Secrets of the settings; `keys list` tells which are set, never what they are.
SECRETS = (
    "token_private_key", "sign_key", "sign_key_before", "huawei_app_secret", "web_push_private_key",
    "wechat_app_secret", "sms_secret", "media_s3_access_key_id", "media_s3_secret_access_key",
)  # fmt: skip


async def look_at_keys(patient: Patient) -> list[Finding]:
    """Keys that have to outlive the city's one secret are set on their own."""
    settings = patient.city.settings
    if settings.sign_key is None:
        return [Finding(
            Severity.WARNING,
            "SIGN_KEY is not set: codes of printed signs stand on TOKEN_PRIVATE_KEY and die with it.",
            "Set SIGN_KEY before the first sign is printed, see .env.example.",
        )]  # fmt: skip
    return fine("Keys are set.")


async def look_at_services(patient: Patient) -> list[Finding]:
    """Somebody is reached by pushes and by text messages, at the address that phones know."""
    settings, found = patient.city.settings, []
    if settings.environment != "production":
        return [Finding(
            Severity.WARNING,
            "ENVIRONMENT is development: GraphiQL and any document are open, one-time codes are printed.",
            "Set ENVIRONMENT=production in a city.",
        )]  # fmt: skip
    if settings.push_gateway == "log":
        found.append(Finding(
            Severity.WARNING, "PUSH_GATEWAY is log: no phone is pushed to, people see tasks when they look.",
            "Set up fcm or providers, see backend/push-services.md.",
        ))  # fmt: skip
    if settings.sms_gateway == "log":
        found.append(Finding(
            Severity.FAULT, "SMS_GATEWAY is log: nobody gets a one-time code, so citizens cannot sign in.",
            "Set SMS_GATEWAY=http with SMS_ENDPOINT and SMS_SECRET, see backend/push-services.md.",
        ))  # fmt: skip
    if "127.0.0.1" in settings.public_url or "localhost" in settings.public_url:
        found.append(Finding(
            Severity.FAULT, f"PUBLIC_URL is {settings.public_url}: links lead phones to themselves.",
            "Set the address that phones reach the API at, https.",
        ))  # fmt: skip
    return found or fine("Pushes, text messages and the public address are set up.")
