"""The way out of the town hall's network."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy to go through: ``url`` is ``http://host:port``. ``direct``: none, whatever the environment says.

    The password never shows in ``repr``, and goes to the proxy alone (Proxy-Authorization, Basic).
    """

    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    direct: bool = False

    @property
    def credentials(self) -> tuple[str, str] | None:
        """What the proxy asks for, ``None`` where it asks for nothing."""
        return (self.user, self.password) if self.user else None
