"""One file of one dossier, from the server to a sink, with every way it can go wrong named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import httpx

from enn_desktop.core import content
from enn_desktop.core.errors import BadDownload, EnnError, ServerBroken, ServerUnreachable
from enn_desktop.core.values import FileRef
from enn_desktop.pastell import answers
from enn_desktop.pastell.transport import Transport, retryable

S = TypeVar("S", bound="Sink")

ERROR_LIMIT = 1024 * 1024
"""Bytes of an error answer that are read."""


class Sink(Protocol):
    """Where bytes go as they come; a new one for each try."""

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        ...

    def discard(self) -> None:
        """Throw away what came; called when the download failed."""
        ...

    @property
    def sha256(self) -> str:
        """The hash of what came so far, in hexadecimal."""
        ...


@dataclass(frozen=True, slots=True)
class Received(Generic[S]):
    """A whole file, delivered to ``sink``; ``doubt`` says in French why it looks odd, if it does."""

    sink: S
    size: int
    content_type: str
    disposition: str
    doubt: str = ""


class Downloader:
    """Fetches files through one transport; ``limit`` is the size in bytes beyond which a file is refused."""

    def __init__(self, transport: Transport, limit: int) -> None:
        self._transport = transport
        self._limit = limit

    def fetch(self, path: str, ref: FileRef, open_sink: Callable[[], S]) -> Received[S]:
        """Return the file behind ``path``, complete, in a sink of its own.

        A doubtful content (a PDF without an end…) is asked for a second time: the same bytes twice are
        what the server holds, and are kept with the doubt said. Raises ``BadDownload``, ``FileAbsent``,
        ``DossierGone``, or a run error.
        """
        first = self._transport.with_retries(lambda: self._once(path, ref, open_sink))
        if not first.doubt:
            return first
        try:
            second = self._transport.with_retries(lambda: self._once(path, ref, open_sink))
        except EnnError:
            first.sink.discard()
            raise
        same = first.sink.sha256 == second.sink.sha256
        first.sink.discard()
        if second.doubt and not same:
            second.sink.discard()
            raise BadDownload(detail=f"{first.size} puis {second.size} octets, différents")
        return second

    def _once(self, path: str, ref: FileRef, open_sink: Callable[[], S]) -> Received[S]:
        with self._transport.request(path) as response:
            if response.status_code != httpx.codes.OK or self._looks_like_json_error(response):
                self._raise_error(response)
            sink = open_sink()
            try:
                return self._pour(response, ref, sink)
            except BaseException:
                sink.discard()
                raise

    def _pour(self, response: httpx.Response, ref: FileRef, sink: S) -> Received[S]:
        head, tail, size = b"", b"", 0
        content_type = response.headers.get("content-type", "")
        for chunk in self._transport.chunks(response):
            if len(head) < content.HEAD_SIZE:
                head += chunk[: content.HEAD_SIZE - len(head)]
            size += len(chunk)
            if size > self._limit:
                message = "La plateforme envoie un fichier sans fin, ou plus gros que permis."
                raise BadDownload(message, detail=f"plus de {self._limit} octets")
            sink.write(chunk)
            tail = (
                (tail + chunk)[-content.TAIL_SIZE :] if len(chunk) < content.TAIL_SIZE else chunk[-content.TAIL_SIZE :]
            )
        found = content.suspicion(ref.name, content_type, head, tail, size)
        if found is not None and found.certain:
            raise BadDownload(found.sentence, detail=f"{content_type}, {size} octets")
        return Received(
            sink,
            size,
            content_type,
            _raw_header(response, b"content-disposition"),
            doubt="" if found is None else found.sentence,
        )

    @staticmethod
    def _looks_like_json_error(response: httpx.Response) -> bool:
        """Whether a 200 is one of Pastell's errors: JSON or HTML, and not announced as a file."""
        kind = response.headers.get("content-type", "")
        announced = "content-disposition" in response.headers
        return not announced and kind.startswith(("application/json; charset", "text/html"))

    def _raise_error(self, response: httpx.Response) -> None:
        body = self._transport.read_bounded(response, ERROR_LIMIT)
        try:
            answers.read_json(response.status_code, body, response.headers.get("location", ""))
        except (ServerBroken, ServerUnreachable) as error:
            raise retryable(error) from error
        message = "La plateforme a répondu par un texte à la place du fichier."
        raise BadDownload(message, detail=f"HTTP {response.status_code}, {len(body)} octets")


def _raw_header(response: httpx.Response, name: bytes) -> str:
    """Return a header as the bytes were sent: UTF-8 if they are, else Latin-1."""
    value = next((v for k, v in response.headers.raw if k.lower() == name), b"")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def stored_name(disposition: str) -> str:
    """Return the stored name from a raw ``Content-disposition``, for dossiers whose detail is unreadable."""
    start = disposition.find('filename="')
    if start < 0:
        return ""
    return disposition[start + len('filename="') :].removesuffix('"')
