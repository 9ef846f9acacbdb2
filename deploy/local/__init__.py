"""The embedded run: the real servers and all services on this machine, without Docker or Java."""
