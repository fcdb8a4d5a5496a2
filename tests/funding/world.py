"""The small province with a published run and money to give. All invented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.actors import Actor
from accounts.rules.roles import Role
from evaluation.models import Run
from funding.models import Allocation, Policy
from funding.services import allocations
from funding.services.policies import import_policy
from tests.evaluation import world as evaluation
from tests.evaluation.world import person

AT = evaluation.AT + timedelta(days=40)
POLICY = """
policy: small-money
version: 1
title: 小奖补
awards:
  - code: operating
    title: 运营补贴
    payer: 省级
    when: kind == "incubator"
    amount: {by: grade, A: 800000, B: 400000}
  - code: space
    title: 场地补贴
    payer: 市级
    amount: {each: 100, count: area}
    at_most: 350000
  - code: level
    title: 级别奖励
    payer: 省级
    amount: {by: level, provincial: 100000}
exclusive:
  - [space, level]
caps:
  - {awards: [operating, space], at_most: 700000}
budgets:
  - {payer: 省级, total: 1100000, when_short: prorate}
rounding: {to: 1}
"""


class World(evaluation.World):
    """The province with two finance officers, one of a city, and a policy; the run of 2025 is published."""

    def __init__(self, state: str = "published") -> None:
        super().__init__()
        self.payer = self.finance
        self.second_payer = person("财务二", Role.FINANCE_OFFICER, region=self.root)
        self.city_payer = person("市财务", Role.FINANCE_OFFICER, region=self.regions["990100"])
        self.published: Run = self.run(state)
        self.policy = self.load(POLICY)

    def load(self, source: str) -> Policy:
        return import_policy(actor=self.officer, source=source, region=self.root, at=AT)

    def draft(self, policy: Policy | None = None, run: Run | None = None) -> Allocation:
        """Worked out by the first finance officer."""
        asked = (policy or self.policy).pk, (run or self.published).pk
        return allocations.prepare(actor=self.payer, policy_id=asked[0], run_id=asked[1], at=AT)

    def confirmed(self, at: datetime = AT) -> Allocation:
        made = self.draft()
        return allocations.confirm(
            actor=self.second_payer, allocation_id=made.pk, expected=made.version, at=at
        )

    def everyone(self) -> Iterable[tuple[str, Actor]]:
        yield from super().everyone()
        yield "second_payer", self.second_payer
        yield "city_payer", self.city_payer
