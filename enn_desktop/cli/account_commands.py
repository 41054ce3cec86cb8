"""``account add | list | test | remove``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from enn_desktop.backup.accounts import credentials_of
from enn_desktop.backup.connection_test import try_connection
from enn_desktop.cli.accounts import ask_secret, secret_from, stored_credentials
from enn_desktop.cli.desk import Desk
from enn_desktop.cli.french_typer import FrenchCommand, FrenchGroup
from enn_desktop.core.errors import SettingsError, VaultError
from enn_desktop.core.settings import AccountSettings
from enn_desktop.pastell.address import base_address, in_clear
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.system.settings_store import save_settings

app = typer.Typer(help="Les comptes gardés : ajouter, lister, essayer, retirer.", no_args_is_help=True, cls=FrenchGroup)
Name = Annotated[str, typer.Argument(help="Nom du compte, par exemple « Valbrume ».", metavar="NOM")]


@app.command("add", cls=FrenchCommand)
def add(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    name: Name,
    url: Annotated[str, typer.Option("--url", help="Adresse de Pastell.")],
    user: Annotated[str, typer.Option("--user", help="Identifiant Pastell.")] = "",
    password_env: Annotated[str, typer.Option(help="Variable qui contient le mot de passe.")] = "",
    token_env: Annotated[str, typer.Option(help="Variable qui contient un jeton (Pastell 4 et plus).")] = "",
    token: Annotated[bool, typer.Option("--token", help="Demander un jeton au lieu d’un mot de passe.")] = False,
    cert: Annotated[Path | None, typer.Option("--cert", help="Certificat client (.pem, .p12, .pfx).")] = None,
    cert_password_env: Annotated[str, typer.Option(help="Variable du mot de passe du certificat.")] = "",
    folder: Annotated[Path | None, typer.Option("--to", help="Dossier où récupérer.")] = None,
    no_test: Annotated[bool, typer.Option("--no-test", help="Ne pas essayer la connexion.")] = False,
) -> None:
    """Ajoute un compte, l’essaie, et garde son secret dans le trousseau de l’ordinateur."""
    desk = Desk.of(context)
    method = "certificat" if cert and not (password_env or token_env or token) else "mot-de-passe"
    method = "jeton" if token or token_env else method
    account = AccountSettings(
        name=name,
        address=base_address(url),
        user=user,
        method=method,
        certificate=str(cert.absolute()) if cert else "",
        folder=str(folder.absolute()) if folder else "",
    )
    if method == "mot-de-passe" and not user:
        message = "Il manque l’identifiant."
        raise SettingsError(message, advice="Ajoutez --user IDENTIFIANT.")
    secret = _secret(account, password_env or token_env or cert_password_env)
    if in_clear(account.address):
        desk.speaker.note("Attention : cette adresse n’est pas chiffrée (http). Demandez l’adresse en https à ENN.")
    if not no_test:
        _try(desk, account, credentials_of(account, secret))
    others = tuple(other for other in desk.settings.accounts if other.name != name)
    save_settings(desk.paths, msgspec.structs.replace(desk.settings, accounts=(*others, account)))
    desk.speaker.say(f"Compte « {name} » gardé.")
    _keep(desk, name, secret)


def _secret(account: AccountSettings, variable: str) -> str:
    if variable:
        return secret_from(variable)
    if account.method == "certificat":
        return ""
    return ask_secret("Jeton : " if account.method == "jeton" else f"Mot de passe de {account.user} : ")


def _keep(desk: Desk, name: str, secret: str) -> None:
    if not secret:
        return
    try:
        desk.vault.keep(name, secret)
    except VaultError as error:
        # Never in clear: it will be asked for each time.
        desk.speaker.note(f"{error.message} {error.advice}")
    else:
        desk.speaker.say("Le secret est dans le trousseau de l’ordinateur.")


@app.command("list", cls=FrenchCommand)
def list_accounts(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Pour un script.")] = False
) -> None:
    """Liste les comptes gardés (jamais leurs secrets)."""
    desk = Desk.of(context)
    speaker = replace_json(desk, as_json=as_json).speaker
    accounts = desk.settings.accounts
    speaker.data([{"name": a.name, "url": a.address, "user": a.user, "method": a.method} for a in accounts])
    for account in accounts:
        speaker.say(f"{account.name} : {account.address} ({account.user or account.method})")
    if not accounts:
        speaker.say("Aucun compte. Ajoutez-en un : enn-desktop account add NOM --url ADRESSE --user IDENTIFIANT")


def replace_json(desk: Desk, *, as_json: bool) -> Desk:
    """Return a desk that speaks to a script, if asked."""
    return desk.speaking(as_json=True) if as_json else replace(desk)


@app.command("test", cls=FrenchCommand)
def test(context: typer.Context, name: Name) -> None:
    """Essaie la connexion d’un compte et dit ce qu’il voit."""
    desk = Desk.of(context)
    account = desk.account(name)
    _try(desk, account, stored_credentials(account, desk.vault))


def _try(desk: Desk, account: AccountSettings, credentials: Credentials) -> None:
    found = try_connection(desk.workshop(), account.address, credentials)
    desk.speaker.say(f"Connexion réussie\u00a0: Pastell {found.version}.")
    desk.speaker.say(f"  Collectivités\u00a0: {', '.join(found.entities) or 'aucune'}.")
    desk.speaker.say(f"  Flux visibles\u00a0: {', '.join(found.flows) or 'aucun'}.")
    if found.lacking:
        desk.speaker.say("  Ce compte ne voit pas tout ce qu’il faut\u00a0: appelez ENN pour faire ouvrir ses droits.")


@app.command("remove", cls=FrenchCommand)
def remove(context: typer.Context, name: Name) -> None:
    """Retire un compte et oublie son secret ; les documents restent."""
    desk = Desk.of(context)
    desk.account(name)
    others = tuple(other for other in desk.settings.accounts if other.name != name)
    save_settings(desk.paths, msgspec.structs.replace(desk.settings, accounts=others))
    desk.vault.forget(name)
    desk.speaker.say(f"Compte « {name} » retiré. Les documents récupérés restent où ils sont.")
