"""Pages as a browser shows them, for sources whose text comes by script."""
