"""What the machine does with an interview: ``STEPS`` is the list, ``run`` the one way a step is run."""

from archive.pipeline.runner import JobLost, run
from archive.pipeline.steps import STEPS, Step

__all__ = ["STEPS", "JobLost", "Step", "run"]
