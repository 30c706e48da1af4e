"""The colours of both themes, by what they are for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours. Text on its surface has a contrast of at least 4.5 : 1."""

    background: QColor
    side_pane: QColor
    line: QColor
    text: QColor
    second_text: QColor
    error: QColor
    accent: QColor
    on_accent: QColor
    bubble_in: QColor
    bubble_out: QColor
    selection: QColor
    link: QColor
    online: QColor
    away: QColor
    busy: QColor
    offline: QColor
    error_surface: QColor
    hover: QColor
    accent_hover: QColor
    error_text: QColor


def _presence() -> dict[str, QColor]:
    return {
        "online": QColor("#2E9E5B"),
        "away": QColor("#D08A00"),
        "busy": QColor("#C7372F"),
        "offline": QColor("#9AA5B1"),
    }


LIGHT = Tokens(
    background=QColor("#FFFFFF"),
    side_pane=QColor("#F4F5F7"),
    line=QColor("#E3E5E9"),
    text=QColor("#1B1F24"),
    second_text=QColor("#5F6B7A"),
    error=QColor("#C7372F"),
    accent=QColor("#0B7A75"),
    on_accent=QColor("#FFFFFF"),
    bubble_in=QColor("#EEF0F3"),
    bubble_out=QColor("#D7EFEC"),
    selection=QColor("#DCEFED"),
    link=QColor("#0B69C8"),  # a shade darker than drawn: 4.5 : 1 on outgoing bubbles too
    error_surface=QColor("#FDE9E8"),
    hover=QColor("#EAECEF"),
    accent_hover=QColor("#09655F"),
    error_text=QColor("#A82820"),
    **_presence(),
)

DARK = Tokens(
    background=QColor("#16191D"),
    side_pane=QColor("#1C2025"),
    line=QColor("#2B3138"),
    text=QColor("#E8EBEE"),
    second_text=QColor("#9AA5B1"),
    error=QColor("#F0736B"),
    accent=QColor("#3DB8AE"),
    on_accent=QColor("#06201E"),
    bubble_in=QColor("#252B32"),
    bubble_out=QColor("#123F3C"),
    selection=QColor("#17383A"),
    link=QColor("#6CB6FF"),
    error_surface=QColor("#3A1F20"),
    hover=QColor("#262B31"),
    accent_hover=QColor("#55C9BF"),
    error_text=QColor("#F5928B"),
    **_presence(),
)
