"""How we prove to a proxy who we are: the strongest of what it asks and we can (Negotiate, NTLM, Basic).

Negotiate (Kerberos, or NTLM inside) and NTLM are spoken by pyspnego: with what was typed for the proxy, otherwise, on
Windows, with the identity of the session, which asks the user nothing (RFC 4559, [MS-NTHT]).
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enn_desktop.pastell.proxy import Proxy

if TYPE_CHECKING:
    from spnego import ContextProxy

NEGOTIATE, NTLM, BASIC = "negotiate", "ntlm", "basic"
_OF_SESSION, _TYPED = (NEGOTIATE, NTLM), (NTLM, NEGOTIATE, BASIC)
"""In which order: a session may have a ticket, which only Negotiate shows; a name and a password have none."""
_WRITTEN = {NEGOTIATE: "Negotiate", NTLM: "NTLM"}
_SCHEME = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s+([^\s=,]+=*))?\s*$")
"""One scheme by itself, or with the token of a dialogue (token68, RFC 9110 §11.2)."""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def challenges_of(headers: Iterable[str]) -> dict[str, str]:
    """Return the schemes that ``Proxy-Authenticate`` headers ask for, in lower case, each with its token or nothing."""
    found: dict[str, str] = {}
    for header in headers:
        for part in _QUOTED.sub("quoted", header).split(","):
            whole = _SCHEME.match(part)
            with_parameters = re.match(r"\s*([A-Za-z][\w-]*)\s+[\w-]+\s*=", part)
            if whole is not None:
                found.setdefault(whole[1].lower(), whole[2] or "")
            elif with_parameters is not None:
                found.setdefault(with_parameters[1].lower(), "")
    return found


@dataclass(slots=True)
class Identity:
    """One dialogue with one proxy, on one connection at a time."""

    proxy: Proxy
    host: str
    """The proxy's own name, which Kerberos needs."""
    judged: bool = False
    """Whether the proxy has seen what proves a password: it is shown once, for more tries may lock the account."""
    _scheme: str = ""
    _context: ContextProxy | None = None
    _left: tuple[str, ...] | None = None
    """The schemes that were not tried yet; ``None`` before the first."""

    @property
    def under_way(self) -> bool:
        """Whether the dialogue depends on this very connection: on a new one it would have to begin again."""
        return self._context is not None and self.judged

    def reply(self, challenges: dict[str, str]) -> str | None:
        """Return the next ``Proxy-Authorization``, ``None`` when the proxy has refused us or asks what we cannot."""
        token = challenges.get(self._scheme, "")
        if self._context is not None and token and not self._context.complete:
            going_on = self._step(token)
            if going_on is not None:
                self.judged = True
                return going_on
        if self.judged:
            return None
        return self._begin(challenges)

    def _begin(self, challenges: dict[str, str]) -> str | None:
        asked = challenges or {BASIC: ""}
        if self._left is None:
            self._left = _OF_SESSION if self.proxy.credentials is None else _TYPED
        while self._left:
            scheme, *left = self._left
            self._left = tuple(left)
            self._scheme, self._context = scheme, None
            begun = self._first(scheme) if scheme in asked else None
            if begun is not None:
                return begun
        return None

    def _first(self, scheme: str) -> str | None:
        typed = self.proxy.credentials
        if scheme == BASIC and typed is not None:
            self.judged = True
            return "Basic " + base64.b64encode(":".join(typed).encode()).decode()
        if typed is None and not self.proxy.session_identity:
            return None
        self._context = _new_context(scheme, self.host, typed)
        return self._step("") if self._context is not None else None

    def _step(self, token: str) -> str | None:
        from spnego.exceptions import SpnegoError

        context = self._context
        if context is None:
            return None
        try:
            answer = context.step(base64.b64decode(token, validate=True) if token else None)
        except (SpnegoError, binascii.Error, ValueError, OSError):
            # No ticket, no such protocol on this computer, or an answer that is none: the next scheme may do.
            answer = None
        if not answer:
            self._context = None
            return None
        return f"{_WRITTEN[self._scheme]} {base64.b64encode(answer).decode()}"


def _new_context(scheme: str, host: str, typed: tuple[str, str] | None) -> ContextProxy | None:
    import spnego
    from spnego.exceptions import SpnegoError

    # At its finest, its log holds the tokens: what proves a password has no place in a file.
    logging.getLogger("spnego").setLevel(logging.WARNING)
    # What was typed goes through the library's own NTLM, the same on every system; the session's identity is Windows'.
    own = typed is not None and scheme == NTLM
    user, password = typed or (None, None)
    try:
        # No flag: nothing is signed or encrypted by it afterwards, and the identity is never lent (delegated).
        return spnego.client(
            user,
            password,
            hostname=host,
            service="HTTP",
            protocol=scheme,
            context_req=spnego.ContextReq.none,
            options=spnego.NegotiateOptions.use_ntlm if own else spnego.NegotiateOptions.none,
        )
    except (SpnegoError, ValueError, OSError, ImportError):
        return None
