"""The folders in use are known from the profile alone, wherever their disk is."""

from __future__ import annotations

import os
from pathlib import Path

from enn_desktop.agenda.places import folder_of, known_places, root_is_there, roots
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.system.paths import profile_paths
from tests.agenda.made import place


def account(name: str, folder: str = "") -> AccountSettings:
    return AccountSettings(name=name, address="https://pastell.exemple.fr", folder=folder)


def test_each_folder_is_named_once_in_the_order_of_the_accounts(tmp_path: Path) -> None:
    common, own = str(tmp_path / "commune"), str(tmp_path / "ccas")
    settings = Settings(folder=common, accounts=(account("a"), account("b", own), account("c")))
    assert roots(settings) == (Path(common), Path(own))


def test_without_an_account_or_a_choice_the_usual_folder_is_meant() -> None:
    assert roots(Settings()) == (folder_of(Settings(), None),)
    assert folder_of(Settings(), None).name == "Dossiers de la mairie"


def test_a_folder_whose_disk_is_unplugged_is_still_known(tmp_path: Path) -> None:
    known = place(tmp_path, [])
    known.root.rmdir()
    assert known_places(profile_paths(tmp_path / "profil"), [known.root]) == [known]
    assert not root_is_there(known.root)


def test_a_folder_never_used_and_a_catalogue_that_is_damaged_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "profil").mkdir()
    (tmp_path / "profil" / "catalogue-x.sqlite").write_bytes(b"not a database, only bytes " * 50)
    assert known_places(profile_paths(tmp_path / "profil"), [tmp_path / "ailleurs"]) == []


def test_a_profile_that_does_not_exist_yet_knows_nothing(tmp_path: Path) -> None:
    assert known_places(profile_paths(tmp_path / "neuf"), [tmp_path]) == []


def test_of_two_catalogues_of_one_folder_the_one_written_last_is_meant_even_while_it_is_written(tmp_path: Path) -> None:
    former, present = (place(tmp_path, [], name=name) for name in ("ancien", "nouveau"))
    for known, moment in ((former, 2_000), (present, 1_000)):
        with Catalogue(known.catalogue) as catalogue:
            catalogue.note_root(tmp_path)
        os.utime(known.catalogue, (moment, moment))
    paths = profile_paths(tmp_path / "profil")
    assert [one.catalogue for one in known_places(paths, [tmp_path])] == [former.catalogue]
    with Catalogue.for_reading(former.catalogue) as reader, Catalogue(present.catalogue) as run:
        assert list(reader.dossiers()) == []
        run.put_dossier(KnownDossier("s", "a", "2"))
        assert [one.catalogue for one in known_places(paths, [tmp_path])] == [present.catalogue]
