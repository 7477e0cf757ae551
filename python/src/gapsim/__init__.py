"""The results of gapsim as pandas frames.

>>> import gapsim
>>> results = gapsim.load("Results/lab-boot")
>>> results.devices.groupby("cohort", observed=True)["completed_s"].median()
"""

from gapsim._errors import DamagedResults, NoResults, ResultsError, UnknownFormat
from gapsim._results import Results, load

__all__ = ["DamagedResults", "NoResults", "Results", "ResultsError", "UnknownFormat", "load"]
