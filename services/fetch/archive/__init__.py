"""What was fetched, kept as WARC 1.1 (ISO 28500:2017), one gzip member for each record.

`records` makes the bytes of a record, `store` appends them to files, `members` and `reading` read archives of anybody,
`replay` decides what becomes of what is read. All but `store` are pure.
"""
