"""Cell values: what typing means, and how a value is shown."""
