"""The providers that carry hints to devices."""
