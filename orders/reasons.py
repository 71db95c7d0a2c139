"""Why payments fail, in words of our own: providers' codes told apart. Source: O-37. Pure."""

LIMIT, BALANCE, TIMEOUT = "limit", "balance", "timeout"
CANCELLED, NETWORK, RISK, OTHER = "cancelled", "network", "risk", "other"

FRAGMENTS = (
    ("LIMIT", LIMIT),
    ("QUOTA", LIMIT),
    ("NOTENOUGH", BALANCE),
    ("NOT_ENOUGH", BALANCE),
    ("BALANCE", BALANCE),
    ("TIMEOUT", TIMEOUT),
    ("TIME_OUT", TIMEOUT),
    ("EXPIRE", TIMEOUT),
    ("REFUSED", CANCELLED),
    ("CANCEL", CANCELLED),
    ("REVOKED", CANCELLED),
    ("NETWORK", NETWORK),
    ("AWAY", NETWORK),
    ("SYSTEM", NETWORK),
    ("RISK", RISK),
    ("FRAUD", RISK),
)


def reason_of(code: str) -> str:
    """The reason behind a provider's code; the first fragment that fits."""
    upper = code.upper()
    return next((reason for fragment, reason in FRAGMENTS if fragment in upper), OTHER)
