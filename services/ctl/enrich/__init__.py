"""One step of enrichment run again over the stored articles."""
