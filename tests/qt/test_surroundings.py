"""What the system says of the connection: whether it is paid by volume."""

from __future__ import annotations

import pytest
from PySide6 import QtNetwork
from PySide6.QtNetwork import QNetworkInformation

from enn_desktop.qt.surroundings import is_metered


class Information:
    """Stands for what Qt knows of the network; the real one depends on this computer."""

    Feature = QNetworkInformation.Feature
    loaded: Information | None = None

    def __init__(self, *, metered: bool, known: bool) -> None:
        self.isMetered, self.supports = (lambda: metered), (lambda _feature: known)

    @classmethod
    def instance(cls) -> Information | None:
        return cls.loaded


@pytest.mark.parametrize(
    ("metered", "known", "said"), [(True, True, True), (False, True, False), (False, False, None)]
)  # fmt: skip
def test_a_connection_paid_by_volume_is_known(
    monkeypatch: pytest.MonkeyPatch, metered: bool, known: bool, said: bool | None  # noqa: FBT001 - what is known
) -> None:  # fmt: skip
    monkeypatch.setattr(Information, "loaded", Information(metered=metered, known=known))
    monkeypatch.setattr(QtNetwork, "QNetworkInformation", Information)
    assert is_metered() is said


def test_a_system_that_does_not_say_how_the_connection_is_paid_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Information, "loadBackendByFeatures", lambda _features: False, raising=False)
    monkeypatch.setattr(QtNetwork, "QNetworkInformation", Information)
    assert is_metered() is None


@pytest.mark.usefixtures("qapp")
def test_this_very_computer_may_be_asked() -> None:
    is_metered()
    assert QNetworkInformation.instance() is None or is_metered() is not None
