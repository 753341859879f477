"""From bytes to marked values: YAML through libyaml's events, our own scalar rules, tables, words for mistakes."""
