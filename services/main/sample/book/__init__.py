"""The INVENTED (虚构) book of the sample's 500 accounts: the same seed gives the same bytes.

Nobody in it exists. Names have family names that are none; identity numbers name a place that does not exist (99) and
telephone numbers a range that no operator was ever given (154), so that neither can be anybody's, and both are rejected
by an import that does not call its book invented.
"""
