"""Who someone can be in the portal. A person may hold several; each act is done under one."""

from __future__ import annotations

from enum import StrEnum

from core.text import T, Text


class Role(StrEnum):
    CARRIER_STAFF = "carrier_staff"
    COUNTY_OFFICER = "county_officer"
    CITY_OFFICER = "city_officer"
    PROVINCE_OFFICER = "province_officer"
    FINANCE_OFFICER = "finance_officer"
    EXPERT = "expert"
    EDITOR = "editor"
    AUDITOR = "auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"


PUBLIC = "public"  # the role of a visitor who has not signed in
SYSTEM = "system"  # the role of the portal's own acts in move tables and in the audit

TITLES: dict[Role, Text] = {
    Role.CARRIER_STAFF: T("载体填报人"),
    Role.COUNTY_OFFICER: T("县区审核"),
    Role.CITY_OFFICER: T("市级审核"),
    Role.PROVINCE_OFFICER: T("省级管理"),
    Role.FINANCE_OFFICER: T("财务管理"),
    Role.EXPERT: T("评审专家"),
    Role.EDITOR: T("信息编辑"),
    Role.AUDITOR: T("审计员"),
    Role.SYSTEM_ADMINISTRATOR: T("系统管理员"),
    Role.SECURITY_ADMINISTRATOR: T("安全管理员"),
}

CHECKING = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})

# Nobody both does and oversees, or both makes and pays: a person holds at most one side (A13).
INCOMPATIBLE: tuple[tuple[frozenset[Role], frozenset[Role]], ...] = (
    (frozenset({Role.AUDITOR}), frozenset(Role) - {Role.AUDITOR}),
    (frozenset({Role.SYSTEM_ADMINISTRATOR}), frozenset(Role) - {Role.SYSTEM_ADMINISTRATOR}),
    (frozenset({Role.SECURITY_ADMINISTRATOR}), frozenset(Role) - {Role.SECURITY_ADMINISTRATOR}),
    (frozenset({Role.FINANCE_OFFICER}), CHECKING | {Role.CARRIER_STAFF, Role.EXPERT}),
    (frozenset({Role.CARRIER_STAFF}), CHECKING),
)


def conflict(held: Role, wanted: Role) -> bool:
    """Whether one person may not hold both."""
    return any(
        (held in one and wanted in other) or (held in other and wanted in one) for one, other in INCOMPATIBLE
    )
