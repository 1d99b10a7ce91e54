"""What the browser journey is made of: the server, the people at their browsers, the inspection of pages, the proofs."""
