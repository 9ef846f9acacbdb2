"""`newswire replay`: `archives` reads them, `known` tells what is there already, `command` publishes."""
