"""Evidence packs as files: what goes in, how it is set, the archive with its manifest, and the check of one."""
