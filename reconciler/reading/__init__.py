"""What `stages.read` is made of: what has to be read (`wants`), and reading it (`places`)."""
