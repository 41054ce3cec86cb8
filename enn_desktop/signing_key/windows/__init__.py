"""What Windows itself says of keys and cards: asked through its own libraries, never changed, never with a PIN."""
