"""What the tools print, as they really printed it, becomes a sentence that says what to do."""

from __future__ import annotations

import pytest

from installer.failures import Outcome, explain, explain_disk

REFUSED = (
    "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken "
    "by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection object at 0x7f8e63753890>: Failed to "
    "establish a new connection: [Errno 111] Connection refused')': /simple/annotated-doc/\n"
    "ERROR: Could not find a version that satisfies the requirement annotated-doc==0.0.7 (from versions: none)\n"
    "ERROR: No matching distribution found for annotated-doc==0.0.7\n"
)
UNTRUSTED = (
    "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken "
    "by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed "
    "certificate (_ssl.c:1006)'))': /simple/annotated-doc/\n"
    "ERROR: No matching distribution found for annotated-doc==0.0.7\n"
)
PROXY = "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy Authentication Required'))"
TAMPERED = (
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package "
    "versions, please update the hashes.\n        Expected sha256 0b30\n             Got        6bc3\n"
)
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
FULL_ON_WINDOWS = (
    "ERROR: Could not install packages due to an OSError: [WinError 112] Espace insuffisant sur le disque\n"
)
DENIED = "Error: [Errno 13] Permission denied: '/opt/projet/.venv'\n"
READ_ONLY = "ERROR: Could not install packages due to an OSError: [Errno 30] Read-only file system: '/media/cle'\n"
OPEN_ON_WINDOWS = "ERROR: [WinError 32] Le processus ne peut pas accéder au fichier\n"
NO_MATCH = "ERROR: No matching distribution found for lxml==6.1.3\n"
NO_ENSUREPIP = "The virtual environment was not created successfully because ensurepip is not available.\n"


@pytest.mark.parametrize(
    ("output", "outcome", "said"),
    [
        (REFUSED, Outcome.NETWORK, "pas de réseau"),
        (UNTRUSTED, Outcome.NETWORK, "son certificat est refusé"),
        (PROXY, Outcome.NETWORK, "demande un identifiant"),
        (TAMPERED, Outcome.COMPONENTS, "il a été refusé"),
        (FULL, Outcome.DISK_FULL, "Le disque est plein"),
        (FULL_ON_WINDOWS, Outcome.DISK_FULL, "Le disque est plein"),
        (DENIED, Outcome.NO_RIGHT, "L’écriture est refusée"),
        (READ_ONLY, Outcome.NO_RIGHT, "L’écriture est refusée"),
        (OPEN_ON_WINDOWS, Outcome.NO_RIGHT, "Fermez enn-desktop"),
        (NO_MATCH, Outcome.COMPONENTS, "introuvable"),
        (NO_ENSUREPIP, Outcome.VENV_MODULE, "python3-venv"),
    ],
)
def test_a_known_trouble_gets_its_sentence_and_names_the_log(output: str, outcome: Outcome, said: str) -> None:
    stop = explain(output, "/projet/.venv.log")
    assert stop.outcome is outcome
    assert said in stop.sentence
    assert stop.sentence.endswith("Détail\u00a0: /projet/.venv.log")


def test_an_unknown_trouble_shows_the_last_lines() -> None:
    stop = explain("\n".join(f"line {number}" for number in range(20)) + "\n\n", "/projet/.venv.log")
    assert stop.outcome is Outcome.COMPONENTS
    assert "    line 19\n" in stop.sentence
    assert "line 13" not in stop.sentence
    assert stop.sentence.endswith("Détail\u00a0: /projet/.venv.log")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (OSError(28, "No space left on device"), Outcome.DISK_FULL),
        (PermissionError(13, "Permission denied"), Outcome.NO_RIGHT),
        (NotADirectoryError(20, "Not a directory"), Outcome.NO_RIGHT),
    ],
)
def test_an_error_of_the_disk_gets_a_sentence(error: OSError, outcome: Outcome) -> None:
    assert explain_disk(error, "/projet").outcome is outcome
