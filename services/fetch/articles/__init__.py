"""What becomes of a listed article: known, new, changed, gone, walled. Pure."""
