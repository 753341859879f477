"""What a Mist PUT does and when two values are one: pure functions over plain data and `Shape`.

Used by several stages; nothing here reads, writes or knows a kind by name.
"""
