"""Publishers of the United States."""
