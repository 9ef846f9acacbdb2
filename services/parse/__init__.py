"""The parse stage: from raw messages to articles with evidence."""
