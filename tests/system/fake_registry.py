"""The user's registry, in memory."""

from __future__ import annotations


class FakeRegistry:
    """The few keys that matter; ``locked`` as an administrator may have it."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}
        self.locked = False

    def read(self, key: str, name: str) -> str | bytes | None:
        return self.values.get((key, name))

    def write(self, key: str, name: str, value: str) -> None:
        if self.locked:
            raise PermissionError(5, "refused")
        self.values[key, name] = value

    def remove(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)
