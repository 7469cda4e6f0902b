"""GitHub's API, as far as a job that publishes a report needs it: what stands there, and issues."""

from generator.github.access import Access, access_of
from generator.github.api import GitHubApi, GitHubRefusal, open_github
