"""Why results cannot be read."""


class ResultsError(Exception):
    """A directory of results cannot be read."""


class NoResults(ResultsError):
    """There is no directory of results, or one of its files is missing."""


class UnknownFormat(ResultsError):
    """The results have a format that this version does not know."""


class DamagedResults(ResultsError):
    """A file is not as gapsim wrote it."""
