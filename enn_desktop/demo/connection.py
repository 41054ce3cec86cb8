"""The connection under HTTP: exact head bytes, raw writes, resets, the peer's certificate."""

import asyncio
import socket
import struct
from collections.abc import Iterable, Mapping
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

KEPT_REQUESTS: Final = 100
"""Requests that Apache serves on one connection by default (MaxKeepAliveRequests)."""
SCOPE_KEY: Final = "enn.connection"


class Connection(asyncio.Transport):
    """A transport that can put other head bytes in the place of those that h11 wrote."""

    def __init__(self, inner: asyncio.Transport) -> None:
        super().__init__()
        self._inner = inner
        self._head: bytes | None = None
        self._waiting = b""
        self.served = 0
        raw = inner.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def replace_head(self, head: bytes) -> None:
        """Send these bytes instead of the next ones written, which are a status line and headers.

        h11 keeps header order only in part, and the real platform's order is what is simulated.
        """
        self._head = head

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write, the head being replaced once if asked for; it leaves with what follows it, in one packet."""
        if self._head is not None and data:
            self._waiting, self._head = self._head, None
            return
        if self._waiting:
            data, self._waiting = self._waiting + bytes(data), b""
        if data:
            self._inner.write(data)

    def write_raw(self, data: bytes) -> None:
        """Write bytes of a broken answer, past h11."""
        self._inner.write(data)

    def reset(self) -> None:
        """Cut the connection with a TCP reset: what was not sent yet is lost."""
        raw = self._inner.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._inner.abort()

    def certificate_name(self) -> str:
        """Return the common name of the peer's certificate, empty without one."""
        tls = self._inner.get_extra_info("ssl_object")
        shown: Mapping[str, Any] = (tls.getpeercert() or {}) if tls is not None else {}
        names = [value for entry in shown.get("subject", ()) for key, value in entry if key == "commonName"]
        return str(names[0]) if names else ""

    def close(self) -> None:
        """Close after what is still to be sent."""
        self._inner.close()

    def abort(self) -> None:
        """Close at once."""
        self._inner.abort()

    def is_closing(self) -> bool:
        """Tell whether the connection is being closed."""
        return self._inner.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - asyncio's own signature
        """Return what asyncio knows of the connection."""
        return self._inner.get_extra_info(name, default)

    def is_reading(self) -> bool:
        """Tell whether bytes are being received."""
        return self._inner.is_reading()

    def pause_reading(self) -> None:
        """Stop receiving."""
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        """Receive again."""
        self._inner.resume_reading()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Set when writers are asked to wait."""
        self._inner.set_write_buffer_limits(high, low)

    def get_write_buffer_size(self) -> int:
        """Return how many bytes wait to be sent."""
        return self._inner.get_write_buffer_size()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Write several pieces."""
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        """Close the writing side."""
        self._inner.write_eof()

    def can_write_eof(self) -> bool:
        """Tell whether the writing side can be closed alone."""
        return self._inner.can_write_eof()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection to another protocol."""
        self._inner.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Return the protocol that serves the connection."""
        return self._inner.get_protocol()


class PlatformProtocol(H11Protocol):
    """uvicorn's HTTP on h11, whose application can reach the connection under it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        """Put a `Connection` between uvicorn and the socket, and in the scope of each request."""
        connection = Connection(transport)
        application = self.app

        async def with_connection(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            scope[SCOPE_KEY] = connection
            connection.served += 1
            await application(scope, receive, send)

        self.app = with_connection
        super().connection_made(connection)
