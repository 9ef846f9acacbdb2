"""WebSub: hubs push what is new, where feeds name one and an operator said where they reach us."""
