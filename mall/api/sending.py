"""What the deeds of the API answer with, as it will be sent."""

import json
from typing import Any

from rest_framework.renderers import JSONRenderer


def storable(answer: dict[str, Any]) -> Any:
    """An answer as it will be sent, so that the stored one is the same to the letter."""
    return json.loads(JSONRenderer().render(answer))
