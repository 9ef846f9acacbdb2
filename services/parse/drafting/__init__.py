"""The first draft of a publisher's profile, from one of its pages: for a person to correct."""
