"""An evidence pack as its stream has it."""
