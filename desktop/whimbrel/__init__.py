"""Whimbrel: a calm, loss-free desktop messenger for XMPP."""

__version__ = "0.1.0"
