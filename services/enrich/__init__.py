"""The enrich stage: language and fingerprints, one step a file."""
