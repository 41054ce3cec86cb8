"""The people and places of the made-up platform."""

from typing import Final

from enn_desktop.demo.accounts import ACCENTED_PASSWORD, EVERYTHING, Account, Entity, Role
from enn_desktop.demo.flux import Flux
from enn_desktop.demo.profiles import Profile
from enn_desktop.demo.store import Connector, Store

SYNDICATE: Final = 1
COMMUNE: Final = 2
SECOND_COMMUNE: Final = 3
THIRD_COMMUNE: Final = 4
SERVICE: Final = 5
CCAS: Final = 6

_ENTITIES: Final = (
    (SYNDICATE, "Syndicat intercommunal « Risle & Charentonne »", "252701230", 0),
    (COMMUNE, "Commune de Valbrume", "212705180", SYNDICATE),
    (SECOND_COMMUNE, "Mairie de Saint-Aubin-des-Ormes", "212702856", SYNDICATE),
    (THIRD_COMMUNE, "Commune de L'Orée-du-Bois / La Barre", "212700776", SYNDICATE),
    (SERVICE, "Service « État civil »", "", COMMUNE),
    (CCAS, "CCAS de Valbrume", "262700776", COMMUNE),
)

_NOT_FOR_SECRETARIES: Final = {"openid-authentification", "test", "changement-email", "actes-preversement-seda"}


def people(store: Store) -> None:
    """Put the entities, the roles, the accounts and the connectors in a store."""
    for id_e, name, siren, mother in _ENTITIES:
        kind = "service" if id_e == SERVICE and not store.profile.at_least(4) else "collectivite"
        store.entities[id_e] = Entity(id_e, name, siren, mother, kind)
    store.roles.update(_roles(store.fluxes))
    for account in _accounts():
        store.add_account(account)
    for number, (label, kind, family) in enumerate(_CONNECTORS, 2):
        store.connectors.append(Connector(number, COMMUNE, label, kind, family))


_CONNECTORS: Final = (
    ("Parapheur Actes", "iParapheur", "signature"),
    ("Tiers de télétransmission", "s2low", "TdT"),
    ("Mail sécurisé", "mailsec", "mailsec"),
)


def _roles(fluxes: dict[str, Flux]) -> dict[str, Role]:
    types = [name for name in fluxes if name not in _NOT_FOR_SECRETARIES]
    reading = {f"{name}:lecture" for name in types}
    writing = {f"{name}:edition" for name in types}
    money = {name for name in types if "helios" in name or "pes" in name or "commande" in name}
    accountant = {f"{name}:{right}" for name in money for right in ("lecture", "edition")}
    found = (
        Role("admin", "Administrateur", frozenset({EVERYTHING})),
        Role("comptable", "Comptable", frozenset({"entite:lecture"} | accountant)),
        Role("sans-entite", "Flux sans droit entité", frozenset(reading | writing)),
        Role("lecteur", "Lecture seule (aucun droit édition)", frozenset({"entite:lecture"} | reading)),
        Role(
            "secretaire",
            "Secrétaire de mairie",
            frozenset({"entite:lecture", "journal:lecture", "annuaire:lecture"} | reading | writing),
        ),
    )
    return {role.id: role for role in found}


def _accounts() -> list[Account]:
    def made(id_u: int, login: str, names: tuple[str, str], id_e: int, grants: list[tuple[str, int]]) -> Account:
        return Account(id_u, login, *names, id_e, grants, email=f"{login}@exemple.invalid")

    accented = made(8, "accent", ("Zoé", "Été"), COMMUNE, [("secretaire", COMMUNE)])
    accented.password = ACCENTED_PASSWORD
    certified = made(9, "certificat", ("Inès", "Clé"), COMMUNE, [("secretaire", COMMUNE)])
    certified.certificate = "certificat"
    return [
        made(1, "admin", ("Super", "Admin"), 0, [("admin", 0)]),
        made(2, "secretaire", ("Aurélie", "Lefèvre"), COMMUNE, [("secretaire", COMMUNE)]),
        made(
            3,
            "comptable",
            ("Paul", "Compte"),
            SECOND_COMMUNE,
            [("comptable", SECOND_COMMUNE), ("comptable", THIRD_COMMUNE)],
        ),
        made(
            4,
            "itinerante",
            ("Maëlle", "O'Brien-Müller"),
            SECOND_COMMUNE,
            [("secretaire", COMMUNE), ("secretaire", SECOND_COMMUNE), ("secretaire", THIRD_COMMUNE)],
        ),
        made(5, "lecteur", ("Seul", "Lecteur"), COMMUNE, [("lecteur", COMMUNE)]),
        made(6, "sansentite", ("Entité", "Sans"), COMMUNE, [("sans-entite", COMMUNE)]),
        made(7, "aucun", ("Droit", "Aucun"), COMMUNE, []),
        accented,
        certified,
    ]


def entity_for(rank: int, profile: Profile) -> int:
    """Return the entity of the document of that rank: most belong to the first commune."""
    del profile
    return (COMMUNE, COMMUNE, COMMUNE, SECOND_COMMUNE, COMMUNE, COMMUNE, THIRD_COMMUNE, SERVICE, COMMUNE, CCAS)[
        rank % 10
    ]
