"""The register of stored fields, consents, copies and deletion of one person's data, retention."""
