"""The colours of each theme, by what they are for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours.

    Text on its surface has a contrast of at least 4.5 : 1, with high contrast 7 : 1; what is drawn and means
    something (presence, the frame of what has the keyboard) 3 : 1.
    """

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
    focus: QColor


LIGHT = Tokens(
    background=QColor("#FFFFFF"),
    side_pane=QColor("#F4F5F7"),
    line=QColor("#E3E5E9"),
    text=QColor("#1B1F24"),
    second_text=QColor("#5C6876"),  # a shade darker than drawn, as are some others: so that each pair can be read
    error=QColor("#C2352D"),
    accent=QColor("#0B7671"),
    on_accent=QColor("#FFFFFF"),
    bubble_in=QColor("#EEF0F3"),
    bubble_out=QColor("#D7EFEC"),
    selection=QColor("#DCEFED"),
    link=QColor("#0B69C8"),
    error_surface=QColor("#FDE9E8"),
    hover=QColor("#EAECEF"),
    accent_hover=QColor("#09605A"),
    error_text=QColor("#A82820"),
    online=QColor("#278B50"),
    away=QColor("#B27600"),
    busy=QColor("#C7372F"),
    offline=QColor("#78838F"),
    focus=QColor("#0B7671"),
)

DARK = Tokens(
    background=QColor("#16191D"),
    side_pane=QColor("#1C2025"),
    line=QColor("#2B3138"),
    text=QColor("#E8EBEE"),
    second_text=QColor("#9AA5B1"),
    error=QColor("#F27D75"),
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
    online=QColor("#2E9E5B"),
    away=QColor("#D08A00"),
    busy=QColor("#E5554C"),
    offline=QColor("#9AA5B1"),
    focus=QColor("#3DB8AE"),
)

CONTRAST_LIGHT = Tokens(
    background=QColor("#FFFFFF"),
    side_pane=QColor("#FFFFFF"),
    line=QColor("#3D4248"),
    text=QColor("#000000"),
    second_text=QColor("#2B2F33"),
    error=QColor("#8F0B05"),
    accent=QColor("#00504C"),
    on_accent=QColor("#FFFFFF"),
    bubble_in=QColor("#F4F5F7"),
    bubble_out=QColor("#DDF3F0"),
    selection=QColor("#CBE6FF"),
    link=QColor("#00418A"),
    error_surface=QColor("#FFECEB"),
    hover=QColor("#E8EAED"),
    accent_hover=QColor("#003B38"),
    error_text=QColor("#8F0B05"),
    online=QColor("#0A5C2E"),
    away=QColor("#704600"),
    busy=QColor("#9B0B05"),
    offline=QColor("#4A5159"),
    focus=QColor("#0033CC"),
)

CONTRAST_DARK = Tokens(
    background=QColor("#000000"),
    side_pane=QColor("#000000"),
    line=QColor("#B4BBC3"),
    text=QColor("#FFFFFF"),
    second_text=QColor("#DCE0E5"),
    error=QColor("#FFA39C"),
    accent=QColor("#4FD6CB"),
    on_accent=QColor("#000000"),
    bubble_in=QColor("#16191D"),
    bubble_out=QColor("#062F2C"),
    selection=QColor("#082A47"),
    link=QColor("#9CD0FF"),
    error_surface=QColor("#3A0D0B"),
    hover=QColor("#24282D"),
    accent_hover=QColor("#9BF3EC"),
    error_text=QColor("#FFB5AF"),
    online=QColor("#5FE394"),
    away=QColor("#FFC65C"),
    busy=QColor("#FF938B"),
    offline=QColor("#C3C9D0"),
    focus=QColor("#FFD84D"),
)
