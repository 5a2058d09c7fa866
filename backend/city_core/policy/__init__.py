"""The policy: who may do what with which thing, as a question and as a MongoDB filter, from one table."""
