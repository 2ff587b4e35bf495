"""Lists over all matters and cases: the board, the diary, limitation at risk, costs; and what happened in a matter."""
