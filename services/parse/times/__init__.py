"""Times as pages print them, read without claiming more than they say."""
