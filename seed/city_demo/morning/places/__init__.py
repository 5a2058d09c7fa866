"""What the morning shows of places 地点: signs, census, registries, what is near, where one is, the map."""
