"""What `compose` is made of: the project file, layers, objects, shared ACL tags, generated documents."""
