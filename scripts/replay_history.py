"""Does the upgrades of the past again and counts what they cost: `python scripts/replay_history.py [--generate]`.

From the oldest document of openapi/history to the current one, with the steps of scripts/upgrade_server.py, in a
temporary copy. Prints a markdown table: per version what the server changed, what the script edited, and what was left
for a person.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from schema_tools.command import argument_parser, run
from server_upgrade.replay import Step, replay


def main() -> None:
    """Read the arguments and print the table."""
    parser = argument_parser(__doc__)
    parser.add_argument("--generate", action="store_true", help="generate the package of each version, too")
    arguments = parser.parse_args()
    print(Step.heading(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for step in replay(Path(folder), generates=arguments.generate):
            print(step, flush=True)


if __name__ == "__main__":
    run(main)
