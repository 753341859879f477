"""Plans that people approve: saved plans, and why each change is in them."""
