"""The boundary to slixmpp: nothing that our handlers raise goes through it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

from whimbrel.model.errors import KnownError

P = ParamSpec("P")

log = logging.getLogger(__name__)


def guard(function: Callable[P, object]) -> Callable[P, KnownError | None]:
    """Wrap a handler so that it cannot raise.

    A fault is loud (what is logged with its traceback is told: ``platform/logs.py``) and goes no further: what
    follows in the stream still arrives, and no error stanza goes to anybody. A KnownError (the disk is full, say) is
    returned to the caller, who decides.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> KnownError | None:
        try:
            function(*args, **kwargs)
        except KnownError as error:
            return error
        except Exception:  # whatever it is: slixmpp would answer it with an error stanza to the contact
            log.exception("a stream handler failed: %s", getattr(function, "__qualname__", function))
        return None

    return guarded
