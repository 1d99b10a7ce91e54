"""One order of six instruments of six kinds: what the spreadsheets hold, the order up to step 14, the certificates."""
