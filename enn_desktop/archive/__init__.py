"""The only door to the documents folder: write, manifest, verify, repair. Deletes nothing, overwrites nothing."""
