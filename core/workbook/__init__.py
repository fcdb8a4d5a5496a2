"""Workbooks from outside and to the outside: gate, limited reader, writer, marked files.

Nothing here knows a web framework or a word of the field.
"""
