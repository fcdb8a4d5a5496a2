"""Work for the jobs of the tests: named in `Job.handler`, run by the real worker too."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from django.db import OperationalError, transaction

from core import clock
from core.problems import Problem, Refused
from core.text import T
from office.models import PeriodRun
from office.services.running import Run


def rows_of(job_id: object) -> int:
    return PeriodRun.objects.filter(task=f"rows:{job_id}").count()


def import_rows(run: Run) -> None:
    """Writes `rows` rows one by one in the one applying transaction, with a pause at each."""
    total, pause = run.job.arguments["rows"], run.job.arguments.get("pause", 0)
    with transaction.atomic():
        for number in range(total):
            PeriodRun.objects.create(task=f"rows:{run.job.pk}", period=str(number), started_at=clock.now())
            run.progress(number + 1, total, "写入")
            time.sleep(pause)
        run.finish(outcome={"rows": total})


def poison(run: Run) -> None:
    """Ends its process the hard way, after noting that it ran."""
    with Path(run.job.arguments["notes"]).open("a") as file:
        file.write("ran\n")
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(run: Run) -> None:
    with transaction.atomic():
        PeriodRun.objects.create(task=f"rows:{run.job.pk}", period="0", started_at=clock.now())
        raise Refused(
            [
                Problem("a", T("第一处不对。"), place="在孵企业名单!D17"),
                Problem("b", T("第二处不对。"), place="在孵企业名单!D18"),
            ]
        )


def stumble(run: Run) -> None:
    with transaction.atomic():
        PeriodRun.objects.create(task=f"rows:{run.job.pk}", period="0", started_at=clock.now())
        raise ZeroDivisionError


def be_broken_off(run: Run) -> None:
    """The database breaks off the first try, as in a deadlock or a restart."""
    with transaction.atomic():
        PeriodRun.objects.create(task=f"rows:{run.job.pk}", period="0", started_at=clock.now())
        if run.job.attempts == 1:
            raise OperationalError("deadlock detected")
        run.finish(outcome={})


def be_overtaken(run: Run) -> None:
    """Another worker takes the job while this one is at work, before its last step."""
    with transaction.atomic():
        PeriodRun.objects.create(task=f"rows:{run.job.pk}", period="0", started_at=clock.now())
        type(run.job).objects.filter(pk=run.job.pk).update(lease_token=run.token + 1)
        run.finish(outcome={})
