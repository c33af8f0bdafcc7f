"""Questions whether a product is safe: answered by the product's text alone, and never judged."""

from __future__ import annotations

import re

ASK_SAFETY = re.compile(
    r"^\W*(?:and |but )?(?:is|are|would|will|can|could|does|do) (?:the|this|that|these|those|it|they)\b.*"
    r"\b(?:safe|toxic|poisonous|harmful|dangerous|hazardous|flammable|carcinogenic|allerg\w*)\b",
    re.IGNORECASE,
)
""" "Is the kettle safe for a baby?": about a product, whatever else in it could be looked for."""
