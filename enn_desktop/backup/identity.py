"""The same platform under another address: recognised by its dossiers, so that nothing is brought home twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.values import DossierRow

SHARE = 0.9
"""Part of the dossiers known on a platform that the other address must list, to be the same one.

A test platform copied from the real one lists many of them too, but lacks the latest and has its own.
"""


def platform_identity(catalogue: Catalogue, address: str, rows: Mapping[str, DossierRow]) -> str:
    """Return the address under which this platform's dossiers are known; its own one for a new platform.

    A dossier is the same under the same id (seven random characters), type, entity and creation date.
    """
    alias = catalogue.alias(address)
    if alias:
        return alias
    if catalogue.knows(address):
        return address
    entities = {row.id_e for row in rows.values()}
    known: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for dossier in catalogue.dossiers("server <> ? AND gone_at IS NULL", (address,)):
        if dossier.id_e not in entities:
            continue
        known[dossier.server] += 1
        row = rows.get(dossier.id_d)
        if row is not None and row.type_id == dossier.type_id and row.created == dossier.created is not None:
            same[dossier.server] += 1
    best = next((server for server, votes in same.most_common(1) if votes >= SHARE * known[server]), "")
    if not best:
        return address
    catalogue.put_alias(address, best)
    return best
