"""The one map 一张图: cases, components and layers of points in a part of it, clustered as the zoom asks
for."""
