"""Records the cassettes of tests/cassettes anew, against the emulator on a port.

python tools/record_cassettes.py [NAME ...]        all stories of tests/mist/stories.py unless some are named
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from reconciler.emulator.server import serve
from tests.mist.stories import CASSETTES, STORIES, cassette, client_of


def main(names: list[str]) -> None:
    CASSETTES.mkdir(exist_ok=True)
    for name in names or sorted(STORIES):
        story = STORIES[name]
        (CASSETTES / f"{name}.yaml").unlink(missing_ok=True)
        with serve(story.emulator()) as server, cassette(name, record=True):
            client = client_of(server.url)
            story.tell(client)
            client.close()
        print(f"recorded {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
