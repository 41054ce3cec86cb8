"""Is the signing key reachable, usable, and for how long; it only looks, and never asks for a PIN."""
