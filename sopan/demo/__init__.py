"""A believable body to try Sopan with, and a player that brings orders forward by the real operations."""
