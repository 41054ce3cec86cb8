"""``backup``: one run per account, stored or given on the command line."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from enn_desktop.backup.report import RunReport
from enn_desktop.cli.accounts import GivenAccount, stored_credentials
from enn_desktop.cli.desk import Desk
from enn_desktop.cli.output import Json
from enn_desktop.cli.reporting import as_json as report_json
from enn_desktop.cli.reporting import tell
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import EnnError, SettingsError
from enn_desktop.core.exits import ExitCode
from enn_desktop.core.settings import AccountSettings
from enn_desktop.pastell.address import base_address, in_clear
from enn_desktop.pastell.credentials import Credentials

log = logging.getLogger(__name__)


def backup(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    account: Annotated[str, typer.Option("--account", help="Un seul compte gardé.")] = "",
    url: Annotated[str, typer.Option("--url", help="Adresse de Pastell, sans compte gardé.")] = "",
    user: Annotated[str, typer.Option("--user", help="Identifiant Pastell.")] = "",
    password_env: Annotated[str, typer.Option(help="Variable qui contient le mot de passe.")] = "",
    token_env: Annotated[str, typer.Option(help="Variable qui contient un jeton.")] = "",
    cert: Annotated[Path | None, typer.Option("--cert", help="Certificat client (.pem, .p12, .pfx).")] = None,
    cert_password_env: Annotated[str, typer.Option(help="Variable du mot de passe du certificat.")] = "",
    to: Annotated[Path | None, typer.Option("--to", help="Dossier où récupérer.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Résultat pour un script.")] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", help="Pour une tâche planifiée : rien ne s’affiche si tout va bien, rien n’est demandé."
        ),
    ] = False,
) -> None:
    """Récupère tout ce que les comptes voient, et prouve que c’est complet.

    Pour une tâche planifiée, --quiet suffit : le code de retour dit tout, le journal aussi. La commande travaille sur
    toute connexion et sur batterie : c’est la tâche qui décide (enn-desktop task install --on-mains).
    """
    desk = Desk.of(context).speaking(as_json=as_json, quiet=quiet)
    given = GivenAccount(url, user, password_env, token_env, cert, cert_password_env)
    with stop_on_signal(desk.cancel):
        if url:
            code = run_one(desk, base_address(url), given.credentials(may_ask=not quiet), desk.folder(to))
        else:
            code = _run_stored(desk, account, to)
    raise typer.Exit(int(code))


def run_one(desk: Desk, address: str, credentials: Credentials, root: Path, identity: str = "") -> ExitCode:
    """Run one account and tell its report."""
    report = _report(desk, address, credentials, root, identity)
    _tell_one(desk, report)
    desk.speaker.data(report_json(report))
    return report.exit_code


def _tell_one(desk: Desk, report: RunReport) -> None:
    if desk.speaker.quiet and report.exit_code is not ExitCode.OK:
        desk.speaker.quiet = False
    tell(report, desk.speaker)


def _report(desk: Desk, address: str, credentials: Credentials, root: Path, identity: str = "") -> RunReport:
    if in_clear(address):
        desk.speaker.note("Attention : cette adresse n’est pas chiffrée (http). Demandez l’adresse en https à ENN.")
    workshop = desk.workshop()
    progress = desk.speaker.progress()
    workshop.progress = progress
    try:
        return workshop.back_up(address, credentials, root, identity)
    finally:
        progress.close()


def _run_stored(desk: Desk, name: str, to: Path | None) -> ExitCode:
    accounts = (desk.account(name),) if name else desk.settings.accounts
    if not accounts:
        message = "Aucun compte n’est gardé."
        advice = "Ajoutez-en un (enn-desktop account add), ou donnez --url, --user et --password-env."
        raise SettingsError(message, advice=advice)
    codes: list[ExitCode] = []
    reports: list[Json] = []
    for stored in accounts:
        desk.speaker.say(f"Compte « {stored.name} »")
        codes.append(_run_account(desk, stored, to, reports))
        if desk.cancel.cancelled:
            break
    worst = next((code for code in codes if code is not ExitCode.OK), ExitCode.OK)
    desk.speaker.data({"exit_code": int(worst), "accounts": reports})
    return worst


def _run_account(desk: Desk, stored: AccountSettings, to: Path | None, reports: list[Json]) -> ExitCode:
    """Run one stored account; its failure does not keep the others from their turn."""
    try:
        credentials = stored_credentials(stored, desk.vault, may_ask=not desk.speaker.quiet)
        report = _report(desk, stored.address, credentials, desk.folder(to, stored))
    except EnnError as error:
        log.info("Récupération non faite\u00a0: %s", error.code)
        if desk.speaker.as_json:
            reports.append({"account": stored.name, "exit_code": int(error.exit_code), "error": error.message})
        else:
            desk.speaker.error(error)
        return error.exit_code
    _tell_one(desk, report)
    reports.append({"account": stored.name, "report": report_json(report)})
    return report.exit_code


@contextmanager
def stop_on_signal(cancel: CancelToken) -> Iterator[None]:
    """Turn the first Ctrl-C, or a polite kill, into a clean stop; the second Ctrl-C stops at once."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        if cancel.cancelled:
            raise KeyboardInterrupt
        cancel.cancel()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
