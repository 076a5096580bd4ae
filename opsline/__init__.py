"""The command `opsline`: serve, lab, init, demo, import, export."""

__version__ = "0.1.0"
