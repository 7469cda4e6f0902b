"""Findings about a repository on GitHub: each with its code, and where nothing is well a fix and a link."""

from generator.doctor.diagnosis import Diagnosis, Level

SOURCE = "github"


def finding(code: str, level: Level, subject: str, observed: str, fix: str = "", link: str = "") -> Diagnosis:
    """Return a finding about the repository."""
    return Diagnosis(
        code=f"github-{code}",
        level=level,
        source=SOURCE,
        subject=subject,
        observed=observed,
        fix=fix,
        link=link if level is not Level.OK else "",
    )
