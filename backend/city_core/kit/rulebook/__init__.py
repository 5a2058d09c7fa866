"""Rules of the city as data with versions: tables published whole, checked first, never changed after."""
