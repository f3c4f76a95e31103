"""Who spoke, what they said, where. Arrivals are plain rows, fit for millions; nothing here is an Item."""

from __future__ import annotations

import json
from abc import abstractmethod
from functools import cached_property
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.errors import BadInput, Forbidden
from filrouge.lib.mask import mask
from filrouge.lib.numbers import whole
from filrouge.lib.sealing import Sealer
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User

sealer = Sealer(settings.SEALING_KEY)


class Source(models.Model):
    """Where words come from, with the licence under which we hold them."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    about = models.TextField(_("about"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("source")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def token(self) -> str:
        return f"src{self.pk}"


class Company(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("company")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """A trait by which people are grouped: a name ('role') and a value ('scientist')."""

    name = models.CharField(_("name"), max_length=80)
    value = models.CharField(_("value"), max_length=200)
    population = models.PositiveIntegerField(_("people who exist"), null=True, blank=True)

    class Meta:
        verbose_name = _("segment")
        ordering = ["name", "value"]
        constraints = [models.UniqueConstraint(fields=["name", "value"], name="one_segment")]

    def __str__(self) -> str:
        return str(_("%(name)s: %(value)s") % {"name": self.name, "value": self.value})

    @property
    def token(self) -> str:
        return f"seg{self.pk}"

    def tell(self, population: str, *, by: User) -> None:
        """Keep how many such people exist; empty where nobody knows."""
        if not may(by, Act.MANAGE_TEAMS):
            raise Forbidden(refusal(Act.MANAGE_TEAMS))
        number = whole(population, below=2**31)
        if population and number is None:
            given = {"given": population[:40]}
            raise BadInput(
                _("“%(given)s” is not a number of people. Nothing was changed.") % given, "population"
            )
        self.population = number
        self.save(update_fields=["population"])


class Person(models.Model):
    """Somebody behind words. Name and address are sealed; the digest finds them again without opening."""

    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(default=b"")
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, related_name="people")
    segments: models.ManyToManyField[Segment, PersonSegment] = models.ManyToManyField(
        Segment, through="PersonSegment", related_name="people"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sample = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("user heard")

    def __str__(self) -> str:
        return self.pseudonym

    def get_absolute_url(self) -> str:
        return f"/voices/people/{self.pk}/"

    @property
    def pseudonym(self) -> str:
        return f"P-{self.pk:04d}"

    @cached_property
    def identity(self) -> dict[str, str]:
        return unsealed(self.sealed)

    @property
    def name(self) -> str:
        return self.identity.get("name") or self.pseudonym

    def shown_to(self, reader: User | None) -> str:
        """The name for those who may know it, the pseudonym for others."""
        return self.name if may(reader, Act.SEE_PEOPLE) else self.pseudonym


def unsealed(sealed: bytes | memoryview[int]) -> dict[str, str]:
    """What is sealed of a person: {'name': ..., 'email': ...}, either may be absent."""
    opened: dict[str, str] = json.loads(sealer.unseal(bytes(sealed))) if sealed else {}
    return opened


class PersonSegment(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False)  # one_trait begins with it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "person"], name="one_trait")]


class WordsQuerySet(models.QuerySet["Words"]):
    def visible_to(self, reader: User | None) -> Self:
        """Product roles read words, stakeholders read them masked, nobody outside does."""
        return self.all() if may(reader, Act.READ_MASKED) else self.none()

    def mark(self, *, read: bool) -> None:
        """Say that they were read, or that they wait to be; the same for everybody."""
        self.filter(read_at__isnull=read).update(read_at=timezone.now() if read else None)


class Spoken:
    """What words answer alike, as a whole or as a line of a list."""

    __slots__ = ()
    pk: int
    facets: str
    said_at: Any
    received_at: Any

    @property
    @abstractmethod
    def speaker(self) -> str:
        """The name of who spoke, where it is known."""

    def get_absolute_url(self) -> str:
        return f"/words/{self.pk}/"

    def masked(self, text: str) -> str:
        """Any text of these words as it leaves the product teams."""
        return mask(text, names=filter(None, [self.speaker])) if text else text

    @property
    def dated(self) -> bool:
        """Whether we know the day it was said; an arrival without a date stands at the moment it came."""
        return bool(self.said_at != self.received_at)

    @property
    def segment_ids(self) -> list[int]:
        return [int(token[3:]) for token in self.facets.split() if token.startswith("seg")]


class Words(Spoken, models.Model):
    """What one person said at one moment: the text as it stands now. Former and quoted texts are Versions.

    Every index costs each row that comes in; those by foreign key leave out the rows that have none.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="words")
    external_id = models.CharField(max_length=200)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="words", db_index=False
    )
    company = models.ForeignKey(
        Company, null=True, on_delete=models.SET_NULL, related_name="words", db_index=False
    )
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=5)
    rating = models.SmallIntegerField(null=True)
    url = models.CharField(max_length=500, blank=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    captured_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    read_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    stems = models.TextField(blank=True)
    forms = models.TextField(blank=True)
    facets = models.TextField(blank=True)
    sample = models.BooleanField(default=False)

    # What a reader sees of title and text, and how well they match: set by reading.py.
    heading: str
    opening: str
    rank: float | None

    objects: ClassVar[Any] = WordsQuerySet.as_manager()

    class Meta:
        verbose_name = _("words")
        verbose_name_plural = _("words")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="words_once"),
        ]
        indexes = [
            models.Index(fields=["said_at", "id"], name="words_by_day"),
            models.Index(fields=["id"], name="words_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["person"], name="words_by_person", condition=Q(person__isnull=False)),
            models.Index(fields=["company"], name="words_by_company", condition=Q(company__isnull=False)),
            models.Index(
                fields=["captured_by"], name="words_by_hand", condition=Q(captured_by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def speaker(self) -> str:
        return self.person.identity.get("name", "") if self.person else ""

    def frozen(self) -> Version:
        """The row that keeps the present text for good, made when it is first needed."""
        version, _new = Version.objects.get_or_create(
            words=self, number=self.version, defaults={"text": self.text}
        )
        return version


class Version(models.Model):
    """A text that was quoted or that has changed since, as it was."""

    words = models.ForeignKey(Words, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["words", "number"], name="one_version")]


class Suppression(models.Model):
    """A digest of somebody, or of an arrival, that must not come back after erasure."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(auto_now_add=True)
