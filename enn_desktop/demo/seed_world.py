"""Building a made-up platform, small or large, always the same from the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from enn_desktop.demo.clock import Clock, stamp
from enn_desktop.demo.documents import Document, Membership
from enn_desktop.demo.flux import Flux
from enn_desktop.demo.flux_catalogue import UNKNOWN_TYPE, fluxes_of
from enn_desktop.demo.profiles import profile_named
from enn_desktop.demo.recipes import ScenePlan
from enn_desktop.demo.seed_odd import ODD_CONTENTS
from enn_desktop.demo.seed_people import COMMUNE, SECOND_COMMUNE, entity_for, people
from enn_desktop.demo.seed_titles import title_for
from enn_desktop.demo.store import shown_title
from enn_desktop.demo.world import World

SMALLEST: Final = 30
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Ages in days: some documents stand right before or after the limits of 60, 170 and 700 days.
_AGES: Final = (0, 1, 3, 12, 45, 55, 58, 59, 60, 61, 90, 150, 168, 169, 171, 300, 400, 650, 698, 701, 900)
_USUAL_SHARE: Final = 0.8
_REFUSED_SHARE: Final = 0.05
_FREQUENT: Final = ("termine", "acquiter-tdt", "info-tdt", "recu-iparapheur", "modification", "send-iparapheur")


@dataclass(frozen=True, slots=True)
class _Scene:
    """What one document must be."""

    flux: Flux
    state: str
    refused: bool = False


def build_world(seed: int = 1, dossiers: int = 60, *, profile: str = "2.0", now: datetime | None = None) -> World:
    """Build a platform of several communes with `dossiers` documents (30 to 100 000).

    `profile` is a line (`2.0`, `3.1`, `4.0`, `4.1`, `5.0`) or a patch (`4.0.29`). `now` sets the platform's clock,
    which then stands still; without it the clock runs. The same arguments give the same documents.

    Raises:
        ValueError: fewer than 30 documents, or an unknown profile.
    """
    if dossiers < SMALLEST:
        message = f"a demonstration needs at least {SMALLEST} documents"
        raise ValueError(message)
    chosen = profile_named(profile)
    world = World(chosen, Clock(now), fluxes_of(chosen))
    people(world)
    maker = _Maker(world, random.Random(seed))  # noqa: S311 - a made-up world, not a secret
    world.put_all(maker.documents(dossiers))
    _share_one(world)
    return world


class _Maker:
    """Makes documents one after the other, the most varied first."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self._world = world
        self._chance = chance
        self._now = world.clock.now()
        self._ids: set[str] = set()

    def documents(self, wanted: int) -> list[Document]:
        odd = min(len(ODD_CONTENTS), wanted // 3)
        found = [self._odd(rank) for rank in range(odd)]
        scenes = self._scenes()
        while len(found) < wanted:
            found.append(self._made(len(found), next(scenes)))
        return found

    def _scenes(self) -> Iterator[_Scene]:
        """Yield one scene for each state of each type, type after type in turn, then ordinary ones for ever."""
        queues = [self._states(flux) for flux in self._main_fluxes()]
        while any(queues):
            for queue in queues:
                if queue:
                    yield queue.pop(0)
        fluxes = self._main_fluxes()
        while True:
            flux = self._chance.choice(fluxes)
            yield _Scene(flux, self._ordinary_state(flux), refused=self._chance.random() < _REFUSED_SHARE)

    def _main_fluxes(self) -> list[Flux]:
        first = {
            "document-a-signer": 0,
            "actes-generique": 1,
            "helios-generique": 2,
            "mailsec": 3,
            "commande-generique": 4,
        }
        first |= {"ls-actes": 5, "ls-helios": 6, "ls-document-pdf": 7, UNKNOWN_TYPE: 8, "ls-mailsec-bidir": 9}
        kept = [flux for flux in self._world.fluxes.values() if not flux.technical]
        return sorted(kept, key=lambda flux: first.get(flux.id, 99))

    def _states(self, flux: Flux) -> list[_Scene]:
        """Return the states of a type, the telling ones first; a refused PES comes with its state."""
        states = sorted(flux.lasting_states, key=lambda state: _FREQUENT.index(state) if state in _FREQUENT else 99)
        scenes = [_Scene(flux, state) for state in states]
        if "info-tdt" in states and "helios" in flux.id:
            scenes.insert(1, _Scene(flux, "info-tdt", refused=True))
        return scenes

    def _ordinary_state(self, flux: Flux) -> str:
        usual = [state for state in _FREQUENT if state in flux.lasting_states]
        states = usual if usual and self._chance.random() < _USUAL_SHARE else flux.lasting_states
        return self._chance.choice(states)

    def _made(self, rank: int, scene: _Scene) -> Document:
        chance, flux = self._chance, scene.flux
        id_e = entity_for(rank, self._world.profile)
        creation, last = self._dates(rank)
        title = "" if scene.state == "creation" else title_for(flux.id, chance, creation.year)
        entity = self._world.entities[id_e]
        plan = ScenePlan(
            flux,
            scene.state,
            rank + 1,
            title,
            entity.siren or "212705180",
            2,
            keeps_name=self._world.profile.signed_keeps_name,
            annexes=chance.randrange(0, 4),
            refused=scene.refused,
        )
        document = Document(self._id(), flux.id, shown_title(title), stamp(creation), stamp(creation), plan)
        field = flux.title_field
        if field == "numero_de_lacte" and title:
            document.titre = str(plan.content_title(document))
        document.memberships.append(Membership(document, id_e, scene.state, stamp(last)))
        return document

    def _dates(self, rank: int) -> tuple[datetime, datetime]:
        age = _AGES[(rank - rank // 3) % len(_AGES)] if rank % 3 else self._chance.randrange(0, 900)
        last = self._now - timedelta(days=age, seconds=self._chance.randrange(60, 40_000))
        if rank % 11 == 0:
            # Batches arrive in the same second, so that lists have ties.
            last = last.replace(minute=0, second=0)
        return last - timedelta(hours=self._chance.randrange(1, 200), seconds=self._chance.randrange(3600)), last

    def _odd(self, rank: int) -> Document:
        creation, last = self._dates(rank * 3 + 1)
        document = Document(self._id(), "document-a-signer", "", stamp(creation), stamp(creation))
        document.memberships.append(Membership(document, COMMUNE, "modification", stamp(last)))
        document.kept = ODD_CONTENTS[rank](document)
        title = document.kept.get("libelle", "")
        document.titre = shown_title(title) if isinstance(title, str) else ""
        document.memberships[0].last_action = "modification" if document.kept else "creation"
        return document

    def _id(self) -> str:
        while True:
            found = "".join(self._chance.choices(_ALPHABET, k=7))
            if found.lower() not in self._ids and not found.endswith("php"):
                self._ids.add(found.lower())
                return found


def _share_one(world: World) -> None:
    """Show one finished document in a second entity, older there than in the first."""
    shared = next(
        document
        for document in world.documents.values()
        if document.recipe is not None and document.memberships[0].id_e == COMMUNE and document.titre
    )
    first = shared.memberships[0]
    world.add_row(shared, Membership(shared, SECOND_COMMUNE, first.last_action, first.last_action_date, "lecteur"))
