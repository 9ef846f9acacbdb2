"""The stage that makes articles searchable."""
