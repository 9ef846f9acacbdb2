"""From the bytes that were published to a document that a reader understands."""
