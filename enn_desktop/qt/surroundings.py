"""What the system says of the network: whether the connection is paid by volume."""

from __future__ import annotations


def is_metered() -> bool | None:
    """Whether the connection is paid by volume; ``None`` where the system does not say.

    For the main thread alone: Qt keeps what it loads there. Some milliseconds the first time, nothing after that.
    """
    from PySide6.QtNetwork import QNetworkInformation

    if QNetworkInformation.instance() is None:
        QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered)
    information: QNetworkInformation | None = QNetworkInformation.instance()
    if information is None or not information.supports(QNetworkInformation.Feature.Metered):
        return None
    return information.isMetered()
