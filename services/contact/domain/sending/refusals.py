"""What cannot be asked of a message."""

from shared.kernel.refusal import Refused


class MessageUnknown(Refused):
    """No message of that id was queued."""

    code = "message-unknown"
    title_en = "There is no such message"
    title_zh = "没有这条消息"


class MessageNotStuck(Refused):
    """Only a message that was set aside, is unresolved, or came too late is sent again by hand.

    One that waits is sent by itself; one that was sent, or was refused by a rule, is queued as a new message.
    """

    code = "message-not-stuck"
    title_en = "The message is not one that can be sent again"
    title_zh = "该消息不处于可重新发送的状态"


class MessageNotUnresolved(Refused):
    """Whether it was sent is known already: there is nothing to resolve."""

    code = "message-not-unresolved"
    title_en = "Whether the message was sent is known already"
    title_zh = "该消息是否已发送已有定论"


class MessageUnderWay(Refused):
    """The provider is being asked, or has taken it: it cannot be called back."""

    code = "message-under-way"
    title_en = "The message is on its way or was sent"
    title_zh = "消息正在发送或已经发送"


class SendByPassed(Refused):
    """The deadline for sending lies in the past. Name a later one."""

    code = "send-by-passed"
    title_en = "The deadline for sending has passed"
    title_zh = "发送期限已过"
