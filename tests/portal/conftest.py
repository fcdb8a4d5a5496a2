"""People and a carrier for the portal's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from registry.models import Carrier, Operator


@pytest.fixture
def root(db: None) -> Region:
    return Region.objects.create(code="990000", name="示例省", level="province", path="/990000/")


@pytest.fixture
def carrier(root: Region) -> Carrier:
    operator = Operator.objects.create(credit_code="91990000MA00000000", name="星澜创业服务（示例）有限公司")
    return Carrier.objects.create(
        code="SL-2018-0001",
        name="示例高新技术产业开发区生物医药与高端医疗器械专业科技企业孵化器（国际创新港二期园区）",
        kind="incubator",
        carrier_class="comprehensive",
        operator=operator,
        region=root,
        listed_year=2018,
        updated_at=clock.now(),
    )


@pytest.fixture
def signed_in(root: Region, client: Client) -> Callable[..., Client]:
    """A client of a person under an appointment of this role, with further ones on request."""

    def enter(role: Role, *, carrier_code: str = "", more: tuple[Role, ...] = ()) -> Client:
        user = User.objects.create(username=f"u-{role}", name="周敏")
        for one in (role, *more):
            scope: dict[str, Any] = {"carrier_code": carrier_code} if carrier_code else {"region": root}
            Appointment.objects.create(user=user, role=one, valid_from=date(2020, 1, 1), **scope)
        client.force_login(user)
        return client

    return enter
