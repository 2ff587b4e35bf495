"""The routes of this room, and of what is sent."""

from fastapi import APIRouter

from services.contact.api.asking import (
    attempts,
    contactability,
    people,
    permits,
    preferences,
    registers,
    subjects,
)
from services.contact.api.desk import Office
from services.contact.api.sending import outbox


def routers(office: Office) -> tuple[APIRouter, ...]:
    """Permits, contacts, what stands about a subject, the registers and the outbox."""
    topics = (permits, attempts, registers, contactability, subjects, preferences, people, outbox)
    return tuple(topic.router(office) for topic in topics)
