"""How allauth lets people in: by invitation only, the sample's people on this machine only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from .gate import on_this_machine


class InvitedOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Of an account from one address: who guesses elsewhere does not lock its owner out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A password that somebody gave to one of the sample's people opens nothing from elsewhere."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return None if getattr(user, "sample", False) and not on_this_machine(request) else user
