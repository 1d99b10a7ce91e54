"""What a body says of its service in its own words, who may change it, and the record of what was decided."""
