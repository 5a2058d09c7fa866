"""Components 部件 as phones see and change them."""
