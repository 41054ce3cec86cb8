"""enn-desktop brings home every document that a Pastell platform holds for a town hall, and proves it."""

__version__ = "0.1.0"
