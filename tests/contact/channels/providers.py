"""Every channel that the contract suite is run against: add yours."""

from tests.contact.channels.letter_provider import letters
from tests.contact.channels.mail_provider import e_mail
from tests.contact.channels.provider import Running
from tests.contact.channels.sms_provider import sms

PROVIDERS: dict[str, Running] = {"email": e_mail, "sms": sms, "letter": letters}
