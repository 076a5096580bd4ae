"""Where the subjects meet: rules that need the sheets of more than one of them."""
