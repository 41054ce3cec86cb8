"""What Windows's registry knows of a card by its ATR: whose driver was registered for it, in which of the two views."""

from __future__ import annotations

from dataclasses import dataclass

from enn_desktop.system.windows_registry import MachineKeys, machine_registry

CALAIS = r"SOFTWARE\Microsoft\Cryptography\Calais\SmartCards"
OURS = 64
"""The view of the registry that today's programs read."""
_MINIDRIVER, _CSP, _KSP = "80000001", "Crypto Provider", "Smart Card Key Storage Provider"


@dataclass(frozen=True, slots=True)
class Registration:
    """One driver registered for a kind of card: names only. ``bits``: 32 when 64-bit programs do not know it."""

    name: str
    minidriver: str = ""
    provider: str = ""
    key_storage: str = ""
    bits: int = 64


def registered_driver(atr: bytes, keys: MachineKeys | None = None) -> Registration | None:
    """Return the driver registered for a card, the 64-bit one first; ``None`` without one. May raise ``OSError``."""
    registry = keys or machine_registry()
    for bits in (OURS, 32):
        for name in registry.subkeys(CALAIS, bits):
            values = registry.values(f"{CALAIS}\\{name}", bits)
            if _is_for(atr, values.get("ATR"), values.get("ATRMask")):
                minidriver, csp, ksp = (_text(values, value) for value in (_MINIDRIVER, _CSP, _KSP))
                return Registration(name, minidriver, csp, ksp, bits)
    return None


def _is_for(atr: bytes, wanted: str | bytes | None, mask: str | bytes | None) -> bool:
    if not isinstance(wanted, bytes) or len(wanted) != len(atr) or not atr:
        return False
    # Without a mask, or with one of another length, every byte counts.
    every = mask if isinstance(mask, bytes) and len(mask) == len(atr) else b"\xff" * len(atr)
    return all((a ^ b) & m == 0 for a, b, m in zip(atr, wanted, every, strict=True))


def _text(values: dict[str, str | bytes], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""
