"""Streams, consumers and buckets of NATS, and its users."""
