"""Whether the machine's network changed, as far as the system tells.

Covered: reachability and the kind of transport, where Qt has a backend for the system (NetworkManager or GLib on Linux,
Windows' and Apple's own); and this machine's own addresses, looked at twice a minute, which tells of another network or
a VPN on every system. All of it are hints: a route that changed behind the same addresses is not seen, and "no network"
says nothing of loopback or a VPN.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtNetwork import QHostAddress, QNetworkInformation, QNetworkInterface

_SETTLE = 500  # milliseconds: a change comes in several parts
_LOOK = 30_000  # milliseconds between two looks at the addresses


class NetworkWatch(QObject):
    """Tells when the network changed. ``changed`` carries whether there is one, as far as is known.

    Args:
        information: what knows of the network; None: the system's, where Qt has it.
        addresses: gives the machine's own addresses.
    """

    changed = Signal(bool)

    def __init__(
        self,
        information: QNetworkInformation | None = None,
        addresses: Callable[[], frozenset[str]] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._information = information
        self._read_addresses = addresses or own_addresses
        self._addresses: frozenset[str] = frozenset()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE)
        self._settling.timeout.connect(lambda: self.changed.emit(self.there))
        self._looking = QTimer(self)
        self._looking.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._looking.setInterval(_LOOK)
        self._looking.timeout.connect(self.look)

    @property
    def there(self) -> bool:
        """Whether there is a network; True where nobody knows."""
        information = self._information
        return information is None or information.reachability() is not QNetworkInformation.Reachability.Disconnected

    def start(self) -> None:
        """Watch from now on."""
        if self._information is None and QNetworkInformation.loadDefaultBackend():
            self._information = QNetworkInformation.instance()
        if self._information is not None:
            self._information.reachabilityChanged.connect(self._note)
            self._information.transportMediumChanged.connect(self._note)
        self._addresses = self._read_addresses()
        self._looking.start()
        if not self.there:
            self._note()

    def stop(self) -> None:
        """Watch no more."""
        if self._information is not None and self._looking.isActive():
            self._information.reachabilityChanged.disconnect(self._note)
            self._information.transportMediumChanged.disconnect(self._note)
        self._looking.stop()
        self._settling.stop()

    def look(self) -> None:
        """Look at the addresses now."""
        before, self._addresses = self._addresses, self._read_addresses()
        if self._addresses != before:
            self._note()

    def _note(self, *_: object) -> None:
        self._settling.start()


def own_addresses() -> frozenset[str]:
    """This machine's addresses, but for those that lead nowhere else."""
    found: list[QHostAddress] = QNetworkInterface.allAddresses()
    return frozenset(each.toString() for each in found if not each.isLoopback() and not each.isLinkLocal())
