"""A phone of the tests that speaks only the published contract, and the bad days that it has."""
