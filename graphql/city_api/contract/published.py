"""The published contract as the running API keeps to it: trusted documents and client policies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from city_api.client_policy.policy import FILE, ClientPolicies, read_policies
from city_api.documents.manifests import PRESENT, BrokenManifest, read_manifests
from city_api.documents.trusted import TrustedDocuments
from city_api.limits import DocumentReader
from city_core.settings import Settings, WrongSetting

BESIDE_THE_CODE = Path(__file__).parents[3] / "mobile_contracts"


@dataclass(frozen=True)
class Published:
    """What this API promised to the phones."""

    documents: TrustedDocuments
    policies: ClientPolicies
    folder: Path

    def operations_of(self, app: str) -> Path:
        """Name the file with the operations of one app, for a page that this API serves itself."""
        return self.folder / "operations" / app / PRESENT


def open_published(settings: Settings, reader: DocumentReader) -> Published:
    """Read the contract and hold every supported manifest against the schema.

    Raises WrongSetting, one sentence for the operator, where something that phones rely on cannot be served.
    """
    folder = settings.mobile_contracts or BESIDE_THE_CODE
    try:
        trusted = read_manifests(folder, reader)
        policies = read_policies(folder)
    except BrokenManifest as broken:
        raise WrongSetting(str(broken)) from broken
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongSetting(f"{folder / FILE} cannot be kept to: {error}.") from error
    documents = TrustedDocuments(trusted, texts_too=settings.environment == "development")
    return Published(documents, policies, folder)
