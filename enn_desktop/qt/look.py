"""How everything looks: our sober palette in two modes, and nothing of it where the user asked for high contrast."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from enn_desktop.agenda.values import Tone


@dataclass(frozen=True, slots=True)
class Colours:
    """The palette of one mode, as ``#rrggbb``. Texts have 4.5:1 or more on their grounds, edges 3:1 (tested)."""

    window: str
    base: str
    raised: str
    text: str
    muted: str
    edge: str
    line: str
    accent: str
    on_accent: str
    accent_soft: str
    accent_lit: str
    """A filled button that has the focus: its ring stands out of it, and so does its text."""
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str

    def tone(self, tone: Tone) -> str:
        """Return the colour of words of that tone."""
        return {Tone.GOOD: self.good, Tone.PLAIN: self.text, Tone.WARN: self.warn, Tone.BAD: self.bad}[tone]

    def soft(self, tone: Tone) -> str:
        """Return the ground that goes with that tone."""
        return {
            Tone.GOOD: self.good_soft,
            Tone.PLAIN: self.raised,
            Tone.WARN: self.warn_soft,
            Tone.BAD: self.bad_soft,
        }[tone]


LIGHT = Colours(
    window="#f3f5f7", base="#ffffff", raised="#e9edf1", text="#1a2530", muted="#4f5d6b", edge="#74828f",
    line="#d3dae0", accent="#1d5c87", on_accent="#ffffff", accent_soft="#e0ecf5",
    accent_lit="#2677ae", good="#1b653a", good_soft="#e3f3e8", warn="#7a4f00", warn_soft="#fdf1d8",
    bad="#9f2430", bad_soft="#fbe8e9",
)  # fmt: skip
DARK = Colours(
    window="#1b2026", base="#232a31", raised="#2d363f", text="#e7ecf1", muted="#adb9c4", edge="#7f8d9a",
    line="#3a444e", accent="#84c1ea", on_accent="#0d1a24", accent_soft="#263c4d",
    accent_lit="#4289b9", good="#82d09e", good_soft="#213a2b", warn="#ecc374", warn_soft="#41341c",
    bad="#f5a09c", bad_soft="#472629",
)  # fmt: skip
ROLES = QPalette.ColorRole
EDGED = ("QCheckBox", "QRadioButton", "QAbstractSpinBox", "QComboBox")
LARGE_PT = 14
"""Points: letters that a user has made much larger leave less room around them."""
FUSION_SHADE = 140
"""Percent: how much darker than the window Fusion draws an edge."""


class Look:
    """The look in force; pages ask it for colours, and are told when it changes by Qt's own palette change."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.colours = LIGHT
        self.contrasted = False

    def dress(self, scheme: Qt.ColorScheme | None = None) -> None:
        """Dress the application for the system's mode, or for the one given (pictures)."""
        hints = QGuiApplication.styleHints()
        wanted = hints.colorScheme() if scheme is None else scheme
        self.colours = DARK if wanted == Qt.ColorScheme.Dark else LIGHT
        self.contrasted = scheme is None and _high_contrast()
        if self.contrasted:
            # The user's own contrasted theme is better than any palette of ours.
            self._app.setStyleSheet(_sheet(_from_palette(self._app.palette())))
            return
        self._app.setStyle("Fusion")
        self._app.setPalette(_palette(self.colours))
        for kind in EDGED:
            # The stub says bytes, the binding takes text.
            self._app.setPalette(_edged(self.colours), kind)  # type: ignore[arg-type]
        self._app.setStyleSheet(_sheet(self.colours))


def _high_contrast() -> bool:
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", None)
    if accessibility is None:
        return False
    return bool(accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def _from_palette(palette: QPalette) -> Colours:
    name = {role: palette.color(role).name() for role in (ROLES.Window, ROLES.Base, ROLES.WindowText, ROLES.Highlight)}
    ground, base, text = name[ROLES.Window], name[ROLES.Base], name[ROLES.WindowText]
    accent, on_accent = name[ROLES.Highlight], palette.color(ROLES.HighlightedText).name()
    return Colours(
        window=ground, base=base, raised=base, text=text, muted=text, edge=text, line=text, accent=accent,
        on_accent=on_accent, accent_soft=base, accent_lit=accent, good=text, good_soft=base, warn=text,
        warn_soft=base, bad=text, bad_soft=base,
    )  # fmt: skip


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    for role, colour in (
        (ROLES.Window, c.window), (ROLES.WindowText, c.text), (ROLES.Base, c.base), (ROLES.AlternateBase, c.raised),
        (ROLES.Text, c.text), (ROLES.PlaceholderText, c.muted), (ROLES.Button, c.raised), (ROLES.ButtonText, c.text),
        (ROLES.ToolTipBase, c.base), (ROLES.ToolTipText, c.text), (ROLES.Highlight, c.accent),
        (ROLES.HighlightedText, c.on_accent), (ROLES.Link, c.accent), (ROLES.LinkVisited, c.accent),
        (ROLES.Light, c.base), (ROLES.Midlight, c.raised), (ROLES.Mid, c.line), (ROLES.Dark, c.edge),
        (ROLES.Shadow, c.edge), (ROLES.BrightText, c.bad), (ROLES.Accent, c.accent),
    ):  # fmt: skip
        palette.setColor(role, QColor(colour))
    for role in (ROLES.WindowText, ROLES.Text, ROLES.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.muted))
    return palette


def _edged(c: Colours) -> QPalette:
    """Return the palette of what is ticked or chosen: Fusion draws its edge from the window's colour, too faintly."""
    palette = _palette(c)
    palette.setColor(ROLES.Window, QColor(c.edge).lighter(FUSION_SHADE))
    return palette


def _sheet(c: Colours) -> str:  # one piece: a style sheet is one table, read from top to bottom
    """Return the few rules that the palette cannot say; widgets opt in with the property ``role``.

    Larger letters are so many times the program's own size, which the user may have enlarged.
    """
    size = QApplication.font().pointSizeF()
    usual = size if size > 0 else 10
    # A button squeezed by a small window keeps the height of its text, and the four places their names.
    line = max(20, QFontMetrics(QApplication.font()).height())
    side = 14 if usual <= LARGE_PT else 6
    return f"""
QToolTip {{ color: {c.text}; background: {c.base}; border: 1px solid {c.edge}; padding: 4px; }}
QFrame[role="card"] {{ background: {c.base}; border: 1px solid {c.line}; border-radius: 6px; }}
QFrame[role="header"] {{ background: {c.base}; border: none; border-bottom: 1px solid {c.line}; }}
QFrame[role="footer"] {{ background: {c.base}; border: none; border-top: 1px solid {c.line}; }}
QFrame[role="banner"] {{ background: {c.accent_soft}; border: none; border-bottom: 1px solid {c.accent}; }}
QFrame[role="good"] {{ background: {c.good_soft}; border: 1px solid {c.good}; border-radius: 6px; }}
QFrame[role="warn"] {{ background: {c.warn_soft}; border: 1px solid {c.warn}; border-radius: 6px; }}
QFrame[role="bad"] {{ background: {c.bad_soft}; border: 1px solid {c.bad}; border-radius: 6px; }}
QFrame[role="plain"] {{ background: {c.base}; border: 1px solid {c.edge}; border-radius: 6px; }}
QFrame[role="row"] {{ border: 2px solid transparent; border-radius: 4px; }}
QFrame[role="row"]:hover {{ background: {c.window}; }}
QFrame[role="row"]:focus {{ border-color: {c.accent}; }}
QFrame[role="legend-here"] {{ background: {c.accent_soft}; border: 1px solid {c.accent}; }}
QFrame[role="legend-away"] {{ background: {c.bad}; border: 1px solid {c.bad}; }}
QLabel[role="title"] {{ font-size: {usual * 1.5:.1f}pt; font-weight: 600; }}
QLabel[role="section"] {{ font-size: {usual * 1.1:.1f}pt; font-weight: 600; }}
QLabel[role="muted"] {{ color: {c.muted}; }}
QLabel[role="good"] {{ color: {c.good}; font-weight: 600; border: none; background: transparent; }}
QLabel[role="warn"] {{ color: {c.warn}; font-weight: 600; border: none; background: transparent; }}
QLabel[role="bad"] {{ color: {c.bad}; font-weight: 600; border: none; background: transparent; }}
QPushButton, QToolButton {{ outline: none; border: 1px solid {c.edge}; border-radius: 4px; padding: 4px 12px;
  min-height: {line}px; background: {c.base}; color: {c.text}; }}
QPushButton:hover, QToolButton:hover {{ background: {c.raised}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.line}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.muted}; border-color: {c.line}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {c.accent}; padding: 3px 11px; }}
QPushButton[role="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
  font-weight: 600; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {c.text}; background: {c.accent_lit}; }}
QPushButton[role="primary"]:disabled {{ background: {c.raised}; color: {c.muted}; border-color: {c.line}; }}
QPushButton[role="big"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; font-weight: 600;
  font-size: {usual * 1.2:.1f}pt; padding: 8px 22px; }}
QPushButton[role="big"]:focus {{ border: 2px solid {c.text}; background: {c.accent_lit}; padding: 7px 21px; }}
QPushButton[role="big"]:disabled {{ background: {c.raised}; color: {c.muted}; border-color: {c.line}; }}
QPushButton[role="link"] {{ border: 1px solid transparent; background: transparent; color: {c.accent};
  text-decoration: underline; padding: 3px 4px; text-align: left; }}
QPushButton[role="link"]:focus {{ border: 2px solid {c.accent}; padding: 2px 3px; }}
QToolButton[role="place"] {{ border: none; border-bottom: 3px solid transparent; border-radius: 0;
  padding: 8px {side}px; background: transparent; font-size: {usual * 1.05:.1f}pt; }}
QToolButton[role="place"]:hover {{ background: {c.raised}; }}
QToolButton[role="place"]:checked {{ border-bottom: 3px solid {c.accent}; color: {c.accent}; font-weight: 600; }}
QToolButton[role="place"]:focus {{ border: 2px solid {c.accent}; border-radius: 4px;
  padding: 6px {side - 2}px 7px {side - 2}px; }}
QLineEdit, QPlainTextEdit {{ border: 1px solid {c.edge}; border-radius: 4px; padding: 3px 6px;
  min-height: {line}px; background: {c.base}; color: {c.text}; selection-background-color: {c.accent};
  selection-color: {c.on_accent}; }}
QLineEdit {{ placeholder-text-color: {c.muted}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {c.accent};
  padding: 2px 5px; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0 4px; min-height: 0; background: transparent; }}
QComboBox {{ min-height: 26px; }}
QCheckBox, QRadioButton {{ min-height: 22px; border: 2px solid transparent; border-radius: 4px; padding-right: 4px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {c.accent}; }}
QRadioButton[role="past"] {{ color: {c.muted}; }}
QLabel:focus {{ background: {c.accent_soft}; }}
QListView[role="sections"] {{ outline: none; }}
QListView[role="sections"]::item {{ padding: 6px 8px; color: {c.text}; }}
QListView[role="sections"]::item:hover {{ background: {c.raised}; }}
QListView[role="sections"]::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
QAbstractItemView {{ border: 1px solid {c.line}; background: {c.base}; alternate-background-color: {c.window}; }}
QAbstractItemView:focus {{ border: 2px solid {c.accent}; }}
QHeaderView::section {{ background: {c.raised}; color: {c.text}; border: none; border-right: 1px solid {c.line};
  border-bottom: 1px solid {c.edge}; padding: 4px 6px; }}
QTabWidget::pane {{ border: none; }}
QTabBar::tab {{ border: none; border-bottom: 3px solid transparent; padding: 6px 14px; background: transparent;
  color: {c.text}; }}
QTabBar::tab:hover {{ background: {c.raised}; }}
QTabBar::tab:selected {{ border-bottom: 3px solid {c.accent}; color: {c.accent}; }}
QTabBar::tab:focus {{ border: 2px solid {c.accent}; padding: 4px 12px 5px 12px; }}
QScrollArea {{ border: none; background: transparent; }}
QProgressBar {{ border: 1px solid {c.edge}; border-radius: 4px; background: {c.base}; text-align: center;
  min-height: 18px; color: {c.text}; }}
QProgressBar::chunk {{ background: {c.accent_soft}; border-right: 3px solid {c.accent}; }}
"""


def own_font() -> QFont:
    """Return the font of the whole program: the system's own, a little larger where it is small."""
    font = QApplication.font()
    if 0 < font.pointSizeF() < 10:  # noqa: PLR2004 - points; eyes are not those of a 25-year-old
        font.setPointSizeF(10)
    return font


def with_role(widget: QWidget, role: str) -> None:
    """Give a widget its role in the style (card, primary, title, muted…); may be changed later."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def colours_of(widget: QWidget) -> Colours:
    """Return the colours in force, for what ``widget`` draws by hand."""
    # The application's palette: a style sheet gives a framed widget a ground of its own.
    palette = QApplication.palette()
    ground = palette.color(ROLES.Window)
    for colours in (LIGHT, DARK):
        if ground == QColor(colours.window):
            return colours
    return _from_palette(palette if palette.color(ROLES.Window).isValid() else widget.palette())
