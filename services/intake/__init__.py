"""HTTP in: raw articles of publishers without NATS credentials, and what WebSub hubs push."""
