"""The first screen: the answer in one sentence, the weeks ahead, then what to do, the most pressing first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from enn_desktop.agenda.values import Activity, Doing, KeyBadge, Outlook, TodoSection, Tone
from enn_desktop.core.french import NBSP, count
from enn_desktop.core.progress import Stage
from enn_desktop.qt.look import colours_of, with_role
from enn_desktop.qt.marks import OF_TONE, Mark, mark_pixmap
from enn_desktop.qt.pieces import GAP, SMALL_GAP, button, page_layout, scrolled, words
from enn_desktop.qt.todo.news import NewsLine
from enn_desktop.qt.todo.rows import SectionWidget
from enn_desktop.qt.todo.timeline import Timeline

if TYPE_CHECKING:
    from enn_desktop.agenda.health import Headline

MARK = 34
SECTIONS = (
    ("at_risk", "À récupérer", "Pas encore, ou pas entièrement, sur ce poste. Ce qui presse d’abord.", True),
    ("waiting", "À faire par vous", "La plateforme attend quelqu’un de la mairie.", False),
    ("troubled", "À régler", "Refusé, en erreur ou bloqué sur la plateforme.", False),
    (
        "in_progress",
        "En cours ailleurs",
        "Rien à faire\u00a0: d’autres, ou la plateforme, y travaillent.",
        False,
    ),
)
LEGEND_HERE, LEGEND_AWAY = "sur ce poste", "pas encore sur ce poste"


class HeadlineCard(QFrame):
    """The big sentence, and its one button."""

    acted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mark = QLabel()
        self._mark.setFixedSize(MARK, MARK)
        self._title, self._text = words(role="title"), words()
        self._button = button("Tout récupérer", self.acted.emit, "primary")
        self._tone = Tone.PLAIN
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP, SMALL_GAP, GAP, SMALL_GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self._mark)
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(self._title)
        text.addWidget(self._text)
        layout.addLayout(text, 1)
        layout.addWidget(self._button)
        with_role(self, "card")

    @property
    def button_text(self) -> str:
        """What the button says now; empty when there is none."""
        return "" if self._button.isHidden() else self._button.text()

    def tell(self, title: str, text: str, tone: Tone, action: str, mark: Mark | None = None) -> None:
        """Show a sentence, what it means, its tone, and the text of the button (empty for none)."""
        self._tone = tone
        with_role(self, tone.value)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._button.setText(action)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(f"{title} {text}")
        colours = colours_of(self)
        self._mark.setPixmap(
            mark_pixmap(mark or OF_TONE[tone], colours.tone(tone), MARK, self._mark.devicePixelRatioF())
        )


class TodoPage(QWidget):
    """Shows the outlook; asks for everything else."""

    fetch_wanted = Signal()
    account_wanted = Signal()
    progress_wanted = Signal()
    row_acted = Signal(object, object)
    """A ``TodoRow``, its ``Act``."""
    row_opened = Signal(object)
    """A ``TodoRow``."""
    all_wanted = Signal(str)
    """The name of a section: at_risk, waiting, troubled, in_progress."""
    week_wanted = Signal(object)
    """A ``WeekAhead``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline: Headline | None = None
        self._activity = Activity()
        self.card = HeadlineCard()
        self.card.acted.connect(self._act)
        self.timeline = Timeline()
        self.timeline.week_wanted.connect(self.week_wanted)
        self._ahead = QWidget()
        self.sections = {name: SectionWidget(name, title, hint, dated=dated) for name, title, hint, dated in SECTIONS}
        self.news = NewsLine()
        self._assemble()

    def _assemble(self) -> None:
        content = QWidget()
        layout = page_layout(content)
        layout.addWidget(self.card)
        ahead = QVBoxLayout(self._ahead)
        ahead.setContentsMargins(0, 0, 0, 0)
        ahead.setSpacing(0)
        ahead.addLayout(self._legend())
        ahead.addWidget(self.timeline)
        layout.addWidget(self._ahead)
        for section in self.sections.values():
            section.acted.connect(self.row_acted)
            section.opened.connect(self.row_opened)
            section.all_wanted.connect(self.all_wanted)
            layout.addWidget(section)
        layout.addStretch(1)
        layout.addWidget(self.news)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(content))
        self._ahead.hide()
        self.card.hide()

    def _legend(self) -> QHBoxLayout:
        layout = QHBoxLayout()
        layout.setSpacing(SMALL_GAP)
        layout.addWidget(words("Dossiers que la plateforme peut supprimer, semaine par semaine", "section"), 1)
        for role, text in (("legend-here", LEGEND_HERE), ("legend-away", LEGEND_AWAY)):
            square = QFrame()
            square.setFixedSize(14, 14)
            with_role(square, role)
            layout.addWidget(square, 0, Qt.AlignmentFlag.AlignVCenter)
            layout.addWidget(words(text, "muted", wrap=False))
        return layout

    def show_outlook(self, outlook: Outlook, headline: Headline) -> None:
        """Show what is known now; focus and scrolling stay where they are."""
        self._headline = headline
        several = len({row.entity for section in self._told(outlook).values() for row in section.rows}) > 1
        for name, section in self._told(outlook).items():
            self.sections[name].show_section(section, entity=several)
        self._ahead.setVisible(bool(outlook.known))
        self.timeline.show_weeks(outlook.weeks)
        self._tell()

    def show_activity(self, activity: Activity) -> None:
        """Show what goes on: during a work, the big sentence tells how it goes."""
        self._activity = activity
        self._tell()

    def show_key(self, badge: KeyBadge) -> None:
        """Show how the signing key is, beside the dossiers that need it."""
        for section in self.sections.values():
            section.show_key(badge)

    @staticmethod
    def _told(outlook: Outlook) -> dict[str, TodoSection]:
        return {
            "at_risk": outlook.at_risk,
            "waiting": outlook.waiting,
            "troubled": outlook.troubled,
            "in_progress": outlook.in_progress,
        }

    def _tell(self) -> None:
        if self._headline is None and self._activity.idle:
            return
        self.card.show()
        if self._activity.idle and self._headline is not None:
            line = self._headline
            self.card.tell(line.title, line.text, line.tone, line.action)
            return
        self.card.tell(*_progress_words(self._activity))

    def _act(self) -> None:
        if not self._activity.idle:
            self.progress_wanted.emit()
        elif self._headline is not None and self._headline.for_account:
            self.account_wanted.emit()
        else:
            self.fetch_wanted.emit()


def _progress_words(activity: Activity) -> tuple[str, str, Tone, str, Mark]:
    """Return title, text, tone, button and mark of what goes on."""
    state = activity.progress
    done = ""
    if state is not None and state.stage in {Stage.FETCHING, Stage.SEALING} and state.dossiers_total:
        done = f"{count(state.dossiers_done, 'dossier')} sur {state.dossiers_total}."
    see = "Voir la progression"
    if activity.doing is Doing.PAUSED:
        return "En pause.", f"{done} Rien n’est demandé à la plateforme.".strip(), Tone.PLAIN, see, Mark.PAUSE
    if activity.doing is Doing.VERIFYING:
        return f"Vérification en cours{NBSP}: chaque fichier est relu.", done, Tone.PLAIN, see, Mark.TURN
    if activity.doing is Doing.STOPPING:
        return "Arrêt en cours…", "Ce qui est déjà récupéré est gardé.", Tone.PLAIN, see, Mark.TURN
    return "Récupération en cours.", done or "La plateforme donne la liste des dossiers…", Tone.PLAIN, see, Mark.TURN
