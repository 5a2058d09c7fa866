"""Census of components 专项普查: campaigns with areas, people, progress and a map of what is covered."""
