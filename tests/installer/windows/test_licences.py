"""Every component that is shipped has a licence that fits and its text; else there is no product."""

from __future__ import annotations

from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from installer.failures import SetupError
from installer.windows.licences import Shipped, collect_licences, index, is_copyleft_alone, licence_of
from installer.windows.workshop import Workshop

QT = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"


@pytest.mark.parametrize(
    ("licence", "alone"),
    [
        ("MIT", False),
        (QT, False),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", False),
        ("GPL-3.0-only", True),
        ("GPL-2.0-only OR GPL-3.0-only", True),
        ("AGPL-3.0", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("Apache-2.0 OR GPL-2.0-only", False),
    ],
)
def test_a_licence_that_leaves_no_choice_but_the_gpl_is_recognised(licence: str, alone: bool) -> None:  # noqa: FBT001 - the answer itself
    assert is_copyleft_alone(licence) is alone


def component(folder: Path, name: str, told: str, **texts: str) -> Path:
    """Make a component's description with these texts (``__`` stands for a folder)."""
    described = folder / f"{name}-1.0.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{told}\n", encoding="utf-8"
    )
    for key, text in texts.items():
        path = described / key.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return described


@pytest.mark.parametrize(
    ("told", "licence"),
    [
        ("License-Expression: MIT", "MIT"),
        ("License: BSD-3-Clause", "BSD-3-Clause"),
        ("Classifier: License :: OSI Approved :: MIT License", "MIT License"),
        ("Classifier: Topic :: Text", ""),
    ],
)
def test_a_licence_is_read_where_components_say_it(tmp_path: Path, told: str, licence: str) -> None:
    assert licence_of(PathDistribution(component(tmp_path, "un", told))) == licence


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    made = Workshop(out=tmp_path / "out")
    made.runtime.mkdir(parents=True)
    (made.runtime / "LICENSE.txt").write_text("PSF", encoding="utf-8")
    return made


def test_texts_are_gathered_in_one_folder_each_under_its_component(workshop: Workshop, tmp_path: Path) -> None:
    components, payload = tmp_path / "sp", tmp_path / "payload"
    component(components, "un_deux", "License-Expression: MIT", licenses__LICENSE="a", licenses__sub__NOTICE="b")
    component(components, "trois", "License: BSD", COPYING="c", **{"entry_points.txt": "[x]"})
    component(components, "shiboken6", f"License: {QT}")
    shipped = collect_licences(workshop, payload, components)
    assert [(one.name, one.folder) for one in shipped] == [
        ("shiboken6", "qt"),
        ("trois", "trois"),
        ("un-deux", "un-deux"),
    ]
    gathered = {path.relative_to(payload / "licences").as_posix() for path in payload.rglob("*") if path.is_file()}
    assert gathered == {
        "LISEZ-MOI.txt",
        "enn-desktop/LICENSE.txt",
        "python/LICENSE.txt",
        "qt/GPL-3.0.txt",
        "qt/LGPL-3.0.txt",
        "qt/logiciels-tiers.txt",
        "trois/COPYING",
        "un-deux/LICENSE",
        "un-deux/sub/NOTICE",
    }
    assert (components / "trois-1.0.dist-info" / "entry_points.txt").exists()


@pytest.mark.parametrize(
    ("told", "texts"),
    [("License-Expression: GPL-3.0-only", {"LICENSE": "x"}), ("Summary: x", {"LICENSE": "x"}), ("License: MIT", {})],
)
def test_a_component_without_a_text_without_a_licence_or_under_the_gpl_alone_stops_the_build(
    workshop: Workshop, tmp_path: Path, told: str, texts: dict[str, str]
) -> None:
    component(tmp_path / "sp", "un", told, **texts)
    with pytest.raises(SetupError, match="licence"):
        collect_licences(workshop, tmp_path / "payload", tmp_path / "sp")


def test_the_list_names_each_component_its_licence_and_its_folder() -> None:
    text = index("1.2.3", [Shipped("un", "4.5", "MIT", "un")])
    assert "enn-desktop 1.2.3" in text
    assert "un 4.5\n    MIT\n    dossier un\n" in text
