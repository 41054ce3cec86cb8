"""The set-up, told what is missing on a machine."""
