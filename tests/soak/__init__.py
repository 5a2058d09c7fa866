"""Mixed load for as long as one likes, to see whether memory or waiting times creep up: `make soak`."""
