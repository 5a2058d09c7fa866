"""Photos as evidence, as phones see and give it."""
