"""Requests 申请 of the posts: extension, suspension, voiding, forced close, appeal; and their review."""
