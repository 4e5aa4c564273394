"""Programmes, components, partner roles, team seats, funding lines, dated rule sets, enrolments."""
