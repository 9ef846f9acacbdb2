"""Names in a text: found by models and rules, looked up in the gazetteer, normalised and merged."""
