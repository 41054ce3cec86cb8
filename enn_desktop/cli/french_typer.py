"""The few sentences of the command-line library that a user sees, in French: it has none of its own."""

from __future__ import annotations

import re

import typer
import typer.core
import typer.rich_utils
from typer._click import Context

_SENTENCES = (
    (r"No such command '(.+)'\.?", "La commande « {} » n’existe pas."),
    (r"No such option: (\S+)(.*)", "L’option {} n’existe pas."),
    (r"Missing command\.", "Il manque une commande."),
    (r"Missing (?:argument|option|parameter):? '?([^'.]+)'?.*", "Il manque {}."),
    (r"Option '?([^' ]+)'? requires .*", "L’option {} attend une valeur."),
    (r"Option '?([^' ]+)'? does not take a value\.?", "L’option {} n’attend pas de valeur."),
    (r"Got unexpected extra argument\(?s?\)? \((.+)\)", "Mot en trop : {}"),
    (r"Invalid value for '?([^':]+)'?: .*", "La valeur donnée à {} ne convient pas."),
)
_PANELS = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commandes",
    "REQUIRED_LONG_STRING": "[obligatoire]",
    "DEFAULT_STRING": "[par défaut : {}]",
    "RANGE_STRING": " [{}]",
}


def usage_sentence(message: str) -> str:
    """Return the library's message about a wrong command line, in French."""
    for pattern, sentence in _SENTENCES:
        found = re.fullmatch(pattern, message.strip(), re.DOTALL)
        if found:
            return sentence.format(*found.groups())
    return f"La commande n’est pas bien écrite ({message})."


def speak_french() -> None:
    """Give the help's titles their French names; called once, before any command is read."""
    for name, text in _PANELS.items():
        setattr(typer.rich_utils, name, text)


class FrenchCommand(typer.core.TyperCommand):
    """A command whose help is in French."""

    def get_usage(self, ctx: Context) -> str:
        """Return the line that says how to call it."""
        return _in_french(super().get_usage(ctx))

    def get_help_option(self, ctx: Context) -> typer.core.TyperOption | None:
        """Return ``--help``, described in French."""
        return _described(super().get_help_option(ctx))


class FrenchGroup(typer.core.TyperGroup):
    """A group of commands whose help is in French."""

    def get_usage(self, ctx: Context) -> str:
        """Return the line that says how to call it."""
        return _in_french(super().get_usage(ctx))

    def get_help_option(self, ctx: Context) -> typer.core.TyperOption | None:
        """Return ``--help``, described in French."""
        return _described(super().get_help_option(ctx))


def _in_french(usage: str) -> str:
    for english, french in (
        ("Usage: ", "Utilisation\N{NO-BREAK SPACE}: "),
        ("COMMAND [ARGS]...", "COMMANDE [OPTIONS DE LA COMMANDE]"),
        ("python -m enn_desktop", "enn-desktop"),
    ):
        usage = usage.replace(english, french)
    return usage


def _described(option: typer.core.TyperOption | None) -> typer.core.TyperOption | None:
    if option is not None:
        option.help = "Affiche cette aide."
    return option
