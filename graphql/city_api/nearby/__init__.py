"""What and who is near: points of the layers, components, officers; and where people say they are."""
