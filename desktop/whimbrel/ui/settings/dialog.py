"""*Settings*: pages at the left, what can be set at the right, and a field that finds any of it."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from whimbrel.ui.settings.finder import Hit, Mark, find
from whimbrel.ui.settings.page import Page, PageContext
from whimbrel.ui.settings.page_list import PageList
from whimbrel.ui.settings.pages import PAGES
from whimbrel.ui.theme.icons import icon
from whimbrel.ui.theme.theme import LARGE, grown
from whimbrel.ui.widgets.announce import announce
from whimbrel.ui.widgets.buttons import icon_button
from whimbrel.ui.widgets.label import Label
from whimbrel.ui.widgets.margins import set_margins
from whimbrel.ui.widgets.search_field import SearchField

P = TypeVar("P", bound=Page)

_SIZE = (820, 620)
_MINIMUM = (340, 320)
_SIDE = 15  # width of the list, in times the height of a line
_BOTH = 36  # the least width for list and page side by side, likewise
_KIND = Qt.ItemDataRole.UserRole


class SettingsDialog(QDialog):
    """A window of pages, made when they are first seen. Where it is narrow it shows list or page."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._made: dict[type[Page], Page] = {}
        self._is_narrow = False
        self._is_at_page = False  # where there is room for one of both
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings"))
        self.setAccessibleName(self.tr("Settings"))
        self.setMinimumSize(*_MINIMUM)
        self.search = SearchField("Ctrl+F")
        self.search.setAccessibleName(self.tr("Search settings"))
        self.list = PageList(self.tr("Pages"))
        self.found = PageList(self.tr("Found settings"))
        self.nothing = Label(self.tr("Nothing is found."), tone="second", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.heading = Label(size=LARGE, bold=True)
        self.back = icon_button("back", self.tr("Back to the pages"))
        self.close_button = icon_button("close", self.tr("Close"))
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._fill()
        self.resize(*map(grown, _SIZE))
        self.resize(self.size().boundedTo(self.screen().availableSize()))
        self.search.setFocus()  # one can type at once; the arrow down leads into the list
        self._ahead = QTimer(self)
        self._ahead.timeout.connect(self._make_ahead)
        self._ahead.start(0)

    def page(self, kind: type[P]) -> P:
        """A page as a whole, made if nobody has seen it yet."""
        made = self._begin(kind)
        made.build_all()
        if not isinstance(made, kind):
            raise TypeError(f"{kind.__name__} is not {type(made).__name__}")
        return made

    def _begin(self, kind: type[Page]) -> Page:
        """A page, of which a part may still have to be made."""
        if kind not in self._made:
            self._made[kind] = kind(self._context, in_parts=True)
            self.pages.addWidget(self._made[kind])
        return self._made[kind]

    def show_page(self, kind: type[Page]) -> None:
        """Show a page."""
        self.pages.setCurrentWidget(self._begin(kind))
        self.heading.setText(kind.title())
        self.list.blockSignals(True)
        self.list.setCurrentRow(PAGES.index(kind))
        self.list.blockSignals(False)

    def show_hit(self, hit: Hit) -> None:
        """Show what was found, marked, and give it the focus."""
        self.show_page(hit.page)
        self._show_side(page=True)
        page = self.page(hit.page)
        if hit.entry is None:
            self._on_page_chosen()
            return
        QApplication.sendPostedEvents(page.widget(), QEvent.Type.LayoutRequest)  # so that it has its place
        page.ensureWidgetVisible(hit.entry.place)
        hit.entry.control.setFocus(Qt.FocusReason.ShortcutFocusReason)
        Mark(hit.entry.place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_width()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_width()

    # parts

    def _lay_out(self) -> None:
        self.results = QStackedWidget()
        for widget in (self.list, self.found, self.nothing):
            self.results.addWidget(widget)
        self.side = QWidget()
        self.side.setProperty("surface", "side")
        self.side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side = QVBoxLayout(self.side)
        side.setContentsMargins(12, 16, 12, 12)
        side.setSpacing(12)
        side.addWidget(self.search)
        side.addWidget(self.results, 1)
        head = QHBoxLayout()
        set_margins(head, 24, 16, 16, 8)
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.heading, 1)
        head.addWidget(self.close_button)
        self.right = QWidget()
        right = QVBoxLayout(self.right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(head)
        right.addWidget(self.pages, 1)
        both = QHBoxLayout(self)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(self.side)
        both.addWidget(self.right, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_search)
        self.search.list_requested.connect(self._enter_list)
        self.search.returnPressed.connect(self._on_search_entered)
        self.list.currentRowChanged.connect(lambda row: self.show_page(PAGES[row]))
        self.list.itemClicked.connect(lambda _item: self._show_side(page=True))
        self.list.itemActivated.connect(self._on_page_chosen)
        self.found.itemClicked.connect(self._on_hit_chosen)
        self.found.itemActivated.connect(self._on_hit_chosen)
        self.back.clicked.connect(self._go_back)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self._on_finished)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self._focus_search)

    def _fill(self) -> None:
        for kind in PAGES:
            item = QListWidgetItem(icon(kind.icon), kind.title())
            self.list.addItem(item)
        self.show_page(PAGES[0])

    def _make_ahead(self) -> None:
        """Make what shows, then what nobody has seen, a part a turn of the event loop: nobody waits for it."""
        shown = self.pages.currentWidget()
        begun = sorted(self._made.values(), key=lambda page: page is not shown)
        if any(page.build_next() for page in begun):
            return
        if (kind := next((kind for kind in PAGES if kind not in self._made), None)) is not None:
            self._begin(kind)
        else:
            self._ahead.stop()

    def _on_finished(self) -> None:
        self._ahead.stop()
        for page in self._made.values():
            page.leave()

    # list or page

    def _take_width(self) -> None:
        line = self.fontMetrics().height()
        self._is_narrow = self.width() < line * _BOTH
        self.side.setMinimumWidth(0)
        self.side.setMaximumWidth(16777215 if self._is_narrow else line * _SIDE)
        self.side.setMinimumWidth(0 if self._is_narrow else line * _SIDE)
        self.back.setVisible(self._is_narrow)
        self._show_side(page=self._is_at_page)

    def _show_side(self, *, page: bool) -> None:
        """Show the page, or the list; both where there is room."""
        self._is_at_page = page
        self.side.setVisible(not self._is_narrow or not page)
        self.right.setVisible(not self._is_narrow or page)

    def _go_back(self) -> None:
        self._show_side(page=False)
        self._enter_list()

    def _on_page_chosen(self) -> None:
        self._show_side(page=True)
        if (first := self._first_control()) is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _first_control(self) -> QWidget | None:
        """Where the keyboard goes on the page that shows."""
        page = self.pages.currentWidget()
        if not isinstance(page, Page):
            return None
        usable = (entry.control for entry in page.entries if entry.control.isEnabled())
        return next(usable, self.close_button)

    # searching

    def _focus_search(self) -> None:
        self._show_side(page=False)
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _on_search(self, query: str) -> None:
        hits = find(PAGES, self.page, query)
        self.found.clear()
        for hit in hits:
            item = QListWidgetItem(icon(hit.page.icon), hit.words)
            item.setToolTip(hit.page.title())
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, hit.page.title())
            item.setData(_KIND, hit)
            self.found.addItem(item)
        self.found.setCurrentRow(0)
        self.results.setCurrentWidget(self.found if hits else self.nothing if query.strip() else self.list)
        if query.strip():
            announce(self.search, self.tr("%n found", "", len(hits)))

    def _enter_list(self) -> None:
        shown = self.results.currentWidget()
        if shown is not None and shown is not self.nothing:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_search_entered(self) -> None:
        if self.results.currentWidget() is self.found:
            self._on_hit_chosen(self.found.currentItem())

    def _on_hit_chosen(self, item: QListWidgetItem) -> None:
        hit = item.data(_KIND)
        if isinstance(hit, Hit):
            self.show_hit(hit)
