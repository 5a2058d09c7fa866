"""The city eye 城市之眼: cameras, drones and patrol cars hand in frames, people decide what they show."""
