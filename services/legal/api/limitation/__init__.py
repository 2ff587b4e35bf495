"""Routes of limitation: until when claims can be enforced, and the proofs it rests on."""
