"""How several steps read a text: its sentences, words and letters. Pure."""
