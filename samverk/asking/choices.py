from __future__ import annotations

from datetime import timedelta

# Beside the roles of a team: whoever leads the activity.
LEADER = "leader"
# Allergies and access needs are erased so long after the last session.
KEPT = timedelta(days=30)
# Of a place that is gone: as long as giving it up can be undone, and a day more.
KEPT_OF_GONE = timedelta(days=2)
# Where an activity has no day, nothing stays for ever.
KEPT_WITHOUT_DAY = timedelta(days=365)
# Answers with a registration that nobody confirmed.
KEPT_OF_NOBODY = timedelta(days=30)
