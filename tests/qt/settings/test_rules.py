"""ENN's rules as they are shown: how long, fixed by whom, what a file of this computer changes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester

from enn_desktop.core.policy import PolicyLayer, layer_policies
from enn_desktop.core.rules import Policy
from enn_desktop.qt.settings.dialog import SettingsDialog
from enn_desktop.qt.settings.rules_table import HEADINGS, RulesTable
from enn_desktop.qt.settings.rules_words import NOT_GIVEN, Override, headline, key_words, overrides, rule_rows
from tests.qt import samples_settings as sample
from tests.qt.settings.conftest import Opened

FILES = sample.FACTS.policy_files


def said(dialog: SettingsDialog) -> str:
    return "\n".join(label.text() for label in dialog.rules.findChildren(QLabel))


def test_the_table_keeps_the_rules_of_models(qtmodeltester: ModelTester) -> None:
    model = RulesTable()
    model.set_rows(rule_rows(sample.policy()))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt's own has no types
    model.set_rows(())
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt's own has no types


def test_each_flow_has_its_duration_its_alerts_and_their_origin() -> None:
    model = RulesTable()
    model.set_rows(rule_rows(sample.policy()))
    first = [model.index(0, column).data() for column in range(model.columnCount())]
    assert first == ["Actes", "700 jours", "90, 30 et 7", "Charte ENN, mars 2025"]
    headings = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert tuple(headings) == HEADINGS


def test_a_duration_that_nobody_stated_is_said_to_be_prudence() -> None:
    row = next(row for row in rule_rows(sample.policy()) if row.label == "Bons de commande")
    assert (row.duration, row.fixed_by) == ("60 jours", NOT_GIVEN)


def test_a_duration_changed_on_this_computer_names_the_file_and_the_day() -> None:
    row = next(row for row in rule_rows(sample.policy_changed_here()) if row.label == "Documents à signer")
    assert row.duration == "45 jours"
    assert row.fixed_by == f"Cet ordinateur ({sample.MACHINE_FILE}), depuis le 2 mai 2026"


def test_the_rules_in_force_say_their_source_version_and_day() -> None:
    assert headline(sample.policy()) == "Charte ENN, mars 2025. Version\u00a01, en vigueur depuis le 1er mars 2025."


def test_which_file_changes_what_is_said_in_words() -> None:
    found = overrides(sample.policy_changed_here(), FILES)
    keys = ("Documents à signer\u00a0: durée", "Support ENN\u00a0: téléphone", "Support ENN\u00a0: courriel")
    assert found == (Override(f"cet ordinateur ({sample.MACHINE_FILE})", keys),)
    assert overrides(sample.policy(), FILES) == ()


def test_a_key_of_a_family_that_is_not_there_is_shown_as_it_is() -> None:
    assert key_words(sample.policy(), "flux.inconnu.mystere") == "inconnu\u00a0: mystere"
    assert key_words(sample.policy(), "general.jours_securite") == "marge de sécurité"


def test_the_section_says_everything_on_one_page(opened: Opened) -> None:
    text = said(opened("rules", policy=sample.policy_changed_here()))
    for part in ("02 99 00 00 00", "support@enn.exemple.fr", "flux.actes.couleur", "*-destinataire", *FILES):
        assert part in text


def test_without_any_change_it_says_so_and_how_one_is_made(opened: Opened) -> None:
    text = said(opened("rules"))
    assert "Aucune de ces règles n’est changée" in text
    assert sample.MACHINE_FILE in text


def test_a_family_that_a_file_adds_is_shown_with_its_origin() -> None:
    extra = '[flux.cimetiere]\nlibelle = "Cimetière"\nduree_jours = 1\ntypes = ["cimetiere"]\n'
    policy: Policy = layer_policies([sample.shipped(), PolicyLayer("votre réglage (F)", extra)])
    row = next(row for row in rule_rows(policy) if row.label == "Cimetière")
    assert (row.duration, row.fixed_by) == ("1 jour", "Votre réglage (F)")


def test_the_whole_table_is_there_without_scrolling_in_it(opened: Opened) -> None:
    table = opened("rules").rules.table
    last = table.visualRect(table.model().index(table.model().rowCount() - 1, 0))
    assert table.viewport().rect().contains(last.center())
    assert table.verticalScrollBar().maximum() == 0
