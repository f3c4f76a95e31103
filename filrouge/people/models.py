"""Who works here: users and their roles, teams that nest, product areas, deputies."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    PRODUCT_OPS = "product_ops", _("Product Ops")
    PRODUCT_MANAGER = "product_manager", _("Product manager")
    DESIGN = "design", _("Design and research")
    MAKER = "maker", _("Developer, QA, DevOps")
    COACH = "coach", _("Agile coach")
    STAKEHOLDER = "stakeholder", _("Stakeholder")
    GUEST = "guest", _("Guest")


PRODUCT_ROLES = frozenset(set(Role) - {Role.STAKEHOLDER, Role.GUEST})


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, role: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), role=role, **fields)
        user.name = user.name or user.email.partition("@")[0]
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def reading_items(self) -> models.QuerySet[User]:
        return self.filter(role__in=PRODUCT_ROLES, is_active=True)


class User(AbstractBaseUser):
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    language = models.CharField(
        _("language"), max_length=5, default="en", choices=[("en", "English"), ("fr", "Français")]
    )
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    toured_at = models.DateTimeField(null=True, editable=False)
    teams: models.ManyToManyField[Team, Membership] = models.ManyToManyField(
        "Team", through="Membership", related_name="members"
    )

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def reads_items(self) -> bool:
        """Whether Items themselves are shown to this person; others read approved wordings only."""
        return self.role in PRODUCT_ROLES

    @cached_property
    def team_ids(self) -> frozenset[int]:
        return frozenset(self.memberships.values_list("team_id", flat=True))

    @cached_property
    def managed_team_ids(self) -> frozenset[int]:
        """Teams whose product manager this person is, or stands in for today."""
        own = self.team_ids if self.role == Role.PRODUCT_MANAGER else frozenset()
        principals = Deputy.objects.on(timezone.localdate()).filter(
            deputy=self, manager__role=Role.PRODUCT_MANAGER
        )
        if not self.is_active or not self.reads_items:
            return frozenset()
        stood_in = Membership.objects.filter(user__in=principals.values("manager"), user__is_active=True)
        return own | frozenset(stood_in.values_list("team_id", flat=True))

    def manages(self, team_id: int | None) -> bool:
        return team_id is not None and team_id in self.managed_team_ids

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


class Team(models.Model):
    name = models.CharField(_("name"), max_length=120, unique=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    country = models.CharField(_("country"), max_length=60, blank=True)
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(parent=F("id")), name="team_not_its_own_parent")]

    def __str__(self) -> str:
        return self.name

    def ancestors(self) -> list[Team]:
        """From the team's group up to the top; a loop in the data ends the walk."""
        found: list[Team] = []
        team = self.parent
        while team and team not in found:
            found.append(team)
            team = team.parent
        return found

    def move_under(self, parent: Team | None) -> None:
        if parent and (parent == self or self in parent.ancestors()):
            raise ValueError(_("%(parent)s is part of %(team)s already.") % {"parent": parent, "team": self})
        self.parent = parent
        self.save(update_fields=["parent"])

    def managers(self) -> models.QuerySet[User]:
        return User.objects.filter(role=Role.PRODUCT_MANAGER, memberships__team=self, is_active=True)


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_membership")]


class Product(models.Model):
    """An area of the product; areas nest, and each is owned by a team."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="products")
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("product area")
        verbose_name_plural = _("product areas")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["parent", "name"], name="one_area_of_that_name")]

    def __str__(self) -> str:
        return self.name


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def on(self, day: date) -> DeputyQuerySet:
        return self.filter(starts__lte=day, ends__gte=day)


class Deputy(models.Model):
    """Who decides in a product manager's place between two days, both included."""

    manager = models.ForeignKey(
        User, verbose_name=_("product manager"), on_delete=models.CASCADE, related_name="deputies"
    )
    deputy = models.ForeignKey(
        User, verbose_name=_("deputy"), on_delete=models.CASCADE, related_name="stands_in_for"
    )
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    named_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="deputy_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(manager=F("deputy")), name="nobody_is_their_own_deputy"),
        ]


class Record(models.Model):
    """The trace of who changed whose access; Items have their own History."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="records")
    act = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
