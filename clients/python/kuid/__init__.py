"""A client of Kuid's HTTP API on the standard library alone; openapi.yaml has the operations and the members of a Job."""

from .client import TERMINAL, Client
from .errors import KuidError, OutputMissing, Problem, Unreachable

__all__ = ["TERMINAL", "Client", "KuidError", "OutputMissing", "Problem", "Unreachable"]
