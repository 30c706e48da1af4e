"""Where a profile keeps its data, settings, cache and logs on this system."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APPLICATION = "whimbrel"
DEFAULT_NAME = "default"
_LONGEST_SOCKET = 100  # bytes of a path; systems differ in what they take, from 104 on


@dataclass(frozen=True, slots=True)
class Profile:
    """The folders of one profile. ``name`` is short and tells profiles of one person apart (in the keyring)."""

    data: Path
    config: Path
    cache: Path
    logs: Path
    name: str = DEFAULT_NAME

    @staticmethod
    def default() -> Profile:
        """The profile of who starts the program without naming another."""
        folders = platformdirs.PlatformDirs(_APPLICATION, appauthor=False)
        return Profile(
            data=folders.user_data_path,
            config=folders.user_config_path,
            cache=folders.user_cache_path,
            logs=folders.user_log_path,
        )

    @staticmethod
    def at(directory: Path) -> Profile:
        """A profile that lies in a folder of its own."""
        folder = Path(os.path.abspath(directory.expanduser()))
        return Profile(
            data=folder / "data",
            config=folder / "config",
            cache=folder / "cache",
            logs=folder / "logs",
            name=_digest(folder.resolve())[:12],
        )

    @staticmethod
    def folder_of(settings: Path) -> Path | None:
        """The folder that was given for the profile with these settings; None for the default one."""
        return None if settings == Profile.default().settings else settings.parent.parent

    @property
    def database(self) -> Path:
        """The file of the history."""
        return self.data / "history.db"

    @property
    def settings(self) -> Path:
        """The file of the settings."""
        return self.config / "settings.ini"

    @property
    def session(self) -> Path:
        """The file of what is open."""
        return self.data / "session.json"

    @property
    def running(self) -> Path:
        """The file that is there while the program runs."""
        return self.data / "running.json"

    @property
    def socket_name(self) -> str:
        """The name under which a second start of this profile finds the first."""
        name = f"{_APPLICATION}-{_digest(self.data.resolve())[:16]}"
        flatpak, runtime = os.environ.get("FLATPAK_ID"), os.environ.get("XDG_RUNTIME_DIR")
        if not runtime:
            return name  # in the folder for temporary files, which may be everybody's
        # In a Flatpak each start has a /tmp of its own; this folder is the program's, for all of them. Elsewhere it is
        # the user's, where nobody else can take the name first.
        path = Path(runtime, "app", flatpak, name) if flatpak else Path(runtime, name)
        fits = path.parent.is_dir() and len(os.fsencode(path)) <= _LONGEST_SOCKET
        return str(path) if flatpak or fits else name

    def create(self) -> None:
        """Make the folders, for nobody else's eyes (0700).

        Raises:
            OSError: where a folder cannot be made.
        """
        for folder in (self.data, self.config, self.cache, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()
