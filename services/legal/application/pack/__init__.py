"""Evidence packs: asked for, made, fetched."""
