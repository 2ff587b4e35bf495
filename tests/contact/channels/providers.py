"""Every channel that the contract suite is run against: add yours."""

from tests.contact.channels.mail_provider import e_mail
from tests.contact.channels.provider import Running

PROVIDERS: dict[str, Running] = {"email": e_mail}
