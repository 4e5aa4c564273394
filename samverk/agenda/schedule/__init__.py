"""Programme files in the form that conference apps read: schedule.json and schedule.xml, as frab and pretalx write them.

``reading`` takes bytes and gives a dictionary in the form of schedule.json, whatever the file was. ``understanding``
makes plain rows of it, leniently, and says what it could not take as it stood. ``writing`` and ``writing_xml`` go the
other way, strictly by the published schemas. What has no column of ours is kept as it came and goes out again.
"""
