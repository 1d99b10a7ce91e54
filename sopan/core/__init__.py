"""What procedures mean: pure Python, no Django, no clock, no database, no network."""
