"""Components 部件: the things of the city that stand in its grids."""
