"""The commands put together, and the one place where every failure becomes a sentence and an exit code."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from enn_desktop import __version__
from enn_desktop.cli import account_commands, task_commands
from enn_desktop.cli.backup_command import backup
from enn_desktop.cli.care_commands import diagnose, repair, verify
from enn_desktop.cli.demo_command import demo
from enn_desktop.cli.desk import Desk
from enn_desktop.cli.french_typer import FrenchCommand, FrenchGroup, speak_french, usage_sentence
from enn_desktop.cli.key_command import key
from enn_desktop.cli.list_command import list_dossiers
from enn_desktop.cli.output import Speaker, speak_unicode
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled, EnnError
from enn_desktop.core.exits import ExitCode
from enn_desktop.system.logs import note_bug, open_log
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.secret_vault import SecretVault

log = logging.getLogger(__name__)
app = typer.Typer(
    name="enn-desktop",
    help="Récupère sur ce poste tout ce que Pastell garde pour la mairie, et prouve que c’est complet.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    cls=FrenchGroup,
)
app.command("backup", cls=FrenchCommand)(backup)
app.command("list", cls=FrenchCommand)(list_dossiers)
app.command("verify", cls=FrenchCommand)(verify)
app.command("repair", cls=FrenchCommand)(repair)
app.command("diagnose", cls=FrenchCommand)(diagnose)
app.command("key", cls=FrenchCommand)(key)
app.command("demo", cls=FrenchCommand)(demo)
app.add_typer(account_commands.app, name="account")
app.add_typer(task_commands.app, name="task")


def _say_version(wanted: bool) -> None:  # noqa: FBT001 - the library's own way of calling
    if wanted:
        sys.stdout.write(f"enn-desktop {__version__}\n")
        raise typer.Exit


@app.callback()
def prepare(
    context: typer.Context,
    profile: Annotated[
        Path | None,
        typer.Option("--profile", help="Où le programme garde ce qui est à lui (réglages, catalogues)."),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Affiche la version.")
    ] = False,
) -> None:
    """Récupère sur ce poste tout ce que Pastell garde pour la mairie, et prouve que c’est complet."""
    paths = profile_paths(profile.absolute() if profile else None)
    open_log(paths)
    vault = SecretVault.of(paths)
    context.obj = Desk(paths, CancelToken(), vault=vault, profile=profile.absolute() if profile else None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. The only place where any exception at all is caught."""
    speak_french()
    speak_unicode()
    given = list(sys.argv[1:] if arguments is None else arguments)
    speaker = Speaker(as_json="--json" in given)
    try:
        result = app(given, standalone_mode=False)
    except EnnError as error:
        log.info("Commande arrêtée : %s", error.code)
        speaker.error(error)
        return int(error.exit_code)
    except typer.Exit as leave:
        return leave.exit_code
    except (typer.Abort, KeyboardInterrupt):
        speaker.error(Cancelled())
        return int(ExitCode.CANCELLED)
    except typer.TyperException as wrong:
        speaker.usage(usage_sentence(wrong.format_message()))
        return int(ExitCode.USAGE)
    except Exception as bug:  # noqa: BLE001 - the one net under everything: a sentence, never a trace
        speaker.error(note_bug(bug))
        return int(ExitCode.BUG)
    return result if isinstance(result, int) else int(ExitCode.OK)
