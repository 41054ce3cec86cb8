"""Who is asking: passwords, tokens, certificates, and the limit on attempts."""

import base64
import binascii
from collections.abc import Mapping
from time import monotonic
from typing import Final

from enn_desktop.demo.accounts import Account
from enn_desktop.demo.answers import Answer, ApiError, error_answer
from enn_desktop.demo.world import World

ATTEMPTS: Final = 5
WINDOW: Final = 60.0
"""Five attempts in a fixed minute (Pastell API, rate limiting)."""


class RateLimiter:
    """Counts attempts by login or by address, as the simulated version does."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[float, int]] = {}

    def used(self, key: str) -> int:
        """Return the attempts already made in the present minute."""
        start, count = self._windows.get(key, (0.0, 0))
        return count if monotonic() - start < WINDOW else 0

    def add(self, key: str) -> None:
        """Count one attempt."""
        start, count = self._windows.get(key, (0.0, 0))
        now = monotonic()
        self._windows[key] = (start, count + 1) if now - start < WINDOW else (now, 1)

    def forget(self, key: str) -> None:
        """Forget the attempts of a login or an address."""
        self._windows.pop(key, None)


class Gate:
    """Lets requests in, in the order of the real platform: certificate, token, password."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limiter = RateLimiter()
        self.certificates_are_on = world.profile.client_certificates
        """Whether a client certificate logs its owner in (4.0 and later must be told to)."""

    def attempt_key(self, headers: Mapping[str, str], address: str) -> str:
        """Return under which name this request counts, or an empty text when it does not."""
        rule = self.world.profile.rate_limit
        if rule == "none" or not headers.get("authorization", "").lower().startswith("basic "):
            return ""
        return address if rule != "login" else _basic(headers)[0]

    def begin(self, key: str) -> Answer | None:
        """Count a request that arrives; return the refusal when the minute is used up."""
        if not key:
            return None
        if self.limiter.used(key) >= ATTEMPTS:
            return error_answer(429, "Trop de tentatives de connexion", (("Retry-after", b"60"),))
        if self.world.profile.rate_limit != "address-failures":
            self.limiter.add(key)
        return None

    def settle(self, key: str, *, let_in: bool) -> None:
        """Take note of how the password check ended."""
        if not key:
            return
        if let_in and self.world.profile.rate_limit != "address-failures":
            self.limiter.forget(key)
        elif not let_in and self.world.profile.rate_limit == "address-failures":
            self.limiter.add(key)

    def account(self, headers: Mapping[str, str], certificate: str) -> Account:
        """Return the caller.

        Raises:
            ApiError: 401.
        """
        refused = ApiError(401, "Accès interdit")
        account = self._by_certificate(certificate) or self._by_header(headers, certificate)
        if account is None:
            raise refused
        if not account.active:
            raise ApiError(401, "Votre compte a été désactivé" if self.world.profile.at_least(4) else refused.message)
        return account

    def _by_certificate(self, certificate: str) -> Account | None:
        if not certificate or not self.certificates_are_on:
            return None
        owners = [account for account in self.world.accounts.values() if account.certificate == certificate]
        return owners[0] if len(owners) == 1 else None

    def _by_header(self, headers: Mapping[str, str], certificate: str) -> Account | None:
        header = headers.get("authorization", "")
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "bearer" and self.world.profile.tokens:
            return self.world.account_with_token(rest.strip())
        if scheme.lower() != "basic":
            return None
        login, password = _basic(headers)
        account = self.world.accounts.get(login)
        if account is None or account.password != password:
            return None
        return account if not account.certificate or account.certificate == certificate else None


def _basic(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return login and password; what is not UTF-8 opens nothing."""
    _, _, rest = headers.get("authorization", "").partition(" ")
    try:
        login, _, password = base64.b64decode(rest, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return login, password


def login_of(headers: Mapping[str, str]) -> str | None:
    """Return the login that a request gives, right or wrong, or `None`."""
    return _basic(headers)[0] or None
