"""Every error that can be shown names somebody to call, or nobody on purpose."""

from __future__ import annotations

import pytest

from enn_desktop.agenda.contacts import NEEDS_NOBODY, OF_CODE, contact_for
from enn_desktop.catalogue.schema import CatalogueDamagedError
from enn_desktop.core import errors
from enn_desktop.core.errors import EnnError, ServerUnreachable
from tests.agenda.made import policy


def kinds(base: type[EnnError]) -> list[type[EnnError]]:
    return [base, *(found for child in base.__subclasses__() for found in kinds(child))]


@pytest.mark.parametrize("kind", [*kinds(errors.EnnError), CatalogueDamagedError], ids=lambda kind: kind.__name__)
def test_every_kind_of_error_has_its_contact(kind: type[EnnError]) -> None:
    contact = contact_for(kind(), policy())
    assert (contact is None) == (kind.code in NEEDS_NOBODY)
    assert kind.code in {*OF_CODE, *NEEDS_NOBODY}


def test_a_proxy_is_the_business_of_whoever_looks_after_the_computers() -> None:
    error = ServerUnreachable("Le serveur mandataire (proxy) refuse la connexion.")
    contact = contact_for(error, policy())
    assert contact is not None
    assert contact.contact_id == "prestataire"
