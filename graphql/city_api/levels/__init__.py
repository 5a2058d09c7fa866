"""The three-level loop 三级循环 as phones see it."""
