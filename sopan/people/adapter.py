"""How allauth treats accounts here."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up through allauth's own page: registration is a step of a procedure."""

    def is_open_for_signup(self, request: object) -> bool:
        return False
