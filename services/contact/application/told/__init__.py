"""The feed of the case service is heard: each event becomes facts about the subject and about outreach."""
