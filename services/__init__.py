"""The services of Newswire. They never import each other; `shared` is all they have in common."""
