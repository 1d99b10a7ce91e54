"""What a report says, in one snapshot; the rules that it must keep; the page that is printed from it.

``snapshot`` reads the database once and gives plain data. Everything after that, the PDF and the machine-readable
certificate (``..dcc``), is made from this data alone.
"""
