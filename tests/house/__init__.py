"""What the house looks like, read from its own files."""
