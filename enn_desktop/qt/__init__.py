"""The window: shows values, sends intentions. Rules, paths and dates live elsewhere."""
