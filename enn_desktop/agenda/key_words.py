"""The state of the key in one short word, for the foot of the window, beside a dossier, in a list."""

from __future__ import annotations

from enn_desktop.agenda.values import KeyBadge, Tone
from enn_desktop.core.french import NBSP
from enn_desktop.signing_key import sentences
from enn_desktop.signing_key.values import KeyState, Rung, Standing, Verdict

_IN_ITS_DRAWER = {KeyState.KEY_ABSENT, KeyState.READER_EMPTY, KeyState.CERT_GHOST, KeyState.REMOTE_SESSION}
_READY = {
    KeyState.OK,
    KeyState.OK_SOON,
    KeyState.CERT_AUTH_ONLY,
    KeyState.CERT_SIGN_ONLY,
    KeyState.SEVERAL,
}
"""A certificate that is good today answers; what it may be used for is said in words."""
_OF_THE_KEY = {
    *("prête", "absente", "muette", "occupée", "inconnue", "vide", "invisible", "expirée", "prématurée"),
    *("bloquée", "incertaine"),
}
"""Words that are said of the key itself; the others name what is in the way."""
_PLUGGED = {Rung.USB, Rung.READER, Rung.CARD}


def is_ready(verdict: Verdict) -> bool:
    """Whether a key is there whose certificate is good today."""
    return verdict.state in _READY


def diagnosis_lines(verdict: Verdict | None) -> list[tuple[str, str]]:
    """Return how the key is, rung by rung, for the diagnostic: codes and words, nothing of whom the key belongs to."""
    if verdict is None:
        return [("état", "non vérifiée")]
    number = sentences.verdict_code(verdict)
    code = f" ({number})" if number else ""
    lines = [("état", f"{verdict.state.value}{code}"), ("en clair", sentences.anonymous_message(verdict))]
    lines += [(line.rung.value.lower(), line.standing.value) for line in verdict.ladder]
    lines.append(("modèle", verdict.family or "inconnu"))
    if verdict.days_left is not None:
        lines.append(("jours avant la fin", str(verdict.days_left)))
    return lines


def badge_of(verdict: Verdict) -> KeyBadge:
    """Return word and tone. Nothing alarms while no key is plugged: it lies in its drawer, and nobody needs it."""
    word, tone = sentences.badge(verdict.state)
    seen = any(line.rung in _PLUGGED and line.standing is Standing.GOOD for line in verdict.ladder)
    needed = seen and verdict.state not in _IN_ITS_DRAWER
    shown = word[:1].lower() + word[1:]
    beside = f"clé {shown}" if shown in _OF_THE_KEY else f"clé{NBSP}: {shown}"
    return KeyBadge(beside, Tone(tone) if needed or Tone(tone) is Tone.GOOD else Tone.PLAIN)
