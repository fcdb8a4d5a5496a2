"""What waits for somebody when the demo is opened for the first time."""

from __future__ import annotations

from datetime import timedelta

from core.text import T
from news.models import Article, Publication, Section
from office.models import Job, JobState
from office.services.notices import notify
from portal.demo.world import World
from registry.services import tenancy


def load(world: World) -> None:
    _failed_job(world)
    _drafts(world)
    tenancy.refresh(at=world.now - timedelta(hours=6), root=world.root)
    notify(
        people=[world.user("carrier")],
        sentence=T("年度报表填报已经开始，请在截止时间前提交。"),
        at=world.now - timedelta(days=3),
        link="/returns/",
    )


def _failed_job(world: World) -> None:
    officer = world.accounts["city"]
    begun = world.now - timedelta(hours=5)
    Job.objects.create(
        handler="registry.tasks.export_list",
        arguments={"list": "carriers", "asked": {}, "order": "code", "columns": []},
        title="导出载体名单",
        owner=officer.user,
        appointment=officer,
        state=JobState.FAILED,
        created_at=begun,
        started_at=begun,
        ended_at=begun + timedelta(minutes=7),
        attempts=3,
        lease_token=3,
        failure="已尝试 3 次，均未完成。",
    )


def _drafts(world: World) -> None:
    section = Section.objects.get(code="events")
    for title, state in (
        ("创业训练营开始报名", Publication.DRAFT),
        ("两家孵化器签约共享实验室", Publication.IN_REVIEW),
    ):
        Article.objects.create(
            section=section,
            title=title,
            blocks=[{"kind": "paragraph", "text": "报名办法和时间安排见附件，名额有限，额满为止。"}],
            summary="报名办法和时间安排见附件。",
            state=state,
            created_by=world.user("editor"),
            created_at=world.now - timedelta(days=1),
            updated_at=world.now - timedelta(days=1),
        )
