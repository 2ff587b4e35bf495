"""Whether, when and how a debtor may be contacted: a pure function of history, proposal and policy packs."""
