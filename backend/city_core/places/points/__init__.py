"""Points 点位 of the layers of the map: toilets, parking, cameras, building sites and others."""
