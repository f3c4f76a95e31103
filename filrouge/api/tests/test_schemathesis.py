"""Whatever is sent to the API, it never fails, and it answers in the shape that it describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.core.kinds import item_type
from filrouge.evidence.insights.models import Insight, Opportunity
from filrouge.people.tokens import Scope, Token
from filrouge.wsgi import application
from tests.fixtures.cast import Cast

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
EXAMPLES = 6


def described() -> Any:
    assert get_resolver().url_patterns
    from filrouge.api.v1 import api

    found = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
    found.app = application
    return found


OPERATIONS = [result.ok() for result in described().get_all_operations()]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """As in Django's own client: the end of a request leaves the test's transaction open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(one_connection: None, cast: Cast, settings: Any) -> str:
    settings.API_PER_MINUTE = 1_000_000
    insight = Insight.create(by=cast.pm, title="People lose their place")
    opportunity = Opportunity.create(by=cast.pm, title="Keep it", from_items=[{"item": insight.pk}])
    Initiative.create(by=cast.pm, title="A panel of files", from_items=[{"item": opportunity.pk}])
    Decision.create(by=cast.pm, title="Build it?", from_items=[{"item": opportunity.pk}])
    return Token.create(cast.pm, Scope.WRITE, by=None)[1]


@pytest.mark.parametrize(
    "operation", OPERATIONS, ids=[f"{one.method.upper()} {one.path}" for one in OPERATIONS]
)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["meant", "wrong"])
def test_nothing_that_is_sent_is_a_failure(operation: Any, mode: GenerationMode, token: str) -> None:
    model = item_type(operation.path.split("/")[3])
    known = model.objects.first() if model else None

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    def send(case: Any) -> None:
        if known is not None and mode is GenerationMode.POSITIVE and "id" in case.path_parameters:
            case.path_parameters["id"] = known.pk
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    send()
