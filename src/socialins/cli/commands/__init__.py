"""One module per command; each has the command as ``command``."""
