"""What the city keeps about people: the register of fields, consents, copies and deletion, retention."""
