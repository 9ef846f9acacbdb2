"""fetch: looks at the sources that are due, politely and through a guarded HTTP client, and publishes articles raw.

`schedule` says when, `feeds` what is listed, `articles` what that means: pure. The edges are `poll` (one look at a
source), `desk` (its articles), `web` and `hosts` (asking servers), `books` (what is known), `scheduler` (jobs).
"""
