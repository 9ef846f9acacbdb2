"""Keys, certificates and passwords of a deployment: made once, kept in volumes, printed nowhere."""
