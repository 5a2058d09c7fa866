"""What phones keep of the city, as they pull it."""
