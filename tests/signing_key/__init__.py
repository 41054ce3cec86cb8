"""The signing key, looked at on real card services, virtual cards and pretended USB keys."""
