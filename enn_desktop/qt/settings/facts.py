"""What the settings show that is not a setting: found out beforehand, elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """``free_bytes`` is ``None`` when unknown; ``autostart_reason`` says why it is not possible, in a sentence.

    ``vault_words`` says in a sentence where passwords are kept; ``policy_files`` names the files that may override
    ENN's rules, whether they exist or not. ``notice_reason`` says why nobody can be asked for a newer version,
    ``notice_state`` how the last question ended.
    """

    folder: Path
    free_bytes: int | None
    autostart_possible: bool
    autostart_reason: str
    vault_words: str
    policy_files: tuple[str, ...] = ()
    notice_reason: str = ""
    notice_state: str = ""
