"""Texts of lawyers' letters as TOML files, pinned like the law packs, and the words they are judged by."""
