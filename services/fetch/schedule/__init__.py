"""When a source is due. Pure."""
