"""The audit log: readings of personal data, changes of rules, posts and rates; chained, append-only."""
