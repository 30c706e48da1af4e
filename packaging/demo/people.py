"""Who there is, how they are, what they said, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "example.org"
OTHER_DOMAIN = "example.net"
OWNER = "alice"
OWNER_NAME = "Alice"
STRANGER = "tomas"
STRANGER_NAME = "Tomás"
STRANGER_WORDS = "Hi Alice, Tomás from the bird count!"
STRANGER_THANKS = "Thank you! I will send you the list of the estuary tonight."


@dataclass(frozen=True, slots=True)
class Person:
    """A contact of Alice. ``show`` is None while offline, "" for available, else as in RFC 6121 section 4.7.2.1."""

    local: str
    name: str
    groups: tuple[str, ...]
    show: str | None = None
    status: str = ""
    answers: tuple[str, ...] = ()
    greetings: tuple[str, ...] = ()  # sent when Alice comes online
    reaction: str = ""  # to what Alice says
    is_writing: bool = False  # for as long as she looks

    @property
    def jid(self) -> str:
        """The bare address."""
        return f"{self.local}@{DOMAIN}"


PEOPLE = (
    Person(
        "lili",
        "莉莉",
        ("Friends",),
        "",
        "今晚一起吃饭吗?",
        ("好啊!七点在老地方见。", "哈哈,我也这么想 😄", "我先去订位子。"),
        ("你到家了吗?", "今晚一起吃饭吗?"),
    ),
    Person(
        "bob",
        "Bob Martens",
        ("Friends",),
        "",
        "at the studio",
        (
            "Sounds good to me.",
            "Give me ten minutes, I am still at the studio.",
            "Have a look at https://example.org/notes — it is all in there.",
            "👍",
        ),
        reaction="🎉",
    ),
    Person("yao", "Yao Man", ("Friends",), "away", "back at three"),
    Person("daria", "Daria", ("Friends",)),
    Person(
        "kofi",
        "Kofi Asante",
        ("Work",),
        "dnd",
        "in a review",
        ("In a review until four; I will read it after that.", "Noted.", "Can we take this up tomorrow morning?"),
    ),
    Person("mina", "Mina", ("Work",)),
    Person("priya", "Priya Nair", ("Work", "Shore watch"), "", "release day", is_writing=True),
    Person("jonas", "Jonas Lindqvist", ("Home",), "xa", "on the train"),
    Person("mum", "Mum", ("Home",), ""),
    Person("amina", "أمينة", ("Shore watch",), "", "في المكتبة"),
    Person("elena", "Elena Petrova", ("Shore watch",), "away"),
    Person("ines", "Inês", ("Shore watch",)),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a history: so many days ago, at this time, by them or by Alice."""

    days: int
    time: str  # HH:MM, local
    own: bool
    text: str
    answers: int | None = None  # the line that it answers
    reactions: tuple[str, str] = ("", "")  # an emoji of theirs, and one of Alice's
    first: str = ""  # what it said before it was corrected
    refused: str = ""  # why the correction came back: an error's condition
    is_taken_back: bool = False
    file: str = ""  # the name of what is sent with it: a picture that is here, or another file that is to be fetched


@dataclass(frozen=True, slots=True)
class Past:
    """The history with one contact, or with Alice herself; its last ``unread`` messages have not been read."""

    local: str
    said: tuple[Said, ...]
    unread: int = 0
    draft: str = ""
    draft_answers: int | None = None  # the line that it answers
    is_pinned: bool = False
    muted_hours: float | None = None  # from now on
    is_archived: bool = False
    is_marked: bool = False  # as unread


PASTS = (
    Past(
        "bob",
        (
            Said(2, "18:40", False, "I tried Whimbrel on the old laptop. It starts before I have put the cup down."),
            Said(2, "18:42", True, "And the big archive?"),
            Said(2, "18:43", False, "All there, ten years of it. Scrolling is smooth."),
            Said(1, "21:05", True, "New build tomorrow morning. Please break it."),
            Said(1, "21:06", False, "With pleasure 😈", reactions=("", "😂")),
            Said(0, "09:12", False, "Morning! Did the new build reach you?"),
            Said(
                0,
                "09:14",
                True,
                "It did. Installed in one go, and my old history was already there when I signed in.",
            ),
            Said(0, "09:15", False, "Even the messages that I wrote on the train, without a network?"),
            Said(0, "09:15", True, "All of them, once each.", answers=7, reactions=("🎉", "")),
            Said(0, "09:16", True, "See https://example.org/notes for what is left."),
            Said(0, "11:58", False, "Lunch at the harbour?", reactions=("", "👍")),
            Said(0, "11:58", False, "(wrong window, sorry)", is_taken_back=True),
            Said(0, "11:59", False, "Twelve thirty, the usual table", first="Twelve, the usual table"),
        ),
        unread=2,
    ),
    Past(
        "lili",
        (
            Said(1, "19:18", False, "", file="西湖.png"),
            Said(1, "19:20", True, "照片收到了,太漂亮了!"),
            Said(1, "19:24", False, "西湖边上拍的,下次一起去。"),
            Said(1, "19:25", True, "一定!", answers=2, reactions=("❤️", "")),
        ),
    ),
    Past(
        "kofi",
        (
            Said(3, "10:02", False, "The review is at *two*. Can you bring the figures?"),
            Said(3, "10:10", True, "```\nstart     0.4 s\nmemory   90 MB\n```\nwith _a thousand_ contacts."),
            Said(3, "10:11", False, "/me prints the table"),
            Said(3, "10:40", False, "And the minutes", file="Minutes of the review.pdf"),
        ),
        muted_hours=8,
    ),
    Past(
        "priya",
        (
            Said(0, "10:20", False, "The release notes are in. Will you read them?"),
            Said(0, "10:24", True, "On it."),
        ),
    ),
    Past(
        "jonas",
        (
            Said(2, "17:02", False, "From the window", file="the lakes.png"),
            Said(2, "17:03", False, "", file="the pass.png"),
            Said(2, "17:30", True, "So *that* is where you are going 😍", reactions=("🚂", "")),
        ),
    ),
    Past(
        OWNER,
        (
            Said(2, "08:15", True, "Tide table for Saturday: low at 10:40"),
            Said(0, "08:05", True, "Ask Elena for the long lens"),
        ),
        is_pinned=True,
    ),
    Past(
        "yao",
        (
            Said(1, "14:31", False, "Which port does the server listen on behind the hotel's network?"),
            Said(
                1,
                "14:33",
                True,
                "443, direct TLS. Whimbrel finds it by itself.",
                first="443. Whimbrel finds it by itself.",
                refused="service-unavailable",
            ),
            Said(1, "14:40", False, "It did. Thanks!"),
        ),
        draft="And does it also work through",
        draft_answers=2,
    ),
    Past(
        "amina",
        (
            Said(4, "16:00", False, "مرحبا أليس، هل رأيت الكروان عند المصب؟"),
            Said(4, "16:05", True, "نعم! ثلاثة منها هذا الصباح.", answers=0, reactions=("😮", "")),
        ),
    ),
    Past(
        "mum",
        (Said(6, "20:15", False, "Call me on Sunday, love"), Said(6, "20:30", True, "I will!")),
        is_marked=True,
    ),
    Past(
        "daria",
        (Said(9, "12:00", True, "Happy birthday, Daria! 🎂"), Said(9, "13:37", False, "Thank you ♥")),
        is_archived=True,
    ),
)
