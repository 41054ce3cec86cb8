"""Which warning a certificate's end calls for, once per threshold. Pure; joined by the daily notification."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from enn_desktop.core import french
from enn_desktop.core.french import long_date
from enn_desktop.core.platform_time import to_platform

THRESHOLDS = (90, 30, 7)
"""Days before the end; the last level is the end itself."""
PAST = len(THRESHOLDS) + 1


@dataclass(frozen=True, slots=True)
class CertificateWarning:
    """A certificate near its end: ``key`` is a hash; ``level`` 1 to 4 (90, 30, 7 days, past), like other reminders."""

    key: str
    level: int
    ends: date
    days_left: int


def certificate_warning(fingerprint: str, not_after: datetime, now: datetime) -> CertificateWarning | None:
    """Return the threshold that was reached, ``None`` before the first. Both moments are aware; days are local."""
    ends = to_platform(not_after).date()
    left = (ends - to_platform(now).date()).days
    level = PAST if now > not_after else sum(left <= threshold for threshold in THRESHOLDS)
    key = hashlib.sha256(f"certificat\n{fingerprint}".encode()).hexdigest()[:16]
    return CertificateWarning(key, level, ends, left) if level else None


def due_warning(
    fingerprint: str, not_after: datetime, now: datetime, told: Mapping[str, int]
) -> CertificateWarning | None:
    """Return the warning to give now: that of a threshold higher than the one in ``told`` (key → level)."""
    found = certificate_warning(fingerprint, not_after, now)
    return found if found is not None and found.level > told.get(found.key, 0) else None


def warning_text(warning: CertificateWarning) -> str:
    """Return what to say in a notification: no name in it, for it may show on a locked screen."""
    if warning.level == PAST:
        return (
            f"Le certificat de signature a expiré le {long_date(warning.ends)}. Il ne permet plus ni de signer ni de "
            "télétransmettre."
        )
    left = french.days_left(warning.days_left)
    return (
        f"Le certificat de signature expire le {long_date(warning.ends)} ({left}). Le renouvellement demande souvent "
        "plusieurs semaines."
    )
