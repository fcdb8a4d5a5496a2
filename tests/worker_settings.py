"""Settings of the worker process that tests start: as in the suite, with a lease that a test can wait out."""

from tests.settings import *  # noqa: F403

JOB_LEASE_SECONDS = 3
