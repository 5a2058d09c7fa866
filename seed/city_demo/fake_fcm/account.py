"""The identity with which the backend signs in at the fake push service."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PROJECT = "yiwang-demo"


def service_account(fake_url: str, *, project: str = PROJECT) -> dict[str, str]:
    """Issues a throw-away service account whose token endpoint is the fake and nothing else."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    email = f"push@{project}.iam.gserviceaccount.com"
    return {
        "type": "service_account",
        "project_id": project,
        "private_key_id": "throw-away",
        "private_key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "client_email": email,
        "client_id": "0",
        "token_uri": f"{fake_url}/token",
    }
