"""How many files and sockets the server may have open: a browser takes several, and macOS allows 256 at first."""

ENOUGH = 65536


def raise_limit() -> int:
    """Raise the limit as far as the system lets this process; what it is now. 0 where there is none to raise."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    top = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    for limit in (top, 10240):  # macOS says "infinity" and takes 10,240
        if soft != resource.RLIM_INFINITY and limit > soft:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            except (ValueError, OSError):
                continue
            return limit
    return soft
