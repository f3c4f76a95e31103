"""How allauth lets people in: by invitation only, the sample's people on this machine only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from .gate import on_this_machine


class InvitedOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A password that somebody gave to one of the sample's people opens nothing from elsewhere."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return None if getattr(user, "sample", False) and not on_this_machine(request) else user
