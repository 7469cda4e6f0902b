"""What must be made again of a site, and who makes it: the edge of `generator.units`."""
