"""What stands beneath a message that was not delivered: why, and what can be done. No painting here."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from whimbrel.ui.conversation.actions import Action, ActionKind
from whimbrel.ui.conversation.look import MARGIN, MARGIN_RIGHT, Look
from whimbrel.ui.conversation.text import LINE_SEPARATOR, shown_text
from whimbrel.ui.words import failure_words

_APART = 16.0  # between two buttons
_BETWEEN = 3.0  # between two lines
_INSET = 4.0  # from the bubble's edge
_AFTER = 5.0  # what follows is not meant
_WIDEST = 520.0
_FLAGS = Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextWordWrap


class Aside(enum.Enum):
    """What is said besides the reason."""

    NONE = "none"
    DETAILS = "details"  # the technical text
    CONFIRM = "confirm"  # whether to discard it


@dataclass(frozen=True, slots=True)
class Line:
    """A text and where it is drawn."""

    text: str
    rect: QRectF
    is_error: bool


@dataclass(slots=True)
class FailureLayout:
    """The lines and buttons beneath a bubble, in the row's pixels."""

    lines: list[Line] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    bottom: float = 0.0

    @property
    def reason(self) -> str:
        """What happened, in words; "" where nothing failed."""
        return self.lines[0].text if self.lines else ""

    @property
    def rect(self) -> QRectF:
        """Where the reason stands."""
        return self.lines[0].rect if self.lines else QRectF()


def failure_sentence(error: str) -> str:
    """Why a message was not delivered, as a sentence's start."""
    why = failure_words(error)
    if not why:
        return QCoreApplication.translate("Timeline", "Not delivered")
    return QCoreApplication.translate("Timeline", "Not delivered: {reason}").replace("{reason}", why)


def lay_out_failure(error: str, aside: Aside, top: float, width: int, look: Look) -> FailureLayout:
    """Place everything beneath a bubble that ends at ``top``, on the side of one's own, in a row of this width."""
    layout = FailureLayout(bottom=top + _INSET)
    room = min(width - MARGIN - MARGIN_RIGHT - _INSET, _WIDEST)
    right = width - MARGIN_RIGHT - _INSET
    _add_line(layout, failure_sentence(error), right, room, look, is_error=True)
    if aside is Aside.DETAILS:
        _add_line(layout, _plain(error), right, room, look, is_error=False)
    elif aside is Aside.CONFIRM:
        question = QCoreApplication.translate("Timeline", "Discard this message?")
        _add_line(layout, question, right, room, look, is_error=False)
    _add_buttons(layout, _buttons(error, aside), right, room, look)
    layout.bottom += _AFTER
    if look.mirrored:
        _mirror(layout, width)
    return layout


def text_flags(look: Look) -> int:
    """How the lines are drawn."""
    return int((Qt.AlignmentFlag.AlignLeft if look.mirrored else Qt.AlignmentFlag.AlignRight) | _FLAGS)


def _mirror(layout: FailureLayout, width: int) -> None:
    """Turn the places round, for a row of this width."""
    for rect in [line.rect for line in layout.lines] + [action.rect for action in layout.actions if action.rect]:
        rect.moveLeft(width - rect.right())


def _buttons(error: str, aside: Aside) -> list[tuple[ActionKind, str]]:
    if aside is Aside.CONFIRM:
        return [
            (ActionKind.DISCARD_NOW, QCoreApplication.translate("Timeline", "Discard")),
            (ActionKind.KEEP, QCoreApplication.translate("Timeline", "Keep")),
        ]
    buttons = [
        (ActionKind.RETRY, QCoreApplication.translate("Timeline", "Retry")),
        (ActionKind.EDIT, QCoreApplication.translate("Timeline", "Edit")),
        (ActionKind.DISCARD, QCoreApplication.translate("Timeline", "Discard")),
    ]
    if error.strip():
        buttons.append((ActionKind.DETAILS, QCoreApplication.translate("Timeline", "Details")))
    return buttons


def _add_line(layout: FailureLayout, text: str, right: float, room: float, look: Look, *, is_error: bool) -> None:
    metrics = QFontMetricsF(look.small)
    needed = metrics.boundingRect(QRectF(0, 0, room, 10_000), text_flags(look), text)
    rect = QRectF(right - room, layout.bottom, room, max(needed.height(), look.small_height))
    layout.lines.append(Line(text, rect, is_error))
    layout.bottom = rect.bottom() + _BETWEEN


def _add_buttons(
    layout: FailureLayout, buttons: list[tuple[ActionKind, str]], right: float, room: float, look: Look
) -> None:
    """Buttons in lines that end at the right; as many to a line as there is room for."""
    metrics = QFontMetricsF(look.small_bold)
    widths = [metrics.horizontalAdvance(label) for _, label in buttons]
    while buttons:
        count, taken = 0, 0.0
        while count < len(buttons) and (count == 0 or taken + _APART + widths[count] <= room):
            taken += widths[count] + (_APART if count else 0.0)
            count += 1
        left = right - taken
        for (kind, label), width in zip(buttons[:count], widths[:count], strict=True):
            layout.actions.append(Action(kind, label, rect=QRectF(left, layout.bottom, width, look.small_height)))
            left += width + _APART
        layout.bottom += look.small_height + _BETWEEN
        buttons, widths = buttons[count:], widths[count:]


def _plain(error: str) -> str:
    """Technical text of others, fit to be drawn."""
    return " ".join(shown_text(error).text.replace(LINE_SEPARATOR, " ").split())
