"""How Newswire is deployed: streams and users, templates and roles, and the embedded run."""
