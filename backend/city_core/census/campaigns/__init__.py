"""Census campaigns 专项普查: components of an area are checked, or found, within some days."""
