"""Whom to call about an error: one mapping, from the error's code to a contact of the policy."""

from __future__ import annotations

from enn_desktop.core import errors
from enn_desktop.core.errors import EnnError
from enn_desktop.core.policy import Contact, Policy

ENN, CONTRACTOR = "enn", "prestataire"
OF_CODE = {
    errors.DossierError.code: ENN,
    errors.FileAbsent.code: ENN,
    errors.BadDownload.code: ENN,
    errors.DoubtfulFile.code: ENN,
    errors.DossierUnreadable.code: ENN,
    errors.DossierForbidden.code: ENN,
    errors.AuthenticationRefused.code: ENN,
    errors.PortalInTheWay.code: ENN,
    errors.ServerUnreachable.code: ENN,
    errors.ServerBroken.code: ENN,
    errors.TooManyRequests.code: ENN,
    errors.RequestRefused.code: ENN,
    errors.RunError.code: ENN,
    errors.EnnError.code: ENN,
    errors.StorageError.code: CONTRACTOR,
    errors.StorageItemError.code: CONTRACTOR,
    errors.CatalogueError.code: ENN,
    "catalogue-abime": ENN,
    errors.VaultError.code: CONTRACTOR,
    errors.SettingsError.code: CONTRACTOR,
}
"""Code → contact; the errors that are not here need nobody: a stop asked for, a run going on, a window she ends."""
NEEDS_NOBODY = {errors.Cancelled.code, errors.FolderBusy.code, errors.DossierGone.code, errors.WindowHangs.code}


def contact_for(error: EnnError, policy: Policy) -> Contact | None:
    """Return whom to call about an error, ``None`` where nobody has to be called or the policy names nobody."""
    if "proxy" in f"{error.message} {error.advice}".lower():
        return policy.contact(CONTRACTOR)
    return policy.contact(OF_CODE.get(error.code, "")) if error.code not in NEEDS_NOBODY else None
