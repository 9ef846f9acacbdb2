"""An article shown with its evidence: in the terminal, and as one page."""
