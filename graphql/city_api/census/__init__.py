"""Census campaigns 专项普查 as phones and desks see them."""
