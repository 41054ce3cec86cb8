"""The other services, asked for real on this computer."""
