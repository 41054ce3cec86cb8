"""Makes the Windows product: Python, the components and the program in one folder, checked file by file."""
