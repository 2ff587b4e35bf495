"""The commands, one module a noun. A module imports what it works with inside its functions, so that starting
`quittance` costs the time of the command that runs and not of all of them.
"""
