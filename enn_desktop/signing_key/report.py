"""What is given to the contractor and to scripts: codes and models, never a person."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from enn_desktop import __version__
from enn_desktop.core.french import NBSP, clock_time, long_date
from enn_desktop.core.platform_time import to_platform
from enn_desktop.signing_key.known_keys import LOADER_CODE_NAMES, code_name, reader_without_serial, usb_name
from enn_desktop.signing_key.ladder import code_words
from enn_desktop.signing_key.selection import on_card
from enn_desktop.signing_key.sentences import anonymous_message, remedy, verdict_code
from enn_desktop.signing_key.values import Found, Look, Origin, PinFlags, ProbeEnd, Rung, Verdict

_MASK = "…"
_ADDRESS = re.compile(r"\S+@\S+")
_SHORTEST_NAME, _SHORTEST_WORD = 2, 3
Clean = Callable[[str], str]


def report_text(look: Look, verdict: Verdict, salt: bytes) -> str:
    """Return « Copier pour l’informaticien ». ``salt`` belongs to this installation.

    No name, address or serial number, no path beyond a file's name; a certificate is known by 8 signs of a hash.
    """
    clean = _cleaner(look.certificates)
    local = to_platform(verdict.looked_at)
    lines = [
        f"Clé de signature – enn-desktop {__version__}",
        f"{long_date(local.date())}, {clock_time(local)}",
        f"{verdict.state.value}{NBSP}: {anonymous_message(verdict)}",
        "",
        *(f"{one.rung.value}{NBSP}: {one.standing.value}" for one in verdict.ladder),
        *_part("Services", _services(look)),
        *_part("USB", (_usb(one.vendor, one.product) for one in look.usb)),
        *_part("Lecteurs", _readers(look, clean)),
        *_part("Pilote", _driver(look, clean)),
        *_part("Essais de lecture", (_probe(one, clean) for one in look.probes)),
        *_part("Certificats", (_certificate(one, verdict, salt, clean) for one in look.certificates)),
        *_part("À noter", (one.value for one in verdict.notes)),
    ]
    return "\n".join(lines) + "\n"


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return a verdict for ``enn-desktop key --json``: codes, dates, the ladder; no name, no fingerprint."""
    clean = _cleaner(one for one in (verdict.chosen, *verdict.usable) if one is not None)
    return {
        "state": verdict.state.value,
        "message": anonymous_message(verdict),
        "remedy": remedy(replace(verdict, chosen=None)),
        "code": verdict_code(verdict),
        "checked_at": verdict.looked_at.isoformat(),
        "family": clean(verdict.family),
        "ladder": [
            {"rung": one.rung.name.lower(), "standing": one.standing.name.lower(), "fact": clean(one.fact)}
            for one in verdict.ladder
        ],
        "notes": [one.name.lower() for one in verdict.notes],
        "certificate": _certificate_json(verdict.chosen, verdict.days_left, clean) if verdict.chosen else None,
        "certificates": len(verdict.usable),
    }


def _certificate_json(found: Found, days_left: int | None, clean: Clean) -> dict[str, object]:
    certificate = found.certificate
    return {
        "issuer": clean(certificate.issuer),
        "usage": certificate.usage.name.lower(),
        "client_auth": certificate.client_auth,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "days_left": days_left,
        "qualified": certificate.qualified,
        "on_device": certificate.on_device,
        "stands_for": certificate.stands_for.name.lower(),
        "weak": certificate.weak,
        "on_card": on_card(found),
        "provider": clean(found.provider),
        "answer": found.answer.name.lower(),
    }


def _cleaner(found: Iterable[Found]) -> Clean:
    """Return what masks, in words from outside, everyone whose certificate was seen.

    A software certificate's issuer may be its holder, and a provider may bear a name. Authorities are no persons, and
    their names are wanted.
    """
    certificates = [one.certificate for one in found if not one.certificate.authority]
    holders = [one.holder for one in certificates]
    names = {" ".join(name.split()) for name in (*holders, *(one.organisation for one in certificates))}
    names |= {word for holder in holders for word in holder.split() if len(word) >= _SHORTEST_WORD}
    known = sorted((name for name in names if len(name) >= _SHORTEST_NAME), key=len, reverse=True)
    pattern = re.compile("|".join([_ADDRESS.pattern, *(re.escape(name) for name in known)]), re.IGNORECASE)

    def clean(text: str) -> str:
        return pattern.sub(_MASK, " ".join(text.split()))

    return clean


def _part(title: str, lines: Iterable[str]) -> list[str]:
    found = [f"- {line}" for line in lines]
    return ["", title, *found] if found else []


def _code(code: int, name: str, origin: Origin = Origin.STORE) -> str:
    return f" ({code_words(code, origin)}{f' {name}' if name else ''})" if code else ""


def _services(look: Look) -> Iterator[str]:
    services = look.services
    if Rung.SERVICE not in look.done:
        return
    named = (services.cards, services.enumeration, services.propagation)
    for title, status in zip(("Carte à puce", "Énumération", "Propagation du certificat"), named, strict=True):
        yield f"{title}{NBSP}: {status.value}"
    code = services.context_code
    yield f"Réponse{NBSP}: {_code(code, code_name(code)).strip() or 'oui'}"
    yield f"Bureau à distance{NBSP}: {_yes(said=services.remote_session)}"


def _usb(vendor: int, product: int) -> str:
    return f"{vendor:04X}:{product:04X} {usb_name(vendor, product)}".rstrip()


def _readers(look: Look, clean: Clean) -> Iterator[str]:
    for one in look.readers:
        ignored = " (laissé de côté)" if one.ignored else ""
        atr = f", ATR {one.atr.hex().upper()}" if one.atr else ""
        yield f"{clean(reader_without_serial(one.name))}{NBSP}: {one.state.value}{atr}{ignored}"


def _driver(look: Look, clean: Clean) -> Iterator[str]:
    driver = look.driver
    if driver.family:
        yield f"Famille{NBSP}: {clean(driver.family)}"
    if driver.registered:
        yield f"Inscrit dans le système{NBSP}: {clean(driver.registered)}"
    for one in driver.files:
        yield f"{clean(one.middleware)}{NBSP}: {clean(_file_name(one.path))}, {one.machine.value}"


def _probe(probe: ProbeEnd, clean: Clean) -> str:
    words = [f"{clean(_file_name(probe.what))}{NBSP}: {probe.end.value}{_code(probe.code, _probe_code_name(probe))}"]
    words += [f"{probe.tokens} clé(s) vue(s)"] if probe.tokens else []
    return ", ".join([*words, *_flags(probe.pin)])


def _probe_code_name(probe: ProbeEnd) -> str:
    return code_name(probe.code, Origin.MODULE) if probe.loaded else LOADER_CODE_NAMES.get(probe.code, "")


def _flags(pin: PinFlags) -> list[str]:
    said = (
        (pin.low, "COUNT_LOW"),
        (pin.last_try, "FINAL_TRY"),
        (pin.locked, "LOCKED"),
        (pin.to_change, "TO_BE_CHANGED"),
    )
    return [word for raised, word in said if raised]


def _certificate(found: Found, verdict: Verdict, salt: bytes, clean: Clean) -> str:
    certificate = found.certificate
    left = (to_platform(certificate.not_after).date() - to_platform(verdict.looked_at).date()).days
    kind = "module" if found.origin is Origin.MODULE else "CSP" if found.provider_type else "KSP"
    parts = [
        f"{hashlib.sha256(salt + certificate.fingerprint.encode()).hexdigest()[:8]}{NBSP}: {certificate.usage.value}",
        f"émis par {clean(certificate.issuer) or '?'}",
        f"jours restants{NBSP}: {left}",
        f"{found.origin.value}, {kind}, {clean(found.provider) or '?'}, sur carte{NBSP}: {_yes(said=on_card(found))}",
        f"{found.answer.value}{_code(found.key_code, code_name(found.key_code, found.origin), found.origin)}",
    ]
    parts += [word for word in (certificate.weak, "autorité" if certificate.authority else "") if word]
    return ", ".join(parts)


def _file_name(path: str) -> str:
    return re.split(r"[\\/]", path)[-1]


def _yes(*, said: bool) -> str:
    return "oui" if said else "non"
