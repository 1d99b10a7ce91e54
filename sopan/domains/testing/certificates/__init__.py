"""What the papers say: snapshot, the rules it is held to, words, and the printed page."""
