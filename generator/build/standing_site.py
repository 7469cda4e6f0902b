"""Whether a site stands on disk as it was published, byte for byte."""

import json
from pathlib import Path

from generator.build.cache import CachedSite
from generator.build.site_files import file_hash
from generator.next_site import paths_in
from generator.publish import MANIFEST, is_inside


def stands(output: Path, site: CachedSite) -> bool:
    """Tell whether `output` holds exactly the files of a site's manifest, each with its hash."""
    found = file_hash(output / MANIFEST)
    if found is None or found[0] != site.manifest:
        return False
    files: dict[str, str] = json.loads((output / MANIFEST).read_bytes())["files"]
    return paths_in(output) == {*files, MANIFEST} and all(
        is_inside(path) and (told := file_hash(output / path)) is not None and told[0] == wanted
        for path, wanted in files.items()
    )
