"""Editions made unattended: sources fetched, results kept at each step, printed, delivered, watched."""

from briefing.editions.approving import approve
from briefing.editions.running import RunRequest, RunResult, run_edition
from briefing.editions.workplace import Workplace, no_observer

__all__ = ["RunRequest", "RunResult", "Workplace", "approve", "no_observer", "run_edition"]
