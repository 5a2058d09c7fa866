"""Routing over GraphQL: cases that no rule could dispatch, trials of draft rules, proposed rules."""
