"""The HTTP side: who may ask, addresses, faults, the process."""
