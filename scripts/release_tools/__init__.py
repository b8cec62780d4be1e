"""Making a release: what its version may be, its changelog, its two files, and tests of what users get.

Read the modules in this order: `source_tree` (the files that are concerned), `fragments`, `versions` and `changelog`
(what a release says), `building` (the wheel and the sdist), `preparing` (a release as a whole), then `user_tests`,
`clean_environment` and `python_versions` (the wheel's tests, away from the sources).

Standard library only: towncrier and build run as commands of the project's environment.
"""
