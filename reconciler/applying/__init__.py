"""What the apply stage is made of: turning one change into the calls that make it."""
