"""Secrets that are shown once and stored as digests: API tokens, invitations, the first-run code."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import Record, Role, Team, User

LAST_USE_GRAIN = timedelta(minutes=1)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def spoken() -> str:
    """The language of the page on which somebody makes their account; it stays theirs."""
    return (get_language() or "en")[:2]


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")
    ADMIN = "admin", _("Everything the person may do")


class Token(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("API token")
        ordering = ["-created_at"]

    @classmethod
    def create(
        cls, user: User, scope: str, name: str = "", days: int = 365, *, by: User | None
    ) -> tuple[Token, str]:
        """The row and its secret, which nothing can show again."""
        secret = f"flr_{secrets.token_urlsafe(32)}"
        with transaction.atomic():
            token = cls.objects.create(
                user=user,
                name=name or scope,
                scope=scope,
                prefix=secret[:12],
                digest=digest(secret),
                expires_at=timezone.now() + timedelta(days=days),
            )
            Record.objects.create(
                by=by, about=user, act="create_token", detail={"token": token.prefix, "scope": scope}
            )
        return token, secret

    @classmethod
    def of(cls, secret: str) -> Token | None:
        """The live token of an active person, or None; notes the use at most once a minute."""
        now = timezone.now()
        token = (
            cls.objects.select_related("user")
            .filter(digest=digest(secret), expires_at__gt=now, user__is_active=True)
            .first()
        )
        if token and (token.last_used_at is None or now - token.last_used_at > LAST_USE_GRAIN):
            cls.objects.filter(pk=token.pk).update(last_used_at=now)
        return token

    def covers(self, scope: Scope) -> bool:
        order = [Scope.READ, Scope.WRITE, Scope.ADMIN]
        return order.index(Scope(self.scope)) >= order.index(scope)

    def revoke(self, *, by: User) -> None:
        with transaction.atomic():
            Record.objects.create(by=by, about=self.user, act="revoke_token", detail={"token": self.prefix})
            self.delete()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A one-time way in for one address, in one role."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    @classmethod
    def create(cls, email: str, role: str, team: Team | None, *, by: User) -> tuple[Invitation, str]:
        secret = secrets.token_urlsafe(32)
        with transaction.atomic():
            cls.objects.filter(email__iexact=email, accepted_at=None).delete()
            invitation = cls.objects.create(
                email=email.lower(),
                role=role,
                team=team,
                digest=digest(secret),
                invited_by=by,
                expires_at=timezone.now() + timedelta(days=14),
            )
            Record.objects.create(by=by, act="invite", detail={"role": role, "invitation": invitation.pk})
        return invitation, secret

    def withdraw(self, *, by: User) -> None:
        detail = {"role": self.role, "invitation": self.pk}
        with transaction.atomic():
            Record.objects.create(by=by, act="withdraw_invitation", detail=detail)
            self.delete()

    @classmethod
    def of(cls, secret: str) -> Invitation | None:
        return cls.objects.open().filter(digest=digest(secret)).first()

    def accept(self, name: str, password: str) -> User:
        """Make the person, once: a second use of the same invitation finds no row to update."""
        with transaction.atomic():
            if not type(self).objects.open().filter(pk=self.pk).update(accepted_at=timezone.now()):
                raise ValueError(_("This invitation was used already."))
            if User.objects.filter(email__iexact=self.email).exists():
                raise ValueError(_("Somebody has this address already."))
            user = User.objects.create_user(self.email, self.role, password, name=name, language=spoken())
            if self.team:
                user.memberships.create(team=self.team)
            Record.objects.create(by=user, about=user, act="accept_invitation", detail={"role": self.role})
        return user


class SetupCode(models.Model):
    """The code that the terminal prints, so that only who started the server makes the administrator."""

    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    @classmethod
    def issue(cls) -> str:
        code = "-".join(secrets.token_hex(2) for _part in range(4))
        with transaction.atomic():
            cls.objects.all().delete()
            cls.objects.create(digest=digest(code))
        return code

    @classmethod
    def wanted(cls) -> bool:
        return not User.objects.filter(role=Role.ADMIN, is_active=True).exists()

    @classmethod
    def print_if_wanted(cls) -> None:
        """Say a code in the terminal unless one waits already: only who can read it there may use it."""
        if cls.wanted() and not cls.objects.exists():
            print(
                _("First administrator: open %(url)s and type the code %(code)s")
                % {"url": f"{settings.SITE_URL}/welcome/", "code": cls.issue()},
                flush=True,
            )

    @classmethod
    def claim(cls, code: str, email: str, name: str, password: str) -> User | None:
        """The first administrator, or None if the code is wrong; the code dies with its use."""
        with transaction.atomic():
            held = cls.objects.select_for_update().filter(digest=digest(code.strip().lower())).first()
            if held is None or not cls.wanted():
                return None
            cls.objects.all().delete()
            user = User.objects.create_user(email, Role.ADMIN, password, name=name, language=spoken())
            Record.objects.create(by=user, about=user, act="first_run")
            return user
