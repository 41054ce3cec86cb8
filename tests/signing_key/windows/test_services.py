"""What Windows says of its services for cards, and of the session."""

from __future__ import annotations

import pytest

from enn_desktop.signing_key.values import Services, ServiceStatus
from enn_desktop.signing_key.windows import services
from tests.signing_key.windows.fake_windows import (
    AUTOMATIC,
    DEMAND,
    DISABLED,
    RUNNING,
    STARTING,
    STOPPED,
    FakeService,
    service_libraries,
)

THREE = ("SCardSvr", "ScDeviceEnum", "CertPropSvc")


@pytest.mark.parametrize(
    ("service", "status"),
    [
        (FakeService(DEMAND, RUNNING), ServiceStatus.RUNNING),
        (FakeService(AUTOMATIC, RUNNING), ServiceStatus.RUNNING),
        (FakeService(DEMAND, STARTING), ServiceStatus.RUNNING),
        (FakeService(DEMAND, STOPPED), ServiceStatus.ON_DEMAND),
        (FakeService(AUTOMATIC, STOPPED), ServiceStatus.ON_DEMAND),
        (FakeService(DISABLED, STOPPED), ServiceStatus.DISABLED),
        (FakeService(DISABLED, RUNNING), ServiceStatus.DISABLED),
        (FakeService(refused=1060), ServiceStatus.ABSENT),
        (FakeService(refused=5), ServiceStatus.UNKNOWN),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_service_has_its_own_status(service: FakeService, status: ServiceStatus, place: int) -> None:
    libraries = service_libraries(dict.fromkeys(THREE, FakeService(DEMAND, RUNNING)) | {THREE[place]: service})
    found = services.look(libraries)
    expected = [ServiceStatus.RUNNING] * 3
    expected[place] = status
    assert [found.cards, found.enumeration, found.propagation] == expected
    assert libraries.advapi.open == []


def test_a_service_manager_that_refuses_leaves_everything_unknown() -> None:
    libraries = service_libraries({}, manager=False)
    assert services.look(libraries) == Services()
    assert libraries.advapi.open == []


@pytest.mark.parametrize("function", ["QueryServiceStatus", "QueryServiceConfigW"])
def test_a_service_that_cannot_be_asked_is_unknown_and_closed(function: str) -> None:
    libraries = service_libraries(dict.fromkeys(THREE, FakeService()))
    libraries.advapi.players[function] = lambda *_: libraries.advapi.fail(5)
    assert services.look(libraries).cards is ServiceStatus.UNKNOWN
    assert libraries.advapi.open == []


@pytest.mark.parametrize("remote", [True, False])
def test_a_remote_session_is_recognised_even_without_services(*, remote: bool) -> None:
    assert services.look(service_libraries({}, remote=remote)).remote_session is remote
    assert services.look(service_libraries({}, remote=remote, manager=False)).remote_session is remote
