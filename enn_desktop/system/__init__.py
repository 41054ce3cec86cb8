"""What differs from one operating system to another; nothing else asks which one it is."""
