"""The enrich stage: what can be computed of an article by itself, one step a file."""
