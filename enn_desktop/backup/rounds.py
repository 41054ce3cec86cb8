"""One round: every account in turn, each on its own; what stops one does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from enn_desktop.backup.accounts import credentials_of
from enn_desktop.backup.assembly import Workshop
from enn_desktop.backup.report import Outcome, RunReport
from enn_desktop.core.errors import Cancelled, EnnError, StorageError, VaultError
from enn_desktop.core.french import count
from enn_desktop.core.settings import AccountSettings

Secrets = Callable[[AccountSettings], str | None]


@dataclass(frozen=True, slots=True)
class AccountResult:
    """How one account's run went. ``secret_missing``: nobody was there to type the password."""

    account_name: str
    report: RunReport | None = None
    error: EnnError | None = None
    secret_missing: bool = False

    @property
    def stopped_by(self) -> EnnError | None:
        """What stopped this account's run, if something did."""
        return self.report.stopped_by if self.report is not None else self.error


@dataclass(frozen=True, slots=True)
class RoundReport:
    """How all accounts' runs went, in their order."""

    results: tuple[AccountResult, ...]

    @property
    def reports(self) -> tuple[RunReport, ...]:
        """The runs that took place."""
        return tuple(result.report for result in self.results if result.report is not None)

    @property
    def fetched_dossiers(self) -> int:
        """Dossiers brought home or completed."""
        return sum(report.tally.fetched_dossiers for report in self.reports)

    @property
    def fetched_files(self) -> int:
        """Files brought home."""
        return sum(report.tally.fetched_files for report in self.reports)

    @property
    def fetched_bytes(self) -> int:
        """Bytes brought home."""
        return sum(report.tally.fetched_bytes for report in self.reports)

    @property
    def failures(self) -> int:
        """What is still open after the round."""
        return sum(len(report.failures) for report in self.reports)

    @property
    def first_error(self) -> EnnError | None:
        """What stopped the first account that was stopped, but a stop that was asked for."""
        found = (result.stopped_by for result in self.results)
        return next((error for error in found if error is not None and not isinstance(error, Cancelled)), None)

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return any(report.outcome is Outcome.CANCELLED for report in self.reports) or any(
            isinstance(result.error, Cancelled) for result in self.results
        )

    @property
    def outcome(self) -> Outcome:
        """How the round ended as a whole: its worst part."""
        if self.cancelled:
            return Outcome.CANCELLED
        if self.first_error is not None:
            return Outcome.STOPPED
        partial = any(report.outcome is Outcome.PARTIAL for report in self.reports)
        return Outcome.PARTIAL if partial else Outcome.COMPLETE

    def sentence(self) -> str:
        """Say what was brought home and what is missing."""
        dossiers = count(self.fetched_dossiers, "dossier récupéré", "dossiers récupérés")
        missing = f", {count(self.failures, 'manque')}" if self.failures else ""
        if self.cancelled:
            return f"Arrêt à votre demande\u00a0: {dossiers}. Le reste sera repris à la prochaine récupération."
        if self.first_error is not None:
            return f"La récupération s’est arrêtée\u00a0: {dossiers}."
        if not self.fetched_dossiers:
            return f"Rien de nouveau{missing}." if missing else "Rien de nouveau\u00a0: tout était déjà là."
        return f"{dossiers}{missing}."


def run_round(
    workshop: Workshop,
    accounts: tuple[AccountSettings, ...],
    folder_of: Callable[[AccountSettings], Path],
    secrets: Secrets,
    *,
    identity: str = "",
) -> RoundReport:
    """Bring home what every account sees; each account's end is in the report, nothing is raised.

    ``identity`` names the platform where its address says nothing (demonstration).
    """
    results: list[AccountResult] = []
    unusable: set[Path] = set()
    for account in accounts:
        root = folder_of(account)
        if workshop.cancel.cancelled:
            results.append(AccountResult(account.name, error=Cancelled()))
        elif root not in unusable:
            results.append(_run(workshop, account, root, secrets, identity))
            if isinstance(results[-1].stopped_by, StorageError):
                unusable.add(root)
    return RoundReport(tuple(results))


def _run(workshop: Workshop, account: AccountSettings, root: Path, secrets: Secrets, identity: str) -> AccountResult:
    secret = secrets(account)
    if secret is None:
        message = f"Le mot de passe du compte «\u00a0{account.name}\u00a0» n’est pas dans le trousseau."
        error = VaultError(message, advice="Ouvrez la fenêtre et tapez-le, puis relancez la récupération.")
        return AccountResult(account.name, error=error, secret_missing=True)
    try:
        report = workshop.back_up(account.address, credentials_of(account, secret), root, identity)
    except EnnError as error:
        return AccountResult(account.name, error=error)
    return AccountResult(account.name, report)
