"""The place « À faire »: what may be lost and when, what waits for someone here, what is in trouble."""
