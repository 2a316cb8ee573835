"""What happens at Maison Nord, as data: who observes what, and how often each level happens.

`LEVEL_WEIGHTS` is the ordinary day. `MOODS` tells the story: where, when and for whom days are
better or worse. `story.py` draws from both.
"""

from dataclasses import dataclass, field

AMATEUR = "amateur-bathroom"
PROFESSIONAL = "pro-site"

SIGNAGE_LOCATIONS = ("LIL", "RBX", "DKQ", "ARR", "VAL", "AMI")
"""The six stores whose signs were redone in August; the six others are the control."""

PUBLIC_HOLIDAYS = (
    "2026-04-06",
    "2026-05-01",
    "2026-05-08",
    "2026-05-14",
    "2026-05-25",
    "2026-07-14",
    "2026-08-15",
    "2026-11-11",
)
LAST_DAY = "2026-11-20"
"""The third wave is still under way: nothing is dated later."""


@dataclass(frozen=True)
class Campaign:
    """One method at work in one journey, the same effort in each wave.

    `stages` gives the share of observations that see each stage (`wave_stages` corrects it for one
    wave), `not_observed` the share of interactions missed there, `unanswered` the share left blank;
    `sees_channels`, when given, limits the method to the touchpoints of those channels.
    """

    journey: str
    method: str
    per_wave: int
    channel: str
    observers: tuple[str, ...]
    stages: dict[str, float]
    not_observed: float = 0.06
    unanswered: float = 0.01
    has_location: bool = True
    has_customer: bool = True
    commented: float = 0.3
    sees_channels: tuple[str, ...] = ()
    wave_stages: dict[str, dict[str, float]] = field(default_factory=dict)


STORE_VISIT = {"arrive": 1.0, "advice": 0.95, "choose": 0.9, "checkout": 1.0}

CAMPAIGNS = (
    Campaign(
        AMATEUR,
        "mystery_visit",
        48,
        "store",
        ("OBS-1", "OBS-2", "OBS-3", "OBS-4"),
        has_customer=False,
        stages=STORE_VISIT | {"discover": 0.7, "plan": 0.7, "home": 0.45, "help": 0.3},
    ),
    Campaign(
        AMATEUR, "shadowing", 12, "store", ("OBS-5", "OBS-6"), stages=STORE_VISIT | {"friend": 0.9}
    ),
    Campaign(
        AMATEUR,
        "store_team",
        24,
        "store",
        ("TEAM",),
        stages=STORE_VISIT | {"home": 0.3, "help": 0.35},
        not_observed=0.12,
        unanswered=0.04,
        commented=0.1,
    ),
    Campaign(
        AMATEUR,
        "call_listening",
        10,
        "phone",
        ("OBS-7",),
        stages={"plan": 1.0, "help": 0.7},
        sees_channels=("phone",),
        has_location=False,
    ),
    Campaign(
        AMATEUR,
        "verbatim",
        24,
        "web",
        ("COD-1",),
        stages={"arrive": 0.45, "choose": 0.3, "checkout": 0.75, "help": 0.3},
        not_observed=0.35,
        unanswered=0.0,
        commented=0.9,
    ),
    Campaign(
        AMATEUR,
        "survey",
        24,
        "mail",
        (),
        stages={"friend": 0.8, "discover": 0.7, "checkout": 0.6, "home": 0.7},
        unanswered=0.08,
        commented=0.35,
    ),
    Campaign(
        PROFESSIONAL,
        "mystery_visit",
        24,
        "counter",
        ("OBS-1", "OBS-2", "OBS-3", "OBS-4"),
        has_customer=False,
        stages={
            "account": 0.6,
            "quote": 0.9,
            "travel": 0.9,
            "arrive": 1.0,
            "advice": 0.9,
            "checkout": 1.0,
        },
    ),
    Campaign(
        PROFESSIONAL,
        "customer_visit",
        12,
        "delivery",
        ("OBS-5", "OBS-8"),
        commented=0.5,
        stages={
            "account": 0.6,
            "quote": 0.5,
            "travel": 0.9,
            "site": 1.0,
            "invoice": 1.0,
            "help": 0.7,
        },
        wave_stages={"W3": {"help": 0.25}},
    ),
    Campaign(
        PROFESSIONAL,
        "store_team",
        12,
        "counter",
        ("TEAM",),
        not_observed=0.12,
        unanswered=0.04,
        commented=0.1,
        stages={"arrive": 1.0, "advice": 0.9, "checkout": 1.0},
    ),
    Campaign(
        PROFESSIONAL,
        "call_listening",
        8,
        "phone",
        ("OBS-7",),
        stages={"quote": 0.9, "help": 0.6},
        has_location=False,
        sees_channels=("phone",),
        wave_stages={"W3": {"help": 0.0}},
    ),
    Campaign(
        PROFESSIONAL,
        "email_reading",
        8,
        "mail",
        ("OBS-8",),
        stages={"quote": 1.0, "site": 0.8, "invoice": 0.9},
        has_location=False,
        sees_channels=("mail",),
    ),
)

# How many times in a hundred each response level happens on an ordinary day, worst level first.
LEVEL_WEIGHTS: dict[str, dict[str, tuple[int, ...]]] = {
    AMATEUR: {
        "friend-warning": (1, 2, 97), "friend-word": (10, 40, 32, 18), "friend-show": (72, 20, 8),
        "discover-hours": (0, 2, 98), "discover-offers": (2, 98),
        "discover-ideas": (20, 40, 28, 12), "discover-people": (80, 20),
        "plan-stock": (1, 3, 96), "plan-budget": (20, 36, 30, 14), "plan-answer": (12, 20, 38, 30),
        "plan-visit": (66, 22, 12),
        "arrive-access": (0, 2, 98), "arrive-stock": (1, 1, 98),
        "arrive-signs": (24, 34, 28, 10, 4),
        "arrive-greet": (27, 43, 20, 10), "arrive-walk": (76, 16, 8),
        "advice-wait": (10, 10, 80), "advice-safety": (4, 96), "advice-listen": (1, 2, 10, 22, 65),
        "advice-right": (2, 12, 30, 56), "advice-repeat": (18, 32, 50), "advice-plan": (10, 32, 58),
        "choose-price": (2, 98), "choose-compare": (10, 22, 38, 30),
        "choose-reviews": (18, 36, 30, 16), "choose-touch": (68, 22, 10),
        "checkout-wait": (4, 14, 26, 56), "checkout-price": (2, 4, 94),
        "checkout-scan": (14, 22, 44, 20),
        "checkout-cashier": (10, 18, 42, 22, 8), "checkout-carry": (86, 14),
        "home-slot": (0, 0, 2, 98), "home-intact": (1, 99), "home-news": (2, 10, 30, 58),
        "home-driver": (1, 7, 28, 64), "home-unpack": (10, 34, 56),
        "help-proof": (0, 3, 97), "help-wait": (24, 30, 34, 12), "help-solve": (11, 20, 38, 20, 11),
        "help-gesture": (84, 12, 4),
    },
    PROFESSIONAL: {
        "account-open": (1, 3, 96), "account-terms": (20, 38, 30, 12),
        "account-contact": (66, 26, 8),
        "quote-time": (3, 6, 11, 80), "quote-right": (8, 92), "quote-stock": (10, 40, 30, 20),
        "quote-line": (10, 20, 42, 28),
        "quote-idea": (70, 22, 8),
        "travel-open": (5, 95), "travel-time": (14, 26, 38, 22), "travel-bay": (62, 38),
        "arrive-stock": (1, 2, 97), "arrive-signs": (10, 20, 34, 24, 12),
        "arrive-greet": (12, 40, 26, 22), "arrive-ready": (58, 30, 12),
        "advice-wait": (1, 2, 97), "advice-safety": (1, 99), "advice-listen": (6, 12, 40, 28, 14),
        "advice-right": (6, 40, 34, 20),
        "advice-trial": (76, 18, 6),
        "checkout-wait": (0, 0, 3, 97), "checkout-price": (1, 1, 98),
        "checkout-account": (5, 50, 45),
        "checkout-cashier": (3, 8, 40, 30, 19), "checkout-carry": (55, 45),
        "site-slot": (2, 6, 10, 82), "site-intact": (4, 96), "site-news": (12, 34, 36, 18),
        "site-driver": (8, 36, 38, 18), "site-crane": (62, 38),
        "invoice-right": (2, 3, 95), "invoice-group": (24, 40, 26, 10), "invoice-review": (88, 12),
        "help-proof": (2, 5, 93), "help-wait": (14, 26, 40, 20),
        "help-solve": (12, 22, 38, 18, 10), "help-replace": (66, 24, 10),
    },
}  # fmt: skip

NOT_APPLICABLE = {
    "checkout-carry": 0.3, "checkout-scan": 0.35, "advice-safety": 0.3, "advice-repeat": 0.4,
    "discover-offers": 0.2,
    "arrive-walk": 0.1, "quote-line": 0.2, "arrive-ready": 0.25, "checkout-account": 0.2,
    "site-crane": 0.3, "help-proof": 0.1,
}  # fmt: skip
"""Share of visits where the interaction could not happen (nothing heavy, no saved project)."""


@dataclass(frozen=True)
class Mood:
    """Makes each level `2 ** (shift * points)` times as frequent: +1 doubles the odds a point.

    `target` is a stage key or an interaction key; an empty field means "any".
    """

    shift: float
    journey: str = ""
    target: str = ""
    wave: str = ""
    method: str = ""
    locations: tuple[str, ...] = ()


MOODS = (
    # (a) Amateurs' checkout gets worse wave after wave: fewer tills open, self-scan left alone.
    Mood(0.25, AMATEUR, "checkout", wave="W1"),
    Mood(-0.1, AMATEUR, "checkout", wave="W2"),
    Mood(-0.8, AMATEUR, "checkout", wave="W3"),
    # (b) Advice delights, but nobody is there in one visit of five: see "advice-wait" above.
    # (c) Signs redone in August in six stores: customers find their way there, and only there.
    Mood(1.7, target="arrive-signs", wave="W3", locations=SIGNAGE_LOCATIONS),
    Mood(0.8, target="arrive-walk", wave="W3", locations=SIGNAGE_LOCATIONS),
    # (f) Some stores are better run than others, and store teams are kind to themselves;
    # people who write on the net are those who have something to complain about.
    Mood(0.2, locations=("ARR", "DKQ", "BVS")),
    Mood(-0.2, locations=("LIL", "LEN", "STQ")),
    Mood(0.45, method="store_team"),
    Mood(-0.2, method="verbatim"),
)
VISIT_MOOD = 0.2
"""Good and bad days: each visit has its own mood, between minus and plus this much."""
