"""What crosses all stages: contracts, subjects, bus, errors, telemetry, settings. No business logic."""
