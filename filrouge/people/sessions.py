"""Sessions that know whose they are: a request reads both in one query, a closed account ends its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection, models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from .models import User

# Named one by one: a statement prepared on PostgreSQL outlives a migration that adds a column.
COLUMNS = ", ".join(f"person.{field.column}" for field in User._meta.concrete_fields)
FOUND = f"""
SELECT {COLUMNS}, session.session_data
FROM people_session session LEFT JOIN people_user person ON person.id = session.user_id
WHERE session.session_key = %s AND session.expire_date > %s
"""


class Session(AbstractBaseSession):
    # Unchecked: for a person who went meanwhile Django would look for a free key for ever.
    user = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="sessions", db_constraint=False
    )

    class Meta:
        verbose_name = _("session")

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's, which brings its person along when it is read."""

    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _validate_session_key(self, key: str | None) -> bool:
        """What a browser sends is anything; ours are 32 letters and digits, and no database takes a NUL."""
        return key is not None and len(key) >= 8 and key.isascii() and key.isalnum()

    def load(self) -> dict[str, Any]:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        found: Any = next(iter(User.objects.raw(FOUND, [self.session_key, now])), None)
        if found is None:
            self._session_key = None
            return {}
        self.person = found if found.pk else None
        return self.decode(found.session_data)

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session: Any = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        return session


class Authentication(AuthenticationMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]


def person_of(request: HttpRequest) -> Any:
    """Whom the session brought; anything unusual about it is Django's to judge."""
    session: Any = request.session
    said = session.get(HASH_SESSION_KEY, "")  # before its person: this reads both
    person: User | None = session.person
    sound = (
        person is not None
        and person.is_active
        and str(person.pk) == session.get(SESSION_KEY)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(said, person.get_session_auth_hash())
    )
    return person if sound else get_user(request)


@task(label=_("Forget sessions that ended"))
def forget_ended() -> int:
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
