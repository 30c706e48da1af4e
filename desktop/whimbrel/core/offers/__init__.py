"""What features offer to the interface: one file a capability, a port (Protocol) each. See ``Services.offer``."""
