"""What a state looks like, and the words of the ladder: a shape and a word for each, so that colour is never alone."""

from __future__ import annotations

from collections.abc import Sequence

from enn_desktop.agenda.values import Tone
from enn_desktop.core.french import join_words
from enn_desktop.qt.key.drawing import Scene
from enn_desktop.qt.marks import Mark
from enn_desktop.signing_key.values import KeyState, Rung, RungLine, Standing

_OF_STATE = {
    KeyState.OK: (Scene.PLUGGED, Mark.CHECK),
    KeyState.OK_SOON: (Scene.PLUGGED, Mark.CLOCK),
    KeyState.KEY_ABSENT: (Scene.APART, Mark.DOT),
    KeyState.USB_UNUSED: (Scene.PLUGGED, Mark.ALERT),
    KeyState.SERVICE_DISABLED: (Scene.SERVICE, Mark.CROSS),
    KeyState.SERVICE_SILENT: (Scene.SERVICE, Mark.ALERT),
    KeyState.REMOTE_SESSION: (Scene.REMOTE, Mark.ALERT),
    KeyState.READER_EMPTY: (Scene.EMPTY, Mark.DOT),
    KeyState.CARD_MUTE: (Scene.CARD, Mark.CROSS),
    KeyState.CARD_BUSY: (Scene.CARD, Mark.PAUSE),
    KeyState.CARD_UNKNOWN: (Scene.CARD, Mark.DOT),
    KeyState.DRIVER_ABSENT: (Scene.DRIVER, Mark.CROSS),
    KeyState.DRIVER_INCOMPLETE: (Scene.DRIVER, Mark.ALERT),
    KeyState.DRIVER_32_BITS: (Scene.DRIVER, Mark.ALERT),
    KeyState.DRIVER_CRASHED: (Scene.DRIVER, Mark.ALERT),
    KeyState.DRIVER_HUNG: (Scene.DRIVER, Mark.PAUSE),
    KeyState.CERT_ABSENT: (Scene.PAPER, Mark.CROSS),
    KeyState.CERT_GHOST: (Scene.APART, Mark.DOT),
    KeyState.CERT_NOT_IN_WINDOWS: (Scene.PAPER, Mark.ALERT),
    KeyState.CERT_EXPIRED: (Scene.PAPER, Mark.CLOCK),
    KeyState.CERT_FUTURE: (Scene.PAPER, Mark.CLOCK),
    KeyState.CERT_AUTH_ONLY: (Scene.PAPER, Mark.DOT),
    KeyState.CERT_SIGN_ONLY: (Scene.PLUGGED, Mark.CHECK),
    KeyState.SEVERAL: (Scene.SEVERAL, Mark.DOT),
    KeyState.KEY_SILENT: (Scene.PLUGGED, Mark.CROSS),
    KeyState.PIN_LAST_TRY: (Scene.LOCK, Mark.ALERT),
    KeyState.PIN_LOCKED: (Scene.LOCK, Mark.CROSS),
    KeyState.PIN_TO_CHANGE: (Scene.LOCK, Mark.DOT),
    KeyState.UNDETERMINED: (Scene.SERVICE, Mark.DASH),
}
_OF_STANDING = {
    Standing.GOOD: (Mark.CHECK, "en ordre", Tone.GOOD),
    Standing.BAD: (Mark.CROSS, "à régler", Tone.BAD),
    Standing.NOTE: (Mark.DOT, "à noter, sans gravité", Tone.PLAIN),
    Standing.UNKNOWN: (Mark.DASH, "non vérifié", Tone.PLAIN),
}
CHECKING = "Vérification en cours…"


def face_of(state: KeyState) -> tuple[Scene, Mark]:
    """Return the drawing of a state and its sign."""
    return _OF_STATE[state]


def standing_words(standing: Standing) -> tuple[Mark, str, Tone]:
    """Return the sign, the word and the tone of a rung."""
    return _OF_STANDING[standing]


def progress_words(ladder: Sequence[RungLine]) -> str:
    """Say which rungs were looked at, and which are to come: nothing is guessed."""
    done = {line.rung for line in ladder if line.standing is not Standing.UNKNOWN}
    seen = join_words([_lower(rung) for rung in Rung if rung in done])
    left = join_words([_lower(rung) for rung in Rung if rung not in done])
    parts = (f"Vu\u00a0: {seen}." if seen else "", f"Reste à voir\u00a0: {left}." if left else "")
    return " ".join(part for part in parts if part)


def _lower(rung: Rung) -> str:
    return rung.value[:1].lower() + rung.value[1:]
