"""`newswire reparse`: what the parser of today makes of raw messages of yesterday."""
