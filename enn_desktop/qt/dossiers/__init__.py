"""The place « Dossiers »: every dossier ever seen, found as she types."""
