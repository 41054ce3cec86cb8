"""The tables of « Sauvegarde »."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QAbstractTableModel, Qt
from pytestqt.modeltest import ModelTester

from enn_desktop.core.errors import FileAbsent
from enn_desktop.qt.saving.tables import Damage, DamageTable, FailureTable, RunTable
from tests.qt import samples_saving as samples

DAMAGES = tuple(Damage(samples.ROOT, one) for one in samples.DAMAGED.damages)


def filled() -> list[QAbstractTableModel]:
    runs, failures, damages = RunTable(), FailureTable(), DamageTable()
    runs.set_rows(samples.RUNS)
    failures.set_rows(samples.FAILURES)
    damages.set_rows(DAMAGES)
    return [runs, failures, damages, RunTable()]


def trust(tester: ModelTester, model: QAbstractTableModel) -> None:
    tester.check(model, force_py=True)  # type: ignore[no-untyped-call] # pytest-qt has no types there


def line(model: QAbstractTableModel, row: int) -> list[str]:
    cells = (str(model.index(row, column).data()) for column in range(model.columnCount()))
    return [cell.replace("\u00a0", " ").replace("\u202f", " ") for cell in cells]


@pytest.mark.parametrize("number", range(4))
def test_a_table_is_a_model_that_qt_trusts(qtmodeltester: ModelTester, number: int) -> None:
    trust(qtmodeltester, filled()[number])


def test_a_table_stays_a_model_when_its_rows_change(qtmodeltester: ModelTester) -> None:
    model = FailureTable()
    trust(qtmodeltester, model)
    model.set_rows(samples.FAILURES)
    model.set_rows(samples.FAILURES[:1])
    model.set_rows(())
    assert model.rowCount() == 0


def test_a_past_run_is_one_line() -> None:
    model = RunTable()
    model.set_rows(samples.RUNS)
    whole = ["24/11/2026 09:09", "terminée avec des manques", "14", "42", "12,4 Mo", "3", "4 min", str(samples.ROOT)]
    assert line(model, 0) == whole
    assert [line(model, row)[1] for row in (1, 2, 3)] == ["terminée", "arrêtée à votre demande", "interrompue"]


def test_a_failure_says_what_is_missing_and_what_to_do() -> None:
    model = FailureTable()
    model.set_rows(samples.FAILURES)
    title, file, what, todo, since, times = line(model, 1)
    assert (title, file, since, times) == ("Bordereau de mandats n° 1847", "PES_1847.xml", "20/11/2026", "4")
    assert what.startswith("Le fichier est arrivé incomplet")
    assert todo.startswith("Un nouvel essai")


def test_a_damaged_file_is_named_with_what_happened_to_it() -> None:
    model = DamageTable()
    model.set_rows(DAMAGES)
    assert [line(model, row)[:2] for row in range(2)] == [["DEL_2026_012.pdf", "modifié"], ["aractes.xml", "absent"]]


def test_numbers_stand_on_the_right_under_their_heading() -> None:
    model = RunTable()
    model.set_rows(samples.RUNS)
    role = Qt.ItemDataRole.TextAlignmentRole
    cell, heading = model.index(0, 4).data(role), model.headerData(4, Qt.Orientation.Horizontal, role)
    assert cell == heading
    assert cell & Qt.AlignmentFlag.AlignRight


def test_the_same_rows_again_change_nothing(qtmodeltester: ModelTester) -> None:
    model = RunTable()
    trust(qtmodeltester, model)
    model.set_rows(samples.RUNS)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_rows(tuple(samples.RUNS))
    assert resets == []


def test_a_cell_that_is_cut_can_be_read_whole_and_never_as_html() -> None:
    model = FailureTable()
    model.set_rows((samples.failure("x", "<b>Objet</b> & suite", FileAbsent()),))
    tip = str(model.index(0, FailureTable.TITLE).data(Qt.ItemDataRole.ToolTipRole))
    assert "&lt;b&gt;Objet&lt;/b&gt; &amp; suite" in tip
