"""SOP documents in and out: readers of files, and the finder that makes drafts of procedures from what they say.

Pure Python with third-party readers: no Django, no clock, no database, no network.
"""
