"""Which kind of number or address a channel goes to."""

MEDIA = ("phone", "email", "post", "im")
CHANNEL_MEDIUM = {
    "voice": "phone", "ringless_voicemail": "phone", "sms": "phone", "email": "email", "im": "im",
    "letter": "post", "visit": "post",
}  # fmt: skip
