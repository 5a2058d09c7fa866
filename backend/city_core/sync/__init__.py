"""What phones keep of the city, brought up to date by deltas."""
