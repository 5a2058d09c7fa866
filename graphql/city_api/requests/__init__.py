"""Requests 申请 of the posts, returns, and handling on the spot, as phones see them."""
