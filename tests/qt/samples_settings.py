"""Settings, rules and facts of an invented town hall, for tests and pictures."""

from __future__ import annotations

from pathlib import Path

from enn_desktop.core.policy import Policy, PolicyLayer, layer_policies
from enn_desktop.core.settings import AccountSettings, ProxySettings, Settings
from enn_desktop.qt.settings.facts import SettingsFacts
from tests.house.source_tree import PROJECT

FOLDER = Path("C:/Users/mairie/Documents/Dossiers de la mairie")
MACHINE_FILE = "C:/ProgramData/enn-desktop/politique-enn.toml"
OWN_FILE = "C:/Users/mairie/AppData/Roaming/enn-desktop/politique-enn.toml"
VALBRUME = AccountSettings(
    name="Valbrume", address="https://pastell.exemple.fr", user="secretariat.valbrume", method="mot-de-passe"
)
CCAS = AccountSettings(
    name="CCAS de Valbrume",
    address="https://pastell.exemple.fr",
    method="jeton",
    folder="D:/CCAS/Dossiers",
)
SYNDICAT = AccountSettings(
    name="Syndicat intercommunal des eaux de la vallée de la Brume et du plateau",
    address="https://pastell-syndicats.plateforme-departementale.exemple.fr/pastell",
    method="certificat",
    certificate="C:/Users/mairie/certificat.p12",
)
SETTINGS = Settings(folder=str(FOLDER), accounts=(VALBRUME, CCAS))
BEHIND_A_PROXY = Settings(
    folder=str(FOLDER),
    accounts=(VALBRUME,),
    proxy=ProxySettings(mode="manuel", address="proxy.valbrume.fr:3128", user="mairie"),
)
FACTS = SettingsFacts(
    folder=FOLDER,
    free_bytes=48_200_000_000,
    autostart_possible=True,
    autostart_reason="",
    vault_words="Les mots de passe sont dans le trousseau de cet ordinateur, ouvert par votre session.",
    policy_files=(MACHINE_FILE, OWN_FILE),
)
WITHOUT_AUTOSTART = SettingsFacts(
    folder=FOLDER,
    free_bytes=None,
    autostart_possible=False,
    autostart_reason="Ce bureau ne sait pas démarrer un logiciel avec la session.",
    vault_words="Cet ordinateur n’a pas de trousseau sûr\u00a0: le mot de passe est demandé à chaque ouverture.",
)
CHANGED_HERE = """
date_effet = "2026-05-02"
[flux.documents-a-signer]
duree_jours = 45
[contacts.enn]
telephone = "02 99 00 00 00"
courriel = "support@enn.exemple.fr"
[flux.actes]
couleur = "bleu"
"""
DIAGNOSTIC = "\n".join(
    f"{name} : {value}"
    for name, value in (
        ("Version", "0.2.0"),
        ("Système", "Windows 10 (22H2)"),
        ("Comptes", "2"),
        ("Dernière récupération", "2026-11-24T08:09, COMPLETE"),
        ("Codes d’erreur", "aucun"),
        ("Place libre", "48,2 Go"),
        ("Trousseau", "keyring.backends.Windows"),
    )
)


def policy() -> Policy:
    """Return ENN's rules as they are shipped."""
    return layer_policies([shipped()])


def policy_changed_here() -> Policy:
    """Return ENN's rules, some of them changed by a file of this computer."""
    return layer_policies([shipped(), PolicyLayer(f"cet ordinateur ({MACHINE_FILE})", CHANGED_HERE)])


def shipped() -> PolicyLayer:
    """Return the file of ENN's rules."""
    text = (PROJECT / "resources" / "politique-enn.toml").read_text(encoding="utf-8")
    return PolicyLayer("la charte ENN", text)
