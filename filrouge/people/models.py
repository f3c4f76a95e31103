"""Who works here: users and their roles, teams that nest, product areas, deputies."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
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


WITHIN = """
WITH RECURSIVE within(id) AS (
  SELECT team_id FROM people_membership WHERE user_id = %s
  UNION SELECT team.id FROM people_team team JOIN within ON team.parent_id = within.id)
SELECT id FROM within
"""
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
    def around_team_ids(self) -> frozenset[int]:
        """Teams this person is in, and the teams within them."""
        with connection.cursor() as cursor:
            cursor.execute(WITHIN, [self.pk])
            return frozenset(team for (team,) in cursor.fetchall())

    @cached_property
    def managed_team_ids(self) -> frozenset[int]:
        """Teams whose product manager this person is, or stands in for today."""
        if not self.is_active or not self.reads_items:
            return frozenset()
        from .leading import leading

        return frozenset(one.team for one in leading(person=self.pk))

    def manages(self, team_id: int | None) -> bool:
        return team_id is not None and team_id in self.managed_team_ids

    def change_role(self, role: str, *, by: User) -> None:
        """Give another role; the last administrator keeps theirs."""
        with transaction.atomic():
            if role != Role.ADMIN:
                self.keep_an_administrator()
            Record.objects.create(
                by=by, about=self, act="change_role", detail={"from": self.role, "to": role}
            )
            self.role = role
            self.save(update_fields=["role"])

    def set_active(self, active: bool, *, by: User) -> None:
        """Close or reopen the account; closing ends its sessions."""
        with transaction.atomic():
            if not active:
                self.keep_an_administrator()
                self.sessions.all().delete()
            Record.objects.create(by=by, about=self, act="open_account" if active else "close_account")
            self.is_active = active
            self.save(update_fields=["is_active"])

    def keep_an_administrator(self) -> None:
        """Locks them all: of two who leave at the same moment, the second finds nobody else."""
        held = User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("pk")
        if list(held.values_list("pk", flat=True)) == [self.pk]:
            raise ValueError(_("This is the last administrator. Make somebody else one first."))

    def join(self, team: Team, *, by: User) -> None:
        with transaction.atomic():
            if Membership.objects.get_or_create(user=self, team=team)[1]:
                Record.objects.create(by=by, about=self, act="join_team", detail={"team": team.name})

    def leave(self, team: Team, *, by: User) -> None:
        with transaction.atomic():
            if Membership.objects.filter(user=self, team=team).delete()[0]:
                Record.objects.create(by=by, about=self, act="leave_team", detail={"team": team.name})


class Nested(models.Model):
    """Things of one kind that may be part of one another, without a loop."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self in self.upwards():
            names = {"parent": self.parent, "team": self}
            raise ValidationError({"parent": _("%(parent)s is part of %(team)s already.") % names})

    def keep(self, changed: Iterable[str], *, by: User) -> None:
        """Save it with the trace of what changed: whose an area is decides who decides."""
        name = str(self._meta.model_name)
        with transaction.atomic():
            self.save()
            detail = {name: str(self), "changed": ", ".join(changed)}
            Record.objects.create(by=by, act=f"edit_{name}", detail=detail)

    def upwards(self) -> list[Any]:
        """What this is part of, up to the top; a loop ends the walk."""
        found: list[Any] = []
        above = self.parent
        while above and above not in found:
            found.append(above)
            above = above.parent
        return found


class Team(Nested):
    name = models.CharField(_("name"), max_length=120, unique=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(parent=F("id")), name="team_not_its_own_parent")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def within(pk: int) -> frozenset[int]:
        """The keys of a team and of the teams within it; none where there is no such team."""
        parents = dict(Team.objects.order_by().values_list("pk", "parent_id"))
        found = level = parents.keys() & {pk}
        while level:
            level = {one for one, parent in parents.items() if parent in level} - found
            found = found | level
        return frozenset(found)


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="one_membership")]


class Product(Nested):
    """An area of the product; areas nest, and each is owned by a team."""

    name = models.CharField(_("name"), max_length=120)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="products")
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("product area")
        verbose_name_plural = _("product areas")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["parent", "name"], name="one_area_of_that_name")]

    def __str__(self) -> str:
        return self.name


def this_day() -> date:
    """The installation's day: nobody gains a day of rights by the time zone they chose for themselves."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


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

    objects: ClassVar[models.Manager[Deputy]] = models.Manager()

    class Meta:
        verbose_name = _("deputy")
        ordering = ["-starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="deputy_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(manager=F("deputy")), name="nobody_is_their_own_deputy"),
        ]

    @property
    def current(self) -> bool:
        return self.starts <= this_day() <= self.ends

    @classmethod
    def name_for(cls, manager: User, deputy: User, starts: date, ends: date, *, by: User) -> Deputy:
        """Record who stands in for a product manager; only they or an administrator may say so."""
        if manager.role != Role.PRODUCT_MANAGER:
            raise ValueError(_("Only a product manager has a deputy."))
        if by.pk != manager.pk and by.role != Role.ADMIN:
            raise ValueError(_("Only the product manager or an administrator names the deputy."))
        if not deputy.reads_items or deputy.pk == manager.pk:
            raise ValueError(_("A deputy is somebody else, with a role in the product teams."))
        if ends < starts:
            raise ValueError(_("The last day is before the first."))
        with transaction.atomic():
            named = cls.objects.create(manager=manager, deputy=deputy, starts=starts, ends=ends, named_by=by)
            days = {"from": starts.isoformat(), "until": ends.isoformat(), "for": manager.pk}
            Record.objects.create(by=by, about=deputy, act="name_deputy", detail=days)
        return named

    def end(self, *, by: User) -> None:
        """Stop standing in as of today; what was decided until then stays."""
        if by.pk != self.manager_id and by.role != Role.ADMIN:
            raise ValueError(_("Only the product manager or an administrator ends this."))
        yesterday = this_day() - timedelta(days=1)
        with transaction.atomic():
            Record.objects.create(by=by, about=self.deputy, act="end_deputy", detail={"for": self.manager_id})
            if self.starts > yesterday:
                self.delete()
            else:
                self.ends = min(self.ends, yesterday)
                self.save(update_fields=["ends"])


ACTS_ON_ACCESS = {
    "first_run": _("made the first administrator"),
    "invite": _("invited somebody"),
    "withdraw_invitation": _("withdrew an invitation"),
    "accept_invitation": _("accepted an invitation"),
    "create_user": _("made the account"),
    "change_role": _("changed the role"),
    "close_account": _("closed the account"),
    "open_account": _("opened the account"),
    "join_team": _("added to a team"),
    "leave_team": _("took out of a team"),
    "edit_team": _("changed a team"),
    "edit_product": _("changed a product area"),
    "name_deputy": _("named a deputy"),
    "end_deputy": _("ended a deputy's time"),
    "create_token": _("made an API token"),
    "revoke_token": _("revoked an API token"),
    "make_calendar": _("made a calendar address"),
    "take_back_calendar": _("took back a calendar address"),
    "erase_person": _("erased a user's personal data"),
    "emergency_opening": _("opened a private item in an emergency"),
}

DETAILS = {
    "role": _("role"), "team": _("team"), "token": _("token"), "scope": _("scope"), "from": _("from"),
    "to": _("to"), "until": _("until"), "item": _("item"), "reason": _("reason"), "person": _("person"),
}  # fmt: skip


def _spoken(value: object) -> object:
    """A role by its name, a day as a day; anything else as it stands."""
    if not isinstance(value, str):
        return value
    with suppress(ValueError):
        return date.fromisoformat(value)
    return Role(value).label if value in Role.values else value


class Record(models.Model):
    """The trace of who changed whose access; Items have their own History."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="records")
    act = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]

    @property
    def act_label(self) -> str:
        return str(ACTS_ON_ACCESS.get(self.act, self.act))

    @property
    def told(self) -> list[tuple[object, object]]:
        """What the trace says more, as far as there are words for it."""
        return [(DETAILS[name], _spoken(value)) for name, value in self.detail.items() if name in DETAILS]
