"""Making a release: versions, fragments, the two files, and tests of the wheel where no sources are."""
