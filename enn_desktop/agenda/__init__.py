"""What the secretary has to know, worked out from the catalogues alone: no network, no Qt."""
