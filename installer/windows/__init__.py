"""The Windows product: what goes into it, its setup, its signatures."""
