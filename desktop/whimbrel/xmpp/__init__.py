"""The XMPP stream over slixmpp. Nothing of slixmpp leaves this room, except to a feature's ``wire.py``."""

import os

os.environ.setdefault("SLIXMPP_ENABLE_DEFUSEDXML", "true")  # read when slixmpp is imported, so set before
