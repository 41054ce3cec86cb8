"""The same platform under another address: recognised by its dossiers, so that nothing is brought home twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.values import DossierRow

ENOUGH = 3
"""Dossiers known under the same random id and type that prove the platform, should their dates be shifted."""


def platform_identity(catalogue: Catalogue, address: str, rows: Mapping[str, DossierRow]) -> str:
    """Return the address under which this platform's dossiers are known; its own one for a new platform.

    Ids are seven random characters: a known id with the same type and the same creation date is proof enough.
    """
    alias = catalogue.alias(address)
    if alias:
        return alias
    others = Counter(_same(catalogue, address, rows))
    best, votes = others.most_common(1)[0] if others else ("", 0)
    if not best or catalogue.knows(address):
        return address
    exact = any(server == best for server in _same(catalogue, address, rows, with_date=True))
    if not exact and votes < ENOUGH:
        return address
    catalogue.put_alias(address, best)
    return best


def _same(
    catalogue: Catalogue, address: str, rows: Mapping[str, DossierRow], *, with_date: bool = False
) -> Iterable[str]:
    for dossier in catalogue.dossiers("server <> ?", (address,)):
        row = rows.get(dossier.id_d)
        if row is None or row.type_id != dossier.type_id:
            continue
        if not with_date or (row.created is not None and row.created == dossier.created):
            yield dossier.server
