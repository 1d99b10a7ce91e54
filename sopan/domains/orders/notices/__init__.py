"""Telling people what concerns them: in the application, by e-mail, by WhatsApp; once, and nothing confidential."""
