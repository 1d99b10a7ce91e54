"""The only code that writes rows of the testing domain."""
