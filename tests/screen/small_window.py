"""A program with one small window, to try the screen with: its title says what happened to it."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QSystemTrayIcon, QVBoxLayout, QWidget

RED = (192, 57, 43)
GREEN = (39, 120, 70)
TITLE = "Petite fenêtre"


def paint(button: QPushButton, colour: tuple[int, int, int]) -> None:
    """Give the button a plain ground."""
    button.setStyleSheet(f"background: rgb{colour}; color: white; border: 0; min-height: 40px;")


def main() -> int:
    """Show the window until it is closed."""
    app = QApplication(sys.argv)
    window, button, field = QWidget(), QPushButton("Récupérer"), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(field)
    layout.addWidget(button)
    window.setWindowTitle(f"{TITLE}, avec bac" if QSystemTrayIcon.isSystemTrayAvailable() else TITLE)
    paint(button, RED)

    def clicked() -> None:
        paint(button, GREEN)
        window.setWindowTitle("Cliqué")

    button.clicked.connect(clicked)
    field.textChanged.connect(lambda text: window.setWindowTitle(f"Tapé : {text}"))
    window.resize(300, 120)
    window.show()
    field.setFocus()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
