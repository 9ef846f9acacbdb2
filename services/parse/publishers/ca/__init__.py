"""Publishers of Canada."""
