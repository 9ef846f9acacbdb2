"""Makes the data files of enrichment anew from the packages they come from: `make models`."""
