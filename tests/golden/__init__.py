"""Real stored bytes of every version of every event ever stored; they load for ever."""
