"""The archive (XEP-0313): what was said while we were away, or before this device was there."""
