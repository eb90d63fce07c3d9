"""The web chat on this machine: several people, a private chat for each and a group, in one browser."""
